import type { KeptLogField } from '@meridian/language/log-fields.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { declaredEdges, edgeId } from './declared-edges.ts';
import type { DeclaredEdge } from './declared-edges.ts';
import { seenEdges } from './edge-answers.ts';
import type { EdgeAnswers, SeenEdge } from './edge-answers.ts';
import { howItFails } from './edge-failing.ts';
import {
  edgeQueries,
  isMeasured,
  matchersOf,
  operationsQuery,
  shareQuery,
  text,
} from './edge-queries.ts';
import type { Query } from '@meridian/components/observability/rules/promql.ts';
import type { EdgeState, EdgeView, Told } from './edge-view.ts';

/** A call that a service refused, since the caller is not on its list. */
export interface Refusal {
  readonly service: string;
  /** Of the line; `peer` is the caller's SPIFFE ID. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Each edge that is declared or was seen, with what was seen of it. `answers` are undefined without a store. */
export function edgeViews(
  graph: PlatformGraph,
  answers: EdgeAnswers | undefined,
  refusals: readonly Refusal[],
): readonly EdgeView[] {
  const declared = declaredEdges(graph);
  const known = new Set(declared.map(({ id }) => id));
  const numbers = answers === undefined ? undefined : seenEdges(graph, answers);
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

/** Calls that a service refused: the line has the caller's SPIFFE ID, which ends with its name. */
function refusedEdges(
  refusals: readonly Refusal[],
): ReadonlyMap<string, Pick<DeclaredEdge, 'id' | 'kind' | 'from' | 'to'>> {
  return new Map(
    refusals.map(({ service, fields }) => {
      const from = (fields['peer' satisfies KeptLogField] ?? '').split('/').at(-1) ?? '';
      const id = edgeId(from, service);
      return [id, { id, kind: 'call', from, to: service }] as const;
    }),
  );
}

function stateOf(
  { id, kind }: DeclaredEdge,
  numbers: ReadonlyMap<string, SeenEdge> | undefined,
  isRefused: boolean,
): EdgeState {
  if (isRefused) return 'refused';
  if (!isMeasured(kind)) return 'unmeasured';
  if (numbers === undefined) return 'unknown';
  const seen = numbers.get(id);
  if (seen === undefined) return 'never';
  return seen.all.rate > 0 ? 'seen' : 'quiet';
}

function edgeView(
  graph: PlatformGraph,
  edge: DeclaredEdge,
  seen: SeenEdge | undefined,
  state: EdgeState,
): EdgeView {
  const { id, kind, from, to, about } = edge;
  const of = matchersOf(graph, edge);
  const queries = isMeasured(kind) ? edgeQueries(kind, of) : undefined;
  const byOperation = isMeasured(kind) ? operationsQuery(kind, of) : undefined;
  const share =
    seen === undefined || seen.all.rate === 0 ? undefined : seen.all.failed / seen.all.rate;
  const asked = (query: Query | undefined): string => (query === undefined ? '' : text(query));
  const told = (value: number | undefined, query: Query | undefined): Told => ({
    value: value ?? null,
    query: asked(query),
  });
  return {
    ...{ id, kind, from, to, about, state },
    rate: told(seen?.all.rate, queries?.rate),
    errors: told(share, queries && shareQuery(queries)),
    slowest: told(seen?.slowest, queries?.slowest),
    usual: told(seen?.usual, queries?.usual),
    byOperation: asked(byOperation),
    limitSeconds: edge.limitSeconds,
    ...howItFails(edge, seen),
    waitedPerSecond: seen?.waited ?? 0,
    ...{ sinceMs: null, role: 'other', command: commandOf(edge, state) },
  };
}

function commandOf({ kind, from, to }: DeclaredEdge, state: EdgeState): string {
  if (state === 'undeclared' || state === 'refused') return 'meridian conformance';
  if (kind === 'consume') return `meridian logs --service ${to} --level warn`;
  return `meridian logs --service ${kind === 'request' ? to : from} --level warn`;
}
