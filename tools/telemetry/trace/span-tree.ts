import type { Span } from '../stores/span.ts';
import type { LogLine } from '../stores/victorialogs.ts';

/** A span with what it began, and the lines that were written in it. */
export interface SpanNode {
  readonly span: Span;
  readonly lines: readonly LogLine[];
  /** The earliest first. */
  readonly children: readonly SpanNode[];
}

/** A trace as a tree: a span whose parent is not kept, or in another process that keeps none, is a root. */
export interface SpanTree {
  readonly roots: readonly SpanNode[];
  /** Lines of the trace that belong to no span that is kept. */
  readonly lines: readonly LogLine[];
}

/** Makes a tree of the spans of one trace. */
export function spanTree(spans: readonly Span[], lines: readonly LogLine[]): SpanTree {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const linesOf = Map.groupBy(lines, ({ spanId }) =>
    spanId !== undefined && known.has(spanId) ? spanId : '',
  );
  const childrenOf = Map.groupBy(spans, ({ spanId, parentSpanId }) =>
    // One that names itself would be found nowhere.
    parentSpanId !== undefined && parentSpanId !== spanId && known.has(parentSpanId)
      ? parentSpanId
      : '',
  );
  const below = (parent: string): readonly SpanNode[] =>
    (childrenOf.get(parent) ?? [])
      .toSorted((one, other) => one.startMs - other.startMs)
      .map((span) => ({
        span,
        lines: linesOf.get(span.spanId) ?? [],
        children: below(span.spanId),
      }));
  return { roots: below(''), lines: linesOf.get('') ?? [] };
}
