import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { threshold } from './alert.ts';
import type { Alert } from './alert.ts';
import { minutes, promql, series } from './promql.ts';
import type { Query } from './promql.ts';

/** Why spans are lost that a collector was there for (`services/kit/telemetry/export/export-metrics.ts`). */
const LOST = ['queue_full', 'refused', 'unreachable'] as const;

const SPAN = minutes(10);

/** That telemetry does not keep what it was given. */
export function telemetryAlerts(graph: PlatformGraph): readonly Alert[] {
  const name = 'SpansLost';
  return [
    {
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
    },
  ];
}

function lostOf(service: string): Query {
  const [first = promql`vector(0)`, ...others] = LOST.map((reason) => {
    const lost = series(METRIC_REGISTRY.spansExported, { job: service, error_type: reason });
    return promql`sum(increase(${lost}[${SPAN}]))`;
  });
  return others.reduce((sum, query) => promql`${sum} + ${query}`, first);
}
