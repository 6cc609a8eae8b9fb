import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { ENGINE_POLL_VARIABLE } from '@meridian/language/engine-metrics.ts';
import { merged } from '../../local/binding-folder.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { KIT_ENVIRONMENT } from '../../service/kit-process.ts';
import {
  configurationFile,
  engineUses,
  identities,
  metricsIdentity,
  NODE_COMMAND,
  processConfiguration,
} from '../../service/service-files.ts';
import { scrapedMetrics } from '../../service/service-configuration.ts';
import { ENGINE_METRICS_ENTRY, ENGINE_METRICS_PROCESS, MONITOR_POOL } from '../engines/monitor.ts';
import { SCRAPE_INTERVAL_SECONDS } from '../defaults.ts';
import { TELEMETRY_ZONE, telemetryListen } from '../local-places.ts';
import { watchProcess } from './watch-process.ts';

/** Asks the engines of all zones how they are, as the monitor of each, and serves that to the collector. */
export function engineMetricsProcess(context: LoweringContext): ProcessSpec {
  const { graph, settings, sources } = context;
  const name = ENGINE_METRICS_PROCESS;
  const [metrics, ops] = (['metrics', 'ops'] as const).map((port) =>
    telemetryListen(settings, name, port),
  ) as [ReturnType<typeof telemetryListen>, ReturnType<typeof telemetryListen>];
  const placement = { name, zone: TELEMETRY_ZONE.name, address: metrics.address };
  const uses = engineUses(context, name);
  return watchProcess({
    ...{ name, metrics, ops },
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
        metrics: scrapedMetrics(graph, metrics),
        databaseConnections: MONITOR_POOL,
      }),
      ...merged(uses.map(({ files }) => files)),
    },
    identities: [
      ...identities(graph, name, ['client'], uses),
      { ...metricsIdentity(graph, name), addresses: [metrics.address] },
    ],
  });
}
