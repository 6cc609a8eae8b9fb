import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { compareText } from '@meridian/components/model/order.ts';
import {
  HTTP_SERVER_ERRORS,
  SERVER_ERRORS,
} from '@meridian/components/observability/rules/eligible-requests.ts';
import { minutes, promql, series } from '@meridian/components/observability/rules/promql.ts';
import type { Query } from '@meridian/components/observability/rules/promql.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { DURATION_BOUNDS_SECONDS } from '@meridian/language/metrics.ts';
import type { Exemplar, Labels, Sample } from '../server/sources.ts';
import { engineOf } from '../../telemetry/database-systems.ts';
import { edgeId, USERS } from '../../telemetry/explain/declared-edges.ts';
import { serviceOf } from '../../telemetry/explain/edge-queries.ts';

/** What is added to a run at once, and how often that is. */
export const TICK = minutes(1);

/** Bounds of the histograms in seconds, with the one behind the last. */
export const BOUNDS: readonly number[] = [...DURATION_BOUNDS_SECONDS, Infinity];

/** An operation between two parts of the platform, as it was during a run. */
export interface RunEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** A method, a route or an operation of a store. */
  readonly operation: string;
  readonly calls: number;
  readonly errors: number;
  /** Good calls by `BOUNDS`, not added up. */
  readonly counts: readonly number[];
  /** Ids of traces in it, the slowest first. */
  readonly traces: readonly SlowTrace[];
}

export interface SlowTrace {
  readonly id: string;
  readonly seconds: number;
}

/** What the platform did between two changes of it: a file to keep and to send. */
export interface RunSummary {
  /** Milliseconds since 1970 at its beginning, as text. */
  readonly id: string;
  readonly endedMs: number;
  /** Digest of each service's code. */
  readonly releases: Labels;
  /** Services whose code is not that of the run before. */
  readonly changed: readonly string[];
  readonly edges: readonly RunEdge[];
}

/** Kinds of histograms, with what of their labels tells operations apart. */
interface Source {
  readonly query: Query;
  readonly edge: (
    graph: PlatformGraph,
    labels: Labels,
  ) => Pick<RunEdge, 'from' | 'to' | 'operation'>;
  readonly outcome: (labels: Labels) => 'good' | 'error' | 'other';
}

const serverErrors: ReadonlySet<string> = new Set(SERVER_ERRORS);
const httpErrors = new RegExp(`^${HTTP_SERVER_ERRORS.pattern}$`);

const SOURCES: readonly Source[] = [
  {
    query: promql`sum by (job, http_request_method, http_route, http_response_status_code, le) (increase(${series(METRIC_REGISTRY.httpServerRequestDuration, { waited: '' }, '_bucket')}[${TICK}]))`,
    edge: (_graph, { job = '', http_request_method: verb = '', http_route: route = '' }) => ({
      ...{ from: USERS, to: job, operation: `${verb} ${route}` },
    }),
    outcome: ({ http_response_status_code: status = '' }) => {
      if (httpErrors.test(status)) return 'error';
      return /^[23]/.test(status) ? 'good' : 'other';
    },
  },
  {
    query: promql`sum by (job, rpc_method, rpc_status_code, le) (increase(${series(METRIC_REGISTRY.rpcClientCallDuration, { waited: '' }, '_bucket')}[${TICK}]))`,
    edge: (graph, { job = '', rpc_method: method = '' }) => {
      const [contract = '', operation = ''] = method.split('/');
      return { from: job, to: serviceOf(graph, contract), operation };
    },
    outcome: ({ rpc_status_code: status = '' }) => {
      if (serverErrors.has(status)) return 'error';
      return status === 'OK' ? 'good' : 'other';
    },
  },
  {
    query: promql`sum by (job, db_system_name, db_operation_name, error_type, le) (increase(${series(METRIC_REGISTRY.dbClientOperationDuration, {}, '_bucket')}[${TICK}]))`,
    edge: (
      _graph,
      { job = '', db_system_name: system = '', db_operation_name: operation = '' },
    ) => ({
      ...{ from: job, to: engineOf(system), operation },
    }),
    outcome: ({ error_type: error = '' }) => {
      if (error === '') return 'good';
      return ['UNAVAILABLE', 'DEADLINE_EXCEEDED', '_OTHER'].includes(error) ? 'error' : 'other';
    },
  },
];

/** What is asked for at each tick, in the order in which `tickEdges` gets the answers. */
export const TICK_QUERIES: readonly Query[] = SOURCES.map(({ query }) => query);

/** The edges of one tick, from the answers to `TICK_QUERIES`. */
export function tickEdges(
  graph: PlatformGraph,
  answers: readonly (readonly Sample[])[],
): readonly RunEdge[] {
  return SOURCES.flatMap(({ edge, outcome }, position) => {
    const byEdge = Map.groupBy(answers[position] ?? [], ({ labels }) => {
      const { from, to, operation } = edge(graph, labels);
      return `${edgeId(from, to)} ${operation}`;
    });
    return [...byEdge].map(([id, samples]) => {
      const good = samples.filter(({ labels }) => outcome(labels) === 'good');
      const errors = samples.filter(({ labels }) => outcome(labels) === 'error');
      const named = edge(graph, samples[0]?.labels ?? {});
      const counts = bucketCounts(good);
      const failed = total(errors);
      return { id, ...named, calls: sum(counts) + failed, errors: failed, counts, traces: [] };
    });
  }).filter(({ calls }) => calls > 0);
}

function total(samples: readonly Sample[]): number {
  return sum(bucketCounts(samples));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

/** Buckets of Prometheus are added up; what an estimate makes less than the one before it is nothing. */
function bucketCounts(samples: readonly Sample[]): readonly number[] {
  let below = 0;
  return BOUNDS.map((bound) => {
    const upTo = samples
      .filter(({ labels }) => boundOf(labels) === bound)
      .reduce((all, { value }) => all + value, 0);
    const count = Math.max(0, upTo - below);
    below += count;
    return count;
  });
}

/** Whole bounds have a decimal or none, by who wrote them. */
function boundOf({ le = '' }: Labels): number {
  return Number(le.replace('+Inf', 'Infinity'));
}

const TRACES_MAX = 3;

/** Two stretches of a run as one. */
export function addEdges(
  before: readonly RunEdge[],
  added: readonly RunEdge[],
): readonly RunEdge[] {
  const edges = new Map(before.map((edge) => [edge.id, edge]));
  for (const edge of added) {
    const known = edges.get(edge.id);
    edges.set(edge.id, known === undefined ? edge : addEdge(known, edge));
  }
  return [...edges.values()].toSorted((one, other) => compareText(one.id, other.id));
}

function addEdge(known: RunEdge, edge: RunEdge): RunEdge {
  return {
    ...known,
    calls: known.calls + edge.calls,
    errors: known.errors + edge.errors,
    counts: known.counts.map((count, position) => count + (edge.counts[position] ?? 0)),
    traces: slowestTraces([...known.traces, ...edge.traces]),
  };
}

/** With the traces of the slowest observations of each operation. */
export function withTraces(
  edges: readonly RunEdge[],
  exemplars: readonly Exemplar[],
): readonly RunEdge[] {
  return edges.map((edge) => {
    const own = exemplars
      .filter(({ labels }) => operationOf(labels) === edge.operation)
      .map(({ traceId, value }) => ({ id: traceId, seconds: value }));
    return { ...edge, traces: slowestTraces([...edge.traces, ...own]) };
  });
}

function operationOf(labels: Labels): string {
  const { rpc_method: method, http_request_method: verb = '', http_route: route = '' } = labels;
  return method === undefined ? `${verb} ${route}` : (method.split('/')[1] ?? '');
}

function slowestTraces(traces: readonly SlowTrace[]): readonly SlowTrace[] {
  return [...new Map(traces.map((trace) => [trace.id, trace])).values()]
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, TRACES_MAX);
}
