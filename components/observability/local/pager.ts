import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { secretFilePath } from '@meridian/provider-local/resources/secret-file.ts';
import {
  STAND_IN_FILE,
  STAND_IN_FILE_VARIABLE,
  STAND_IN_HEALTH_PATH,
} from '@meridian/language/stand-in-configuration.ts';
import type { StandInConfigurationFile } from '@meridian/language/stand-in-configuration.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { NODE_COMMAND } from '../../service/service-files.ts';
import { telemetryListen } from '../local-places.ts';
import { consoleUrl } from './console.ts';
import { ownersOf } from '../paging/alertmanager-configuration.ts';
import type { PagingPlaces } from '../paging/alertmanager-configuration.ts';
import {
  PAGER,
  PAGER_STAND_IN,
  PAGER_STAND_IN_ENTRY,
  ROUTING_KEY_BYTES,
  routingKeySecret,
  STAND_IN_PATHS,
} from '../paging/pager.ts';

/** What stands in for PagerDuty and the heartbeat outside, which no machine of a developer has. */
export interface LocalPager {
  readonly process: ProcessSpec;
  /** Of each owner the key with which its events are sent; never a second one, as a file of Alertmanager's holds one. */
  readonly secrets: readonly { readonly name: string; readonly bytes: typeof ROUTING_KEY_BYTES }[];
}

/** The stand-in of the pager, and the keys that Alertmanager presents to it. */
export function lowerPager(context: LoweringContext): LocalPager {
  const { graph, settings, sources } = context;
  const listen = telemetryListen(settings, 'pager', 'http');
  const configuration: StandInConfigurationFile = {
    name: PAGER_STAND_IN,
    listen,
    dataFolder: '${data:json}',
    secretFiles: Object.fromEntries(
      ownersOf(graph).map((owner) => [routingKeySecret(owner), routingKeyFile(owner)]),
    ),
    behaviour: settings.standIns[PAGER] ?? {},
  };
  return {
    process: {
      name: PAGER_STAND_IN,
      revision: sources.revisions[PAGER_STAND_IN] ?? '',
      command: [...NODE_COMMAND, `\${program}/${PAGER_STAND_IN_ENTRY}`],
      environment: {
        NODE_ENV: 'production',
        [STAND_IN_FILE_VARIABLE]: `\${self}/${STAND_IN_FILE}`,
      },
      files: { [STAND_IN_FILE]: canonicalJson(configuration) },
      liveFiles: {},
      identities: [],
      // Plain HTTP: it never leaves this machine, and what is sent is worth nothing elsewhere.
      listens: [{ name: 'http', ...listen }],
      readiness: {
        kind: 'http',
        url: `http://${listen.address}:${listen.port}${STAND_IN_HEALTH_PATH}`,
        timeoutSeconds: 60,
      },
      stop: { signal: 'SIGTERM', graceSeconds: 10 },
      onRenew: 'none',
      runs: 'always',
      data: true,
    },
    secrets: ownersOf(graph).map((owner) => ({
      name: routingKeySecret(owner),
      bytes: ROUTING_KEY_BYTES,
    })),
  };
}

/** Where Alertmanager finds the stand-in and its keys; files by the placeholder `${state:json}`. */
export function localPaging({ settings }: Pick<LoweringContext, 'settings'>): PagingPlaces {
  const { address, port } = telemetryListen(settings, 'pager', 'http');
  const uri = `http://${address}:${port}`;
  return {
    eventsUrl: `${uri}${STAND_IN_PATHS.events}`,
    routingKeyFile,
    heartbeat: { url: `${uri}${STAND_IN_PATHS.heartbeat}` },
    consoleUrl: consoleUrl({ settings }),
  };
}

function routingKeyFile(owner: string): string {
  return secretFilePath(routingKeySecret(owner)).replace('${state}', '${state:json}');
}
