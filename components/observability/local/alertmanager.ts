import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { telemetryListen } from '../local-places.ts';
import { alertmanagerConfiguration } from '../paging/alertmanager-configuration.ts';
import { localPaging } from './pager.ts';
import { hostPort, secureReadiness, telemetryProcess } from './telemetry-process.ts';
import { TELEMETRY_TLS_FOLDER, webConfiguration } from './telemetry-tls.ts';

/** Who may send alerts, look at them and silence them. */
const CLIENTS = ['alertmanager', 'prometheus', 'console', 'operator'] as const;

/** Who tells the person on call. */
export function alertmanagerProcess(context: LoweringContext): ProcessSpec {
  const { graph, settings } = context;
  const https = telemetryListen(settings, 'alertmanager', 'https');
  return telemetryProcess(context, {
    part: 'alertmanager',
    engine: 'alertmanager',
    executable: 'alertmanager',
    arguments: [
      '--config.file=${self}/alertmanager.json',
      '--web.config.file=${self}/web.json',
      `--web.listen-address=${hostPort(https)}`,
      `--web.external-url=https://${hostPort(https)}`,
      '--storage.path=${data}',
      // There is one: without this it listens for others everywhere.
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    files: {
      'alertmanager.json': canonicalJson(alertmanagerConfiguration(graph, localPaging(context))),
      'web.json': canonicalJson(webConfiguration(graph, CLIENTS)),
    },
    listens: { https },
    memoryMib: 48,
    readiness: secureReadiness(https, '/-/ready', TELEMETRY_TLS_FOLDER),
  });
}
