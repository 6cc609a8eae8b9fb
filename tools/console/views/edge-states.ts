import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { promql } from '@meridian/components/observability/rules/promql.ts';
import type { Labels, LogLine, Sample } from '../server/sources.ts';
import { declaredEdges, edgeId, SYSTEMS, USERS } from './declared-edges.ts';
import type { DeclaredEdge } from './declared-edges.ts';
import {
  edgeQueries,
  isMeasured,
  matchersOf,
  MEASURED,
  serviceOf,
  text,
  WINDOW,
} from './edge-queries.ts';
import type { EdgeQueries, MeasuredKind } from './edge-queries.ts';
import { shareInterval } from './intervals.ts';
import type { EdgeState, EdgeView, Failing, Told } from './platform-view.ts';

/** What the store of metrics says of all edges of each kind. */
export type EdgeAnswers = Readonly<
  Record<MeasuredKind, Readonly<Record<keyof EdgeQueries, readonly Sample[]>>>
>;

/** So many errors at least, and more than this share with a confidence of 99 %, make an edge fail. */
const ERRORS_MIN = 3;
const SHARE_MAX = 0.01;
/** Of fewer calls the 99th percentile is the slowest one. */
const CALLS_MIN = 20;

/** Each edge that is declared or was seen, with what was seen of it. `answers` are undefined without a store. */
export function edgeViews(
  graph: PlatformGraph,
  answers: EdgeAnswers | undefined,
  refusals: readonly LogLine[],
): readonly EdgeView[] {
  const declared = declaredEdges(graph);
  const known = new Set(declared.map(({ id }) => id));
  const numbers = answers === undefined ? undefined : numbersByEdge(graph, answers);
  const refused = refusedEdges(refusals);
  const others = [...(numbers?.values() ?? []), ...refused.values()].filter(
    ({ id }) => !known.has(id),
  );
  const undeclared = new Map(others.map((edge) => [edge.id, edge]));
  return [
    ...declared.map((edge) => {
      const seen = numbers?.get(edge.id);
      return edgeView(graph, edge, seen, stateOf(edge, numbers, refused.has(edge.id)));
    }),
    ...[...undeclared.values()].map(({ id, kind, from, to }) => {
      const edge = { id, kind, from, to, about: '', limitSeconds: Infinity };
      const state = refused.has(id) ? 'refused' : 'undeclared';
      return edgeView(graph, edge, numbers?.get(id), state);
    }),
  ];
}

/** What was seen of an edge. */
interface Seen extends Pick<DeclaredEdge, 'id' | 'kind' | 'from' | 'to'> {
  readonly numbers: Partial<Record<keyof EdgeQueries, number>>;
}

function numbersByEdge(graph: PlatformGraph, answers: EdgeAnswers): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const kind of MEASURED) {
    for (const [name, samples] of Object.entries(answers[kind])) {
      for (const { labels, value } of samples) {
        for (const [from, to] of endsOf(graph, kind, labels)) {
          const id = edgeId(from, to);
          const before = seen.get(id) ?? { id, kind, from, to, numbers: {} };
          seen.set(id, { ...before, numbers: { ...before.numbers, [name]: value } });
        }
      }
    }
  }
  // What only exists, since it is declared, was not seen.
  return new Map([...seen].filter(([, { numbers }]) => (numbers.ever ?? 0) > 0));
}

/**
 * From where to where a series is; the age of an outbox is that of all topics that its service publishes to. What every
 * process serves, such as health, is in no contract and not an edge, nor is what looks at engines for all services.
 */
function endsOf(
  graph: PlatformGraph,
  kind: MeasuredKind,
  labels: Labels,
): readonly (readonly [string, string])[] {
  const { job = '', service = '', topic, db_system_name: system = '' } = labels;
  const { services } = graph;
  switch (kind) {
    case 'request':
      return [[USERS, job]];
    case 'call':
      return services.some(({ contract }) => contract === service)
        ? [[job, serviceOf(graph, service)]]
        : [];
    case 'store':
      return services.some(({ name }) => name === job) ? [[job, SYSTEMS[system] ?? system]] : [];
    case 'publish':
      if (topic !== undefined) return [[job, topic]];
      return graph.topics
        .filter(({ publishers }) => publishers.includes(job))
        .map(({ name }) => [job, name] as const);
    case 'consume':
      return [[topic ?? '', job]];
  }
}

/** Calls that a service refused: the line has the caller's SPIFFE ID, which ends with its name. */
function refusedEdges(
  refusals: readonly LogLine[],
): ReadonlyMap<string, Pick<Seen, 'id' | 'kind' | 'from' | 'to'>> {
  return new Map(
    refusals.map(({ service, fields }) => {
      const from = (fields['peer'] ?? '').split('/').at(-1) ?? '';
      const id = edgeId(from, service);
      return [id, { id, kind: 'call', from, to: service }] as const;
    }),
  );
}

function stateOf(
  { id, kind }: DeclaredEdge,
  numbers: ReadonlyMap<string, Seen> | undefined,
  isRefused: boolean,
): EdgeState {
  if (isRefused) return 'refused';
  if (!isMeasured(kind)) return 'unmeasured';
  if (numbers === undefined) return 'unknown';
  const seen = numbers.get(id);
  if (seen === undefined) return 'never';
  return (seen.numbers.rate ?? 0) > 0 ? 'seen' : 'quiet';
}

function edgeView(
  graph: PlatformGraph,
  edge: DeclaredEdge,
  seen: Seen | undefined,
  state: EdgeState,
): EdgeView {
  const { id, kind, from, to, about } = edge;
  const queries = isMeasured(kind) ? edgeQueries(kind, matchersOf(graph, edge)) : undefined;
  const { rate, failed, slowest } = seen?.numbers ?? {};
  const share = rate === undefined || rate === 0 ? undefined : (failed ?? 0) / rate;
  const told = (value: number | undefined, query: Told['query']): Told => ({
    value: value === undefined || Number.isNaN(value) ? null : value,
    query,
  });
  return {
    ...{ id, kind, from, to, about, state },
    rate: told(rate, queries === undefined ? '' : text(queries.rate)),
    errors: told(share, queries === undefined ? '' : text(shareQuery(queries))),
    slowest: told(slowest, queries === undefined ? '' : text(queries.slowest)),
    limitSeconds: edge.limitSeconds,
    failing: failingOf(edge, seen?.numbers ?? {}),
    ...{ sinceMs: null, role: 'other', command: commandOf(edge, state) },
  };
}

/** The share of what failed; 0 where nothing did. */
export function shareQuery({ rate, failed }: EdgeQueries) {
  return promql`(${failed} or ${rate} * 0) / ${rate}`;
}

function failingOf(
  { kind, limitSeconds }: DeclaredEdge,
  { rate = 0, failed = 0, slowest = 0 }: Seen['numbers'],
): Failing | null {
  const calls = Math.round(rate * WINDOW.seconds);
  const errors = Math.round(failed * WINDOW.seconds);
  if (errors >= ERRORS_MIN && shareInterval(errors, calls).low > SHARE_MAX) return 'errors';
  const isOfEvents = kind === 'publish' || kind === 'consume';
  return (isOfEvents || calls >= CALLS_MIN) && slowest > limitSeconds ? 'slow' : null;
}

function commandOf({ kind, from, to }: DeclaredEdge, state: EdgeState): string {
  if (state === 'undeclared' || state === 'refused') return 'meridian conformance';
  if (kind === 'consume') return `meridian logs --service ${to} --level warn`;
  return `meridian logs --service ${kind === 'request' ? to : from} --level warn`;
}
