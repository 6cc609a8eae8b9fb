import type { EdgeKind, EdgeView } from './platform-view.ts';

type Joined = Pick<EdgeView, 'id' | 'kind' | 'from' | 'to'>;

/** Whoever waits for these waits for what is behind them. */
const WAITED_FOR: ReadonlySet<EdgeKind> = new Set(['call', 'store', 'external']);

/**
 * The edges that can make another one fail, at whatever distance: what the called service waits for itself, and of
 * events who publishes them, and what their consumer waits for.
 */
export function causesOf<Edge extends Joined>(
  edge: Edge,
  edges: readonly Edge[],
): ReadonlySet<Edge> {
  const found = new Set<Edge>();
  const open: Edge[] = [edge];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const cause of directCauses(next, edges)) {
      if (cause.id === edge.id || found.has(cause)) continue;
      found.add(cause);
      open.push(cause);
    }
  }
  return found;
}

function directCauses<Edge extends Joined>(
  { kind, from, to }: Edge,
  edges: readonly Edge[],
): readonly Edge[] {
  const behind = (name: string) =>
    edges.filter((edge) => edge.from === name && WAITED_FOR.has(edge.kind));
  switch (kind) {
    case 'request':
    case 'call':
      return behind(to);
    case 'publish':
      return edges.filter((edge) => edge.from === from && edge.kind === 'store');
    case 'consume':
      return [
        ...edges.filter((edge) => edge.to === from && edge.kind === 'publish'),
        ...behind(to),
      ];
    case 'store':
    case 'external':
      return [];
  }
}

/**
 * The edge that broke first: it fails, and nothing that it waits for does. Of several the one that fails for
 * longest, then the one with most calls; undefined where nothing fails.
 */
export function firstFailure(edges: readonly EdgeView[]): EdgeView | undefined {
  const failing = edges.filter((edge) => edge.failing !== null);
  const roots = failing.filter((edge) =>
    [...causesOf(edge, edges)].every((cause) => cause.failing === null),
  );
  // A ring of services that wait for each other has no first; then time alone tells.
  const [first] = (roots.length === 0 ? failing : roots).toSorted(
    (one, other) =>
      (one.sinceMs ?? 0) - (other.sinceMs ?? 0) || (other.rate.value ?? 0) - (one.rate.value ?? 0),
  );
  return first;
}

/** The edges with their roles: what broke first, and what says nothing new as long as that is broken. */
export function withRoles(edges: readonly EdgeView[]): {
  readonly edges: readonly EdgeView[];
  readonly first: string | null;
} {
  const first = firstFailure(edges);
  if (first === undefined) return { edges, first: null };
  const roleOf = (edge: EdgeView): EdgeView['role'] => {
    if (edge.id === first.id) return 'first';
    return causesOf(edge, edges).has(first) ? 'after' : 'other';
  };
  return { edges: edges.map((edge) => ({ ...edge, role: roleOf(edge) })), first: first.id };
}
