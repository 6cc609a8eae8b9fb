import {
  ELIGIBLE,
  NOT_WAITED,
  SERVER_ERRORS,
} from '@meridian/components/observability/rules/eligible-requests.ts';
import {
  minutes,
  promql,
  series,
  sumBy,
  textOf,
} from '@meridian/components/observability/rules/promql.ts';
import type { Matchers, Query, Suffix } from '@meridian/components/observability/rules/promql.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { DeclaredEdge } from './declared-edges.ts';
import { systemOf } from '../database-systems.ts';
import type { EdgeKind } from './edge-view.ts';

/** Numbers are of the last so many minutes: what broke in the last one is seen. */
export const WINDOW = minutes(1);

/** For so long an edge that has become slower is held against what was before: longer than it takes to look. */
const SETTLED = minutes(10);

/** The last minute, and an hour before what is new, which says what is usual. */
const LATELY = promql`[${WINDOW}]`;
const BEFORE = promql`[${minutes(60)}] offset ${SETTLED}`;

/** What is asked of edges; each gives a series for each of them, or for each of their operations. */
export interface EdgeQueries {
  /** Calls or events a second. */
  readonly rate: Query;
  /** Those that failed. */
  readonly failed: Query;
  /** Seconds: the 99th percentile of good calls, or the age of the oldest event that waits. */
  readonly slowest: Query;
  /** Seconds: what `slowest` was in the hour that ended ten minutes ago. */
  readonly usual: Query;
  /** Calls or events since the processes started. */
  readonly ever: Query;
}

/** The numbers of edges by their names. */
export const NUMBERS = [
  ...(['rate', 'failed', 'slowest', 'usual', 'ever', 'within', 'waited'] as const),
] as const satisfies readonly (keyof AskedQueries)[];

/** The same of all edges of a kind at once, with what tells why one fails. */
export interface AskedQueries extends EdgeQueries {
  /** Good calls a second, by the bound that they were within (`le`). */
  readonly within: Query;
  /** Seconds that callers waited, in each second. */
  readonly waited: Query;
}

/** Kinds of edges that something measures. */
export const MEASURED = ['request', 'call', 'store', 'publish', 'consume'] as const;
export type MeasuredKind = (typeof MEASURED)[number];

export function isMeasured(kind: EdgeKind): kind is MeasuredKind {
  return MEASURED.some((measured) => measured === kind);
}

/** What a store says of a request that it takes for wrong; a service meets that every day. */
const EXPECTED_OF_STORES =
  '|ABORTED|ALREADY_EXISTS|CANCELLED|FAILED_PRECONDITION|INVALID_ARGUMENT|NOT_FOUND|version_conflict_engine_exception';

const P99 = 0.99;
const { outboxPublished, outboxOldestAge, consumedEvents, consumerLagAge } = METRIC_REGISTRY;

/** Kinds of edges that a histogram of durations measures. */
type TimedKind = 'request' | 'call' | 'store';

interface Timed {
  readonly metric: Parameters<typeof series>[0];
  /** Labels that tell edges apart, and those that tell their operations. */
  readonly edge: readonly string[];
  readonly operation: readonly string[];
  readonly good: Matchers;
  readonly failed: Matchers;
  /** What is not counted where it is asked how long callers waited. */
  readonly waited: Matchers;
}

const TIMED: Readonly<Record<TimedKind, Timed>> = {
  request: {
    metric: METRIC_REGISTRY.httpServerRequestDuration,
    edge: ['job'],
    operation: ['http_request_method', 'http_route'],
    good: { ...NOT_WAITED, [ELIGIBLE.edge.status]: ELIGIBLE.edge.good },
    failed: { [ELIGIBLE.edge.status]: ELIGIBLE.edge.failed },
    waited: NOT_WAITED,
  },
  call: {
    metric: METRIC_REGISTRY.rpcClientCallDuration,
    edge: ['job', 'service'],
    operation: ['rpc_method'],
    good: { ...NOT_WAITED, [ELIGIBLE.server.status]: ELIGIBLE.server.good },
    failed: { [ELIGIBLE.server.status]: SERVER_ERRORS },
    waited: NOT_WAITED,
  },
  store: {
    metric: METRIC_REGISTRY.dbClientOperationDuration,
    edge: ['job', 'db_system_name'],
    operation: ['db_operation_name'],
    good: { error_type: '' },
    failed: { error_type: { except: EXPECTED_OF_STORES } },
    waited: {},
  },
};

function isTimed(kind: MeasuredKind): kind is TimedKind {
  return kind in TIMED;
}

/** The queries of a kind of edges; with matchers, those of some of them. */
export function edgeQueries(kind: MeasuredKind, of: Matchers = {}): EdgeQueries {
  if (kind === 'publish') return publishQueries(of);
  if (kind === 'consume') return consumeQueries(of);
  return timedQueries(kind, of, TIMED[kind].edge);
}

/** Seconds: the 99th percentile of good calls of each operation of some edges; undefined where a kind has none. */
export function operationsQuery(kind: MeasuredKind, of: Matchers): Query | undefined {
  return isTimed(kind) ? p99(kind, of, TIMED[kind].operation, LATELY) : undefined;
}

/**
 * The queries of all edges of a kind: of calls by operation, since one that fails may be few among all. None of `within` and
 * `waited` for events.
 *
 * @param bounds in seconds, of the histograms
 */
export function askedQueries(
  kind: MeasuredKind,
  bounds: readonly number[],
): EdgeQueries & Partial<AskedQueries> {
  if (!isTimed(kind)) return edgeQueries(kind);
  const { edge, operation, good, waited } = TIMED[kind];
  const le = [...bounds.flatMap(boundValues), '\\+Inf'];
  return {
    ...timedQueries(kind, {}, [...edge, ...operation]),
    slowest: edgeQueries(kind).slowest,
    usual: edgeQueries(kind).usual,
    within: sumBy([...edge, 'le'], rateOf(kind, { ...good, le }, '_bucket')),
    waited: sumBy(edge, rateOf(kind, waited, '_sum')),
  };
}

/** Prometheus 3 writes a whole bound with its decimal, and what is sent to it by remote write without. */
function boundValues(seconds: number): readonly string[] {
  return Number.isInteger(seconds) ? [String(seconds), `${seconds}\\.0`] : [String(seconds)];
}

function timedQueries(kind: TimedKind, of: Matchers, by: readonly string[]): EdgeQueries {
  const { metric, edge, failed } = TIMED[kind];
  return {
    rate: sumBy(by, rateOf(kind, of, '_count')),
    failed: sumBy(by, rateOf(kind, { ...of, ...failed }, '_count')),
    slowest: p99(kind, of, edge, LATELY),
    usual: p99(kind, of, edge, BEFORE),
    ever: sumBy(edge, named(kind, series(metric, of, '_count'))),
  };
}

function p99(kind: TimedKind, of: Matchers, by: readonly string[], span: Query): Query {
  const good = rateOf(kind, { ...of, ...TIMED[kind].good }, '_bucket', span);
  return promql`histogram_quantile(${P99}, ${sumBy([...by, 'le'], good)})`;
}

function rateOf(kind: TimedKind, matchers: Matchers, suffix: Suffix, span: Query = LATELY): Query {
  return named(kind, promql`rate(${series(TIMED[kind].metric, matchers, suffix)}${span})`);
}

/** Of a call the contract of the callee becomes the label `service`. */
function named(kind: TimedKind, query: Query): Query {
  if (kind !== 'call') return query;
  return promql`label_replace(${query}, "service", "$1", "rpc_method", "(.*)/.*")`;
}

/** What cannot be published is tried on, so it does not fail: it waits. */
function publishQueries(of: Matchers): EdgeQueries {
  const rate = promql`sum by (job, topic) (rate(${series(outboxPublished, of)}[${WINDOW}]))`;
  // An outbox has one age, whatever topics its events are of.
  const job = Object.fromEntries(Object.entries(of).filter(([label]) => label !== 'topic'));
  return {
    rate,
    failed: promql`${rate} * 0`,
    slowest: promql`max by (job) (${series(outboxOldestAge, job)})`,
    usual: promql`max by (job) (avg_over_time(${series(outboxOldestAge, job)}${BEFORE}))`,
    ever: promql`sum by (job, topic) (${series(outboxPublished, of)})`,
  };
}

function consumeQueries(of: Matchers): EdgeQueries {
  const rate = (matchers: Matchers): Query =>
    promql`sum by (job, topic) (rate(${series(consumedEvents, { ...of, ...matchers })}[${WINDOW}]))`;
  return {
    rate: rate({}),
    failed: rate({ outcome: ['dead', 'held'] }),
    slowest: promql`max by (job, topic) (${series(consumerLagAge, of)})`,
    usual: promql`max by (job, topic) (avg_over_time(${series(consumerLagAge, of)}${BEFORE}))`,
    ever: promql`sum by (job, topic) (${series(consumedEvents, of)})`,
  };
}

/** The share of what failed; 0 where nothing did. */
export function shareQuery({ rate, failed }: EdgeQueries): Query {
  return promql`(${failed} or ${rate} * 0) / ${rate}`;
}

/** The matchers of one edge; null where nothing measures it. */
export function matchersOf(
  graph: PlatformGraph,
  { kind, from, to }: Pick<DeclaredEdge, 'kind' | 'from' | 'to'>,
): Matchers {
  switch (kind) {
    case 'request':
      return { job: to };
    case 'call':
      return { job: from, rpc_method: { pattern: `${contractOf(graph, to)}/.+` } };
    case 'store':
      return { job: from, db_system_name: systemOf(to) };
    case 'publish':
      return { job: from, topic: to };
    case 'consume':
      return { job: to, topic: from };
    case 'external':
      return {};
  }
}

/** The contract of a service; what the graph does not know is shown by its contract's name. */
function contractOf({ services }: PlatformGraph, name: string): string {
  return services.find((service) => service.name === name)?.contract ?? name;
}

/** The service that has a contract. */
export function serviceOf({ services }: PlatformGraph, contract: string): string {
  return services.find((service) => service.contract === contract)?.name ?? contract;
}

/** A query as Prometheus gets it. */
export function text(query: Query): string {
  return textOf(query, 1);
}
