import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { promql, series, UP } from '@meridian/components/observability/rules/promql.ts';
import type { Query } from '@meridian/components/observability/rules/promql.ts';
import { DURATION_BOUNDS_SECONDS, METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { declaredEdges } from './declared-edges.ts';
import {
  askedQueries,
  edgeQueries,
  isMeasured,
  matchersOf,
  MEASURED,
  NUMBERS,
  operationsQuery,
  shareQuery,
} from './edge-queries.ts';
import { FRESH_SECONDS } from './snapshot.ts';

/** Of a target that nobody asks any more Prometheus still gives what it was for five minutes. */
function fresh(query: Query): Query {
  return promql`${query} and (timestamp(${query}) > (time() - ${FRESH_SECONDS}))`;
}

export const UP_LATELY = fresh(series(UP));
export const ENGINES_UP = fresh(series(METRIC_REGISTRY.engineUp));
/** Spans that each replica has sent: what goes back has been started again. */
export const SENT = promql`sum by (job, instance) (${fresh(series(METRIC_REGISTRY.spansExported))})`;
export const AGE = promql`time() - max(timestamp(${series(UP)}))`;
export const CERTIFICATES_LEFT = promql`min by (job, instance) (${fresh(series(METRIC_REGISTRY.certificateExpiry))}) - time()`;
export const LOCKS_WAITING = promql`max(${fresh(series(METRIC_REGISTRY.postgresLocksWaiting))})`;
export const OLDEST_TRANSACTION = promql`max(${fresh(series(METRIC_REGISTRY.postgresOldestTransaction))})`;

/** What is asked over time, by the parts of a snapshot. */
export const OVER_TIME = {
  up: UP_LATELY,
  sent: SENT,
  engines: ENGINES_UP,
  certificates: CERTIFICATES_LEFT,
  locksWaiting: LOCKS_WAITING,
  oldestTransaction: OLDEST_TRANSACTION,
} as const;

/** Bounds of histograms by which the slow calls of some edge are counted. */
export function bounds(graph: PlatformGraph): readonly number[] {
  const found = declaredEdges(graph).flatMap(
    ({ limitSeconds }) => DURATION_BOUNDS_SECONDS.find((bound) => bound >= limitSeconds) ?? [],
  );
  return [...new Set(found)].toSorted((one, other) => one - other);
}

/** Every query by which the platform is explained. */
export function explainQueries(graph: PlatformGraph): readonly Query[] {
  const ofKinds = MEASURED.flatMap((kind) => {
    const asked = askedQueries(kind, bounds(graph));
    return NUMBERS.flatMap((name) => asked[name] ?? []);
  });
  const ofEdges = declaredEdges(graph).flatMap((edge) => {
    if (!isMeasured(edge.kind)) return [];
    const of = matchersOf(graph, edge);
    const queries = edgeQueries(edge.kind, of);
    const byOperation = operationsQuery(edge.kind, of) ?? [];
    return [shareQuery(queries), queries.slowest, queries.usual].concat(byOperation);
  });
  return [...ofKinds, ...ofEdges, AGE, ...Object.values(OVER_TIME)];
}
