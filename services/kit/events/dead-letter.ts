import type { KafkaMessage } from 'kafkajs';
import { deadLetterTopic } from '@meridian/language/topic.ts';
import type { OutgoingRecord } from './publisher.ts';

/** Headers that say where a dead letter comes from and why it is one; all others are the record's. */
export const DEAD_LETTER_HEADERS = {
  consumer: 'dlq-consumer',
  error: 'dlq-error',
  topic: 'dlq-topic',
  partition: 'dlq-partition',
  offset: 'dlq-offset',
  attempts: 'dlq-attempts',
} as const;

/** Where a record was when it failed. */
export interface DeadLetterOrigin {
  readonly consumer: string;
  readonly topic: string;
  readonly partition: number;
  readonly attempts: number;
}

/** The record as it was, with the class of the error: its message may hold data. */
export function deadLetter(
  message: KafkaMessage,
  origin: DeadLetterOrigin,
  error: unknown,
): OutgoingRecord {
  const headers: Record<string, string | Buffer> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first;
  }
  return {
    topic: deadLetterTopic(origin.topic),
    key: message.key,
    value: message.value,
    headers: {
      ...headers,
      [DEAD_LETTER_HEADERS.consumer]: origin.consumer,
      [DEAD_LETTER_HEADERS.error]: error instanceof Error ? error.name : typeof error,
      [DEAD_LETTER_HEADERS.topic]: origin.topic,
      [DEAD_LETTER_HEADERS.partition]: String(origin.partition),
      [DEAD_LETTER_HEADERS.offset]: message.offset,
      [DEAD_LETTER_HEADERS.attempts]: String(origin.attempts),
    },
  };
}
