import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { ENGINE_POLL_VARIABLE } from '@meridian/language/engine-metrics.ts';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import { merged } from '../../local/binding-folder.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { KIT_ENVIRONMENT } from '../../service/kit-process.ts';
import {
  configurationFile,
  engineUses,
  identities,
  NODE_COMMAND,
  processConfiguration,
} from '../../service/service-files.ts';
import { ENGINE_METRICS_ENTRY, ENGINE_METRICS_PROCESS } from '../engines/monitor.ts';
import { SCRAPE_INTERVAL_SECONDS } from '../defaults.ts';
import { TELEMETRY_ZONE, telemetryListen } from '../local-places.ts';
import { COLLECTOR_IDENTITY, METRICS_IDENTITY_FOLDER, telemetryName } from '../telemetry-names.ts';

/** Asks the engines of all zones how they are, as the monitor of each, and serves that to the collector. */
export function engineMetricsProcess(context: LoweringContext): ProcessSpec {
  const { graph, settings, sources } = context;
  const name = ENGINE_METRICS_PROCESS;
  const [metrics, ops] = (['metrics', 'ops'] as const).map((port) =>
    telemetryListen(settings, name, port),
  ) as [ReturnType<typeof telemetryListen>, ReturnType<typeof telemetryListen>];
  const placement = { name, zone: TELEMETRY_ZONE.name, address: metrics.address };
  const uses = engineUses(context, name);
  return {
    name,
    revision: sources.revisions[name] ?? '',
    command: [...NODE_COMMAND, `\${program}/${ENGINE_METRICS_ENTRY}`],
    environment: {
      ...KIT_ENVIRONMENT,
      [ENGINE_POLL_VARIABLE]: String(SCRAPE_INTERVAL_SECONDS * 1_000),
    },
    files: {
      ...configurationFile({
        ...processConfiguration(context, name, placement),
        ops,
        metrics: {
          ...metrics,
          identityFolder: METRICS_IDENTITY_FOLDER,
          scraper: spiffeId(graph, COLLECTOR_IDENTITY),
        },
        databaseConnections: 2,
      }),
      ...merged(uses.map(({ files }) => files)),
    },
    liveFiles: {},
    identities: [
      ...identities(graph, name, ['client'], uses),
      {
        folder: METRICS_IDENTITY_FOLDER,
        uris: [spiffeId(graph, name)],
        dnsNames: [telemetryName(name)],
        addresses: [metrics.address],
        usages: ['server'],
      },
    ],
    listens: [
      { name: 'metrics', ...metrics },
      { name: 'ops', ...ops },
    ],
    readiness: {
      kind: 'http',
      url: `http://${ops.address}:${ops.port}/readyz`,
      timeoutSeconds: 60,
    },
    stop: { signal: 'SIGTERM', graceSeconds: 10 },
    onRenew: 'none',
    runs: 'always',
    data: false,
  };
}
