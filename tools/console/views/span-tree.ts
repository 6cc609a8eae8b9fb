import type { StoredSpan } from '../server/sources.ts';

/** A span in its place in the tree of its trace. */
export interface PlacedSpan {
  readonly span: StoredSpan;
  readonly depth: number;
  /** Milliseconds that none of its children explains: what it did itself, or waited for without a span. */
  readonly selfMs: number;
  /** Its parent is named and not kept. */
  readonly isOrphan: boolean;
}

/**
 * The spans of a trace as a tree: parents before children, these by when they began. A span whose parent is not kept
 * stands at the root, and so does one of a ring of parents, which a broken clock or a hostile sender makes.
 */
export function spanTree(spans: readonly StoredSpan[]): readonly PlacedSpan[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const children = Map.groupBy(spans, ({ parentId }) =>
    parentId !== undefined && byId.has(parentId) ? parentId : '',
  );
  const placed: PlacedSpan[] = [];
  const left = new Set(byId.values());
  const place = (root: StoredSpan): void => {
    const open: (readonly [StoredSpan, number])[] = [[root, 0]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [span, depth] = next;
      if (!left.delete(span)) continue;
      const below = inOrder(children.get(span.spanId) ?? []);
      const { parentId } = span;
      const isOrphan = parentId !== undefined && !byId.has(parentId);
      placed.push({ span, depth, selfMs: ownTime(span, below), isOrphan });
      // The last that is put there is the first that is taken.
      for (const child of below.toReversed()) open.push([child, depth + 1]);
    }
  };
  inOrder(children.get('') ?? []).forEach(place);
  for (const span of inOrder([...left])) place(span);
  return placed;
}

function inOrder(spans: readonly StoredSpan[]): readonly StoredSpan[] {
  return spans.toSorted((one, other) => one.startMs - other.startMs);
}

/** The duration without what is covered by children, which may overlap and go on after their parent. */
function ownTime(span: StoredSpan, children: readonly StoredSpan[]): number {
  const endMs = span.startMs + span.durationMs;
  let covered = 0;
  let fromMs = span.startMs;
  for (const child of children) {
    const begin = Math.max(fromMs, child.startMs);
    const end = Math.min(endMs, child.startMs + child.durationMs);
    if (end <= begin) continue;
    covered += end - begin;
    fromMs = end;
  }
  return Math.max(0, span.durationMs - covered);
}
