import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { Span } from '../stores/span.ts';
import { engineOf } from '../database-systems.ts';
import { edgeId } from './declared-edges.ts';
import { serviceOf } from './edge-queries.ts';

/** What traces say is to blame, and in how many of them. */
export interface Blamed {
  readonly id: string;
  readonly traces: number;
  /** The id of one of them. */
  readonly example: string;
}

/** A trace that was quicker and has no error is not looked at. */
export const SLOW_TRACE_MS = 500;

/**
 * Where errors begin and where time is spent: of each trace the deepest span that failed, or of one without errors the
 * span that took the most time by itself. Those that most traces blame come first.
 */
export function blamedByTraces(
  graph: PlatformGraph,
  traces: readonly (readonly Span[])[],
): readonly Blamed[] {
  const blamed = traces.flatMap((spans) => {
    const span = failedFirst(spans) ?? slowest(spans);
    return span === undefined ? [] : [{ id: subjectOf(graph, span), traceId: span.traceId }];
  });
  return [...Map.groupBy(blamed, ({ id }) => id)]
    .map(([id, all]) => ({ id, traces: all.length, example: all[0]?.traceId ?? '' }))
    .toSorted((one, other) => other.traces - one.traces);
}

/** The first to fail of those spans that failed by themselves. */
function failedFirst(spans: readonly Span[]): Span | undefined {
  const parents = new Set(spans.filter(({ failed }) => failed).map((span) => span.parentSpanId));
  const [first] = spans
    .filter(({ failed, spanId }) => failed && !parents.has(spanId))
    .toSorted((one, other) => endOf(one) - endOf(other));
  return first;
}

function slowest(spans: readonly Span[]): Span | undefined {
  const children = Map.groupBy(spans, ({ parentSpanId }) => parentSpanId ?? '');
  const [first] = spans
    .map((span) => ({ span, ownMs: ownTime(span, children.get(span.spanId) ?? []) }))
    .toSorted((one, other) => other.ownMs - one.ownMs);
  return first !== undefined && first.ownMs >= SLOW_TRACE_MS / 2 ? first.span : undefined;
}

/** Milliseconds of a span in which none of what it began went on. */
function ownTime(span: Span, children: readonly Span[]): number {
  let covered = 0;
  let until = span.startMs;
  for (const child of children.toSorted((one, other) => one.startMs - other.startMs)) {
    const from = Math.max(until, child.startMs);
    const to = Math.min(endOf(child), endOf(span));
    if (to > from) covered += to - from;
    until = Math.max(until, to);
  }
  return span.durationMs - covered;
}

function endOf({ startMs, durationMs }: Span): number {
  return startMs + durationMs;
}

/** The edge that a span is of, seen by whoever asks; what is served is the service's own. */
function subjectOf(graph: PlatformGraph, { attributes, kind, name, service }: Span): string {
  const system = attributes['db.system.name'];
  if (system !== undefined) return edgeId(service, engineOf(system));
  const [contract = '', method] = (attributes['rpc.method'] ?? '').split('/');
  if (kind === 'client' && method !== undefined) {
    return edgeId(service, serviceOf(graph, contract));
  }
  const topic = / (\S+\.events\.\S+)$/.exec(name)?.[1];
  if (topic !== undefined && kind === 'consumer') return edgeId(topic, service);
  if (topic !== undefined && kind === 'producer') return edgeId(service, topic);
  return service;
}
