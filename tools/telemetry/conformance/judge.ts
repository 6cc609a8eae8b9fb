import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { Span } from '../stores/span.ts';
import { declaredEdges, seenEdges, type Edge } from './edges.ts';

/** How an edge of traces stands to one of the graph. */
export type EdgeState = 'declared and seen' | 'declared and never seen' | 'seen and not declared';

/** An edge with what became of it. */
export interface JudgedEdge extends Edge {
  readonly state: EdgeState;
  /** How often it was seen. */
  readonly count: number;
  readonly exampleTraceId?: string;
}

const ORDER: readonly EdgeState[] = [
  'seen and not declared',
  'declared and never seen',
  'declared and seen',
];

/** Holds traces against the graph: what was seen and is not declared comes first. Pure. */
export function judgeEdges(
  graph: PlatformGraph,
  traces: readonly (readonly Span[])[],
): readonly JudgedEdge[] {
  const seen = Map.groupBy(seenEdges(graph, traces), keyOf);
  const declared = new Map(declaredEdges(graph).map((edge) => [keyOf(edge), edge]));
  const judged = [...new Set([...declared.keys(), ...seen.keys()])].flatMap((key) => {
    const times = seen.get(key) ?? [];
    const edge = declared.get(key) ?? times[0];
    if (edge === undefined) return [];
    const { kind, from, to, via } = edge;
    const example = times[0]?.traceId;
    return [
      {
        ...{ kind, from, to, via, state: stateOf(declared.has(key), times.length) },
        count: times.length,
        ...(example === undefined ? {} : { exampleTraceId: example }),
      },
    ];
  });
  return judged.toSorted(
    (one, other) =>
      ORDER.indexOf(one.state) - ORDER.indexOf(other.state) ||
      keyOf(one).localeCompare(keyOf(other)),
  );
}

function stateOf(isDeclared: boolean, count: number): EdgeState {
  if (!isDeclared) return 'seen and not declared';
  return count === 0 ? 'declared and never seen' : 'declared and seen';
}

function keyOf({ kind, from, to, via }: Edge): string {
  return JSON.stringify([kind, from, to, via]);
}
