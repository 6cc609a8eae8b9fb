import type { KafkaMessage } from 'kafkajs';
import { REPLAY_HEADER } from './dead-letter.ts';
import type { EventReader } from './event-reader.ts';
import { receivedEvent } from './event-runner.ts';

/** What records say. */
export interface ReadChanges<Change> {
  readonly changes: readonly Change[];
  /** Records that cannot be read. */
  readonly skipped: number;
}

/**
 * Reads records outside a consumer of their own. Those of a type that nobody reads are left out, and so
 * are replays: each says again what the topic said before, to one consumer, and out of its order.
 */
export function readChanges<Change>(
  messages: readonly KafkaMessage[],
  topic: string,
  readers: readonly EventReader<Change>[],
): ReadChanges<Change> {
  const changes: Change[] = [];
  let skipped = 0;
  for (const message of messages) {
    if (message.headers?.[REPLAY_HEADER] !== undefined) continue;
    try {
      const event = receivedEvent(message, topic);
      const reader = readers.find(({ schema }) => schema.typeName === event.type);
      if (reader !== undefined) changes.push(reader.read(event));
    } catch {
      skipped += 1;
    }
  }
  return { changes, skipped };
}
