import type { Span } from '../stores/span.ts';

/** A trace's id that ends with this number. */
export function traceIdOf(number: number): string {
  return number.toString(16).padStart(32, '0');
}

/** A span's id that ends with this number. */
export function spanIdOf(number: number): string {
  return number.toString(16).padStart(16, '0');
}

/** A span of a trace, at the start of the year 2026 and of 10 ms, where nothing else is said. */
export function sampleSpan(
  ids: { readonly trace: number; readonly span: number; readonly parent?: number },
  given: Partial<Span> = {},
): Span {
  const { trace, span, parent } = ids;
  return {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(span),
    ...(parent === undefined ? {} : { parentSpanId: spanIdOf(parent) }),
    links: [],
    service: 'gateway',
    instance: 'gateway-a-0',
    zone: 'a',
    version: '1',
    name: 'GET /v1/products',
    kind: 'server',
    startMs: Date.UTC(2026, 0, 1) + span,
    durationMs: 10,
    failed: false,
    attributes: {},
    ...given,
  };
}
