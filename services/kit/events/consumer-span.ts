import type { Span, SpanContext } from '@opentelemetry/api';
import type { KafkaMessage } from 'kafkajs';
import { ATTRIBUTES } from '../telemetry/names.ts';
import { readTraceparent, TRACEPARENT } from '../telemetry/tracing.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { textHeaders } from './text-headers.ts';

/** Producers that the span of a batch is linked to at most. */
const LINKS_MAX = 8;

/**
 * Starts the span of handling some records: a trace of its own, since nobody waits for it, with links to what
 * published them. A single one's trace is an attribute too, by which its consequences are found.
 */
export function startConsumerSpan(
  tracing: Tracing,
  topic: string,
  messages: readonly KafkaMessage[],
): Span {
  const producers = producersOf(messages);
  const [origin] = producers;
  return tracing.startLinked(
    `process ${topic}`,
    'consumer',
    producers.slice(0, LINKS_MAX),
    origin === undefined || messages.length > 1
      ? {}
      : { [ATTRIBUTES.originTraceId]: origin.traceId },
  );
}

/** Each once: records that were published together have the same. */
function producersOf(messages: readonly KafkaMessage[]): readonly SpanContext[] {
  const bySpan = new Map<string, SpanContext>();
  for (const message of messages) {
    const producer = readTraceparent(textHeaders(message)[TRACEPARENT]);
    if (producer !== undefined) bySpan.set(producer.spanId, producer);
  }
  return [...bySpan.values()];
}
