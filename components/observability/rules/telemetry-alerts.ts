import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { threshold } from './alert.ts';
import type { Alert } from './alert.ts';
import { minutes, promql, series } from './promql.ts';
import type { Query } from './promql.ts';

/** The collectors of all zones, as alerts name them. */
const COLLECTOR = 'collector';

/** Why spans are lost that a collector was there for (`services/kit/telemetry/export/export-metrics.ts`). */
const LOST = ['queue_full', 'refused', 'unreachable'] as const;

const SPAN = minutes(10);

/** Of the room that a collector has for what waits for a store: some minutes of requests are left then. */
const BACKLOG_SHARE = 0.5;

/** That telemetry does not keep what it was given, or will not for long. */
export function telemetryAlerts(graph: PlatformGraph): readonly Alert[] {
  return [spansLost(graph), backlog(graph)];
}

function spansLost(graph: PlatformGraph): Alert {
  const name = 'SpansLost';
  return {
    name,
    feels:
      'Nobody feels it yet: traces of SERVICE have holes, and whoever looks for a fault sees less',
    severity: 'ticket',
    runbook: 'spans-lost',
    unit: 'count',
    limit: 'any within 10 minutes',
    of: graph.services.map(({ name: service, owner }) => ({
      ...{ service, owner },
      ...threshold({
        ...{ alert: name, service, value: lostOf(service) },
        ...{ comparison: '>', limit: 0, span: minutes(1) },
      }),
    })),
  };
}

/** A store is away, or slower than what is sent to it. Lines of a file that is gone unread are counted nowhere, so of them this is the warning. */
function backlog(graph: PlatformGraph): Alert {
  const name = 'TelemetryBacklog';
  const { collectorQueueSize, collectorQueueCapacity } = METRIC_REGISTRY;
  const { owner } = edgeService(graph);
  return {
    name,
    feels:
      'Nobody feels it yet: a store takes no traces, lines or metrics; beyond what fits on disk they are lost, or late',
    severity: 'ticket',
    runbook: 'telemetry-backlog',
    unit: 'percent',
    limit: 'half of the room for what waits, for 2 minutes',
    of: [
      {
        ...{ service: COLLECTOR, owner },
        ...threshold({
          ...{ alert: name, service: COLLECTOR, comparison: '>', limit: BACKLOG_SHARE },
          value: promql`max(${series(collectorQueueSize)} / ${series(collectorQueueCapacity)})`,
          span: minutes(2),
        }),
      },
    ],
  };
}

function lostOf(service: string): Query {
  const [first = promql`vector(0)`, ...others] = LOST.map((reason) => {
    const lost = series(METRIC_REGISTRY.spansExported, { job: service, error_type: reason });
    return promql`sum(increase(${lost}[${SPAN}]))`;
  });
  return others.reduce((sum, query) => promql`${sum} + ${query}`, first);
}
