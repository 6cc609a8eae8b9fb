import {
  ELIGIBLE,
  NOT_WAITED,
  SERVER_ERRORS,
} from '@meridian/components/observability/rules/eligible-requests.ts';
import {
  minutes,
  promql,
  series,
  textOf,
} from '@meridian/components/observability/rules/promql.ts';
import type { Matchers, Query } from '@meridian/components/observability/rules/promql.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { DeclaredEdge } from './declared-edges.ts';
import { SYSTEMS } from './declared-edges.ts';
import type { EdgeKind } from './platform-view.ts';

/** Numbers are of the last so many minutes. */
export const WINDOW = minutes(5);

/** What is asked of edges; each gives a series for each of them. */
export interface EdgeQueries {
  /** Calls or events a second. */
  readonly rate: Query;
  /** Those that failed. */
  readonly failed: Query;
  /** Seconds: the 99th percentile of good calls, or the age of the oldest event that waits. */
  readonly slowest: Query;
  /** Calls or events since the processes started. */
  readonly ever: Query;
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
const {
  httpServerRequestDuration: http,
  rpcClientCallDuration: rpc,
  dbClientOperationDuration: db,
  outboxPublished,
  outboxOldestAge,
  consumedEvents,
  consumerLagAge,
} = METRIC_REGISTRY;

type Metric = Parameters<typeof series>[0];

/** A rate of requests, by the labels that tell edges apart. */
type Counted = (metric: Metric, matchers: Matchers, suffix: '' | '_count') => Query;

/** The queries of a kind of edges; with matchers, those of some of them. */
export function edgeQueries(kind: MeasuredKind, of: Matchers = {}): EdgeQueries {
  switch (kind) {
    case 'request':
      return requestQueries(of);
    case 'call':
      return callQueries(of);
    case 'store':
      return storeQueries(of);
    case 'publish':
      return publishQueries(of);
    case 'consume':
      return consumeQueries(of);
  }
}

function requestQueries(of: Matchers): EdgeQueries {
  const { status, failed, good } = ELIGIBLE.edge;
  const rate: Counted = (metric, matchers, suffix) =>
    promql`sum by (job) (rate(${series(metric, { ...of, ...matchers }, suffix)}[${WINDOW}]))`;
  const buckets = series(http, { ...of, ...NOT_WAITED, [status]: good }, '_bucket');
  return {
    rate: rate(http, {}, '_count'),
    failed: rate(http, { [status]: failed }, '_count'),
    slowest: promql`histogram_quantile(${P99}, sum by (job, le) (rate(${buckets}[${WINDOW}])))`,
    ever: promql`sum by (job) (${series(http, of, '_count')})`,
  };
}

/** The contract of the callee becomes the label `service`. */
function callQueries(of: Matchers): EdgeQueries {
  const { status, good } = ELIGIBLE.server;
  const named = (query: Query) =>
    promql`label_replace(${query}, "service", "$1", "rpc_method", "(.*)/.*")`;
  const rate: Counted = (metric, matchers, suffix) => {
    const each = promql`rate(${series(metric, { ...of, ...matchers }, suffix)}[${WINDOW}])`;
    return promql`sum by (job, service) (${named(each)})`;
  };
  const buckets = series(rpc, { ...of, ...NOT_WAITED, [status]: good }, '_bucket');
  const named99 = named(promql`rate(${buckets}[${WINDOW}])`);
  return {
    rate: rate(rpc, {}, '_count'),
    failed: rate(rpc, { [status]: SERVER_ERRORS }, '_count'),
    slowest: promql`histogram_quantile(${P99}, sum by (job, service, le) (${named99}))`,
    ever: promql`sum by (job, service) (${named(series(rpc, of, '_count'))})`,
  };
}

function storeQueries(of: Matchers): EdgeQueries {
  const rate: Counted = (metric, matchers, suffix) =>
    promql`sum by (job, db_system_name) (rate(${series(metric, { ...of, ...matchers }, suffix)}[${WINDOW}]))`;
  const buckets = series(db, { ...of, error_type: '' }, '_bucket');
  return {
    rate: rate(db, {}, '_count'),
    failed: rate(db, { error_type: { except: EXPECTED_OF_STORES } }, '_count'),
    slowest: promql`histogram_quantile(${P99}, sum by (job, db_system_name, le) (rate(${buckets}[${WINDOW}])))`,
    ever: promql`sum by (job, db_system_name) (${series(db, of, '_count')})`,
  };
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
    ever: promql`sum by (job, topic) (${series(outboxPublished, of)})`,
  };
}

function consumeQueries(of: Matchers): EdgeQueries {
  const rate: Counted = (metric, matchers, suffix) =>
    promql`sum by (job, topic) (rate(${series(metric, { ...of, ...matchers }, suffix)}[${WINDOW}]))`;
  return {
    rate: rate(consumedEvents, {}, ''),
    failed: rate(consumedEvents, { outcome: ['dead', 'held'] }, ''),
    slowest: promql`max by (job, topic) (${series(consumerLagAge, of)})`,
    ever: promql`sum by (job, topic) (${series(consumedEvents, of)})`,
  };
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

function systemOf(engine: string): string {
  return Object.entries(SYSTEMS).find(([, name]) => name === engine)?.[0] ?? engine;
}

/** A query as Prometheus gets it. */
export function text(query: Query): string {
  return textOf(query, 1);
}
