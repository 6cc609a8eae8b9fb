import type { Jaeger } from '../stores/jaeger.ts';
import type { Span } from '../stores/span.ts';

/** Traces of each operation of a service that are looked at: what is seldom is not lost behind what is often. */
const TRACES_MAX = 200;

/** What was seen in a span of time. */
export interface SeenTraces {
  readonly traces: readonly (readonly Span[])[];
  /** Services of which there may be more. */
  readonly truncated: readonly string[];
}

/** The newest traces of every operation in a span of time; times are milliseconds since 1970. */
export async function seenTraces(
  jaeger: Pick<Jaeger, 'services' | 'operations' | 'search'>,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<SeenTraces> {
  const found = new Map<string, readonly Span[]>();
  const truncated = new Set<string>();
  for (const service of await jaeger.services()) {
    // One after the other: an answer may be some megabytes.
    for (const operation of await jaeger.operations(service)) {
      const traces = await jaeger.search({ service, operation, fromMs, toMs, limit: TRACES_MAX });
      if (traces.length >= TRACES_MAX) truncated.add(service);
      for (const trace of traces) if (trace[0] !== undefined) found.set(trace[0].traceId, trace);
    }
  }
  return { traces: [...found.values()], truncated: [...truncated] };
}
