import { runInScope, scopeOf } from '@meridian/kit/call-scope.ts';
import { ATTRIBUTES } from '@meridian/kit/telemetry/names.ts';
import { endSpan, readTraceparent } from '@meridian/kit/telemetry/tracing.ts';
import type { Tracing } from '@meridian/kit/telemetry/tracing.ts';
import type { TakenEffect } from './effect-store.ts';

/**
 * Works on an effect in a trace of its own, since it was decided in one that is over, and perhaps days ago. As a
 * consumer's does, it has a link to that one and is kept if that is; and what the answer makes the saga decide has a
 * link to this one, and so on to the end.
 */
export async function inTraceOfEffect<T>(
  tracing: Pick<Tracing, 'startLinked'>,
  { kind, key, orderId, traceparent }: TakenEffect,
  work: () => Promise<T>,
): Promise<T> {
  const origin = readTraceparent(traceparent);
  const span = tracing.startLinked(
    `effect ${kind}`,
    'consumer',
    origin === undefined ? [] : [origin],
    origin === undefined ? {} : { [ATTRIBUTES.originTraceId]: origin.traceId },
  );
  // Nobody waits for it, and each of its calls has a deadline of its own.
  const never = { timeoutMs: Infinity, signal: new AbortController().signal };
  const cause = { id: key, correlationId: orderId };
  try {
    return await runInScope(scopeOf({ ...never, span: span.spanContext(), cause }), work);
  } finally {
    endSpan(span);
  }
}
