import type { Jaeger } from '../stores/jaeger.ts';
import type { Span } from '../stores/span.ts';

/** Traces of each service that are looked at. */
const TRACES_MAX = 1_000;

/** What was seen in a span of time. */
export interface SeenTraces {
  readonly traces: readonly (readonly Span[])[];
  /** Services of which there may be more. */
  readonly truncated: readonly string[];
}

/** Every trace of a span of time, by the services in it; times are milliseconds since 1970. */
export async function seenTraces(
  jaeger: Pick<Jaeger, 'services' | 'search'>,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<SeenTraces> {
  const found = new Map<string, readonly Span[]>();
  const truncated: string[] = [];
  // One after the other: an answer may be some ten megabytes.
  for (const service of await jaeger.services()) {
    const traces = await jaeger.search({ service, fromMs, toMs, limit: TRACES_MAX });
    if (traces.length >= TRACES_MAX) truncated.push(service);
    for (const trace of traces) if (trace[0] !== undefined) found.set(trace[0].traceId, trace);
  }
  return { traces: [...found.values()], truncated };
}
