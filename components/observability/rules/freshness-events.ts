import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import type { FreshnessObjective } from '../../model/objectives.ts';
import { BASE_WINDOW } from './burn-rates.ts';
import { publishersTo } from './dependencies.ts';
import { promql, series } from './promql.ts';
import type { Query } from './promql.ts';
import { ERRORS, EVENTS } from './request-events.ts';
import type { RecordingRule } from './rule.ts';

/** Ten looks in the shortest window, each of which is an event. */
const STEP = { seconds: BASE_WINDOW.seconds / 10 };

/**
 * Events and errors of work that nobody waits for: an event is a look at the oldest that waits, an error
 * one at which it was too old. A look at which nothing is known is none.
 */
export function freshnessRules(graph: PlatformGraph): readonly RecordingRule[] {
  return graph.services.flatMap((service) =>
    service.objectives.freshness.flatMap((objective) => {
      const labels = {
        service: service.name,
        operation: objective.name,
        slo: 'freshness',
        at: 'background',
      };
      const age = ageOf(graph, service, objective);
      const tooOld = promql`avg_over_time((${age} > bool ${objective.withinSeconds})[${BASE_WINDOW}:${STEP}])`;
      return [
        { record: EVENTS, query: promql`${tooOld} * 0 + 1`, labels },
        { record: ERRORS, query: tooOld, labels },
      ];
    }),
  );
}

/** Of replicas each knows what it works on itself, and the oldest counts. */
function ageOf(graph: PlatformGraph, service: ServiceNode, { age }: FreshnessObjective): Query {
  const own = promql`max(${series({ name: age }, { job: service.name })})`;
  const publishers = publishersTo(graph, service.name);
  if (age !== METRIC_REGISTRY.consumerLagAge.name || publishers.length === 0) return own;
  return promql`(${own} + max(${series(METRIC_REGISTRY.outboxOldestAge, { job: publishers })}))`;
}
