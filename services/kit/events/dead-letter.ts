import type { KafkaMessage } from 'kafkajs';
import { deadLetterTopic } from '@meridian/language/topic.ts';
import { CLOUD_EVENT_HEADERS } from './cloud-event.ts';
import type { HeldEvent } from './held-events.ts';
import type { OutgoingRecord } from './publisher.ts';

/** Headers that say where a dead letter comes from and why it is one; all others are the record's. */
export const DEAD_LETTER_HEADERS = {
  consumer: 'dlq-consumer',
  error: 'dlq-error',
  topic: 'dlq-topic',
  partition: 'dlq-partition',
  offset: 'dlq-offset',
  attempts: 'dlq-attempts',
  /** Of one that has not failed itself: id of the event of its aggregate that is in its way. */
  behind: 'dlq-behind',
  /** When it was handled after all (RFC 3339); such a record has no value, and ends the letter of its id. */
  settled: 'dlq-settled',
  /** Of one that is settled: why it was dropped instead of being handled, in somebody's words. */
  dropped: 'dlq-dropped',
  /** What a letter without an event's id was called when it came again, so that it is no other. */
  id: 'dlq-id',
} as const;

/** Says which consumer alone a record is for, when a dead letter comes to its topic again. */
export const REPLAY_HEADER = 'replay-consumer';

/** With that header: the letter is to be let go without its effect, and why. */
export const DROP_HEADER = 'replay-drop';

/** With that header: what the letter is called. */
const LETTER_HEADER = 'replay-of';

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
  return {
    topic: deadLetterTopic(origin.topic),
    key: message.key,
    value: message.value,
    headers: {
      ...ownHeaders(message),
      [DEAD_LETTER_HEADERS.consumer]: origin.consumer,
      [DEAD_LETTER_HEADERS.error]: error instanceof Error ? error.name : typeof error,
      [DEAD_LETTER_HEADERS.topic]: origin.topic,
      [DEAD_LETTER_HEADERS.partition]: String(origin.partition),
      [DEAD_LETTER_HEADERS.offset]: message.offset,
      [DEAD_LETTER_HEADERS.attempts]: String(origin.attempts),
    },
  };
}

/** A record that waits behind a dead letter of its aggregate. */
export function heldBackLetter(
  message: KafkaMessage,
  origin: DeadLetterOrigin,
  behind: string,
): OutgoingRecord {
  const letter = deadLetter(message, origin, HELD_BACK);
  return { ...letter, headers: { ...letter.headers, [DEAD_LETTER_HEADERS.behind]: behind } };
}

/**
 * Says that what was a dead letter of a consumer, or waited behind one, has been handled; or that it was
 * dropped, and why.
 */
export function settledLetter(
  message: KafkaMessage,
  { consumer, topic }: Pick<DeadLetterOrigin, 'consumer' | 'topic'>,
  dropped?: string,
): OutgoingRecord {
  return {
    topic: deadLetterTopic(topic),
    key: message.key,
    value: null,
    headers: {
      ...ownHeaders(message),
      [DEAD_LETTER_HEADERS.consumer]: consumer,
      [DEAD_LETTER_HEADERS.topic]: topic,
      [DEAD_LETTER_HEADERS.settled]: new Date().toISOString(),
      ...(dropped === undefined ? {} : { [DEAD_LETTER_HEADERS.dropped]: dropped }),
    },
  };
}

/**
 * A dead letter on its way to the topic that it came from: as it was, and for the consumer that failed.
 *
 * @param id what it is called, which for an event is the event's
 */
export function replayOf(letter: KafkaMessage, id?: string): OutgoingRecord {
  const headers = ownHeaders(letter);
  const text = (name: string): string => String(headers[name] ?? '');
  const own = Object.entries(headers).filter(([name]) => !name.startsWith(DEAD_LETTER_PREFIX));
  return {
    topic: text(DEAD_LETTER_HEADERS.topic),
    key: letter.key,
    value: letter.value,
    headers: {
      ...Object.fromEntries(own),
      [REPLAY_HEADER]: text(DEAD_LETTER_HEADERS.consumer),
      ...(id === undefined || CLOUD_EVENT_HEADERS.id in headers ? {} : { [LETTER_HEADER]: id }),
    },
  };
}

/** The same, to be let go without its effect. */
export function dropOf(letter: KafkaMessage, id: string, reason: string): OutgoingRecord {
  const replay = replayOf(letter, id);
  return { ...replay, headers: { ...replay.headers, [DROP_HEADER]: reason } };
}

/** A record as it is kept until it can be handled; undefined for one without an event's id. */
export function heldEvent(message: KafkaMessage): HeldEvent | undefined {
  const headers = Object.fromEntries(
    Object.entries(ownHeaders(message)).map(([name, value]) => [name, value.toString()]),
  );
  const eventId = headers[CLOUD_EVENT_HEADERS.id];
  return eventId === undefined ? undefined : { eventId, value: message.value, headers };
}

const DEAD_LETTER_PREFIX = 'dlq-';

/** In the place of an error's class. */
const HELD_BACK = Object.assign(new Error('held back'), { name: 'HeldBack' });

/** The headers of a record, each once, without what says that it is a replay. */
function ownHeaders(message: KafkaMessage): Record<string, string | Buffer> {
  const headers: Record<string, string | Buffer> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first === undefined || name === REPLAY_HEADER || name === DROP_HEADER) continue;
    headers[name === LETTER_HEADER ? DEAD_LETTER_HEADERS.id : name] = first;
  }
  return headers;
}
