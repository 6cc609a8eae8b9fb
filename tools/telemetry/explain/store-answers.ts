import { REFUSED_CALLS } from '../questions/refused-calls.ts';
import type { Span } from '../stores/span.ts';
import { isStoreAway } from '../stores/store-away.ts';
import type { Stores } from '../stores/stores.ts';
import type { ExplainSources } from './ask-snapshot.ts';
import { SLOW_TRACE_MS } from './trace-blame.ts';

/** Traces of each service that are looked at, and lines of all. */
const TRACES_MAX = 20;
const LINES_MAX = 200;

/** The stores of this machine as an explanation asks them: one that is away leaves its part unknown. */
export function explainSources(stores: Stores): ExplainSources {
  const { prometheus, jaeger, victorialogs } = stores;
  const lines = (query: string, sinceMs: number) =>
    unlessAway(
      victorialogs.lines(query, { from: new Date(sinceMs).toISOString(), limit: LINES_MAX }),
    );
  return {
    metrics: {
      now: (query) => unlessAway(prometheus.instant(query)),
      over: (query, { startSeconds, endSeconds, stepSeconds }) => {
        const span = { fromSeconds: startSeconds, toSeconds: endSeconds };
        return unlessAway(prometheus.range(query, span, stepSeconds));
      },
    },
    traces: (sinceMs) => unlessAway(troubledTraces(jaeger, sinceMs)),
    errorLines: (sinceMs) => lines('severity_text:in("error","fatal")', sinceMs),
    refusals: (sinceMs) => lines(REFUSED_CALLS, sinceMs),
  };
}

/** Traces with an error, of whatever service, and slow ones. */
async function troubledTraces(
  jaeger: Stores['jaeger'],
  fromMs: number,
): Promise<readonly (readonly Span[])[]> {
  const found = new Map<string, readonly Span[]>();
  const window = { fromMs, toMs: Date.now(), limit: TRACES_MAX };
  // One after the other: an answer may be some megabytes.
  for (const service of await jaeger.services()) {
    const failed = { service, attributes: { error: 'true' }, ...window };
    const slow = { service, minDurationMs: SLOW_TRACE_MS, ...window };
    for (const search of [failed, slow]) {
      for (const trace of await jaeger.search(search)) {
        if (trace[0] !== undefined) found.set(trace[0].traceId, trace);
      }
    }
  }
  return [...found.values()];
}

/** @throws {CodedError} TELEMETRY_REFUSED */
async function unlessAway<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isStoreAway(error)) return undefined;
    throw error;
  }
}
