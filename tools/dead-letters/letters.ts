import { createHash } from 'node:crypto';
import { DEAD_LETTER_HEADERS } from '@meridian/kit/events/dead-letter.ts';
import type { KafkaMessage } from 'kafkajs';
import type { PlacedRecord } from '../events/topic-reader.ts';

/** An event that a consumer could not handle, or that waits behind one of its aggregate. */
export interface DeadLetter {
  /** What people call it: the event's id or, where it has none, one made of its place. */
  readonly id: string;
  /** Where it came from. */
  readonly topic: string;
  readonly consumer: string;
  readonly key: string | null;
  readonly type: string | undefined;
  /** The class of the error; 'HeldBack' for one that waits. */
  readonly reason: string;
  readonly waits: boolean;
  /** When it came to the dead letters first. */
  readonly since: Date;
  /** When it came last, as a replay of it may have failed again. */
  readonly last: Date;
  readonly message: KafkaMessage;
}

/** Dead letters of one topic and consumer for one reason. */
export interface LetterGroup {
  readonly topic: string;
  readonly consumer: string;
  readonly reason: string;
  readonly events: number;
  /** Later events of the same aggregates. */
  readonly waiting: number;
  readonly first: Date;
  readonly last: Date;
}

/** The dead letters of topics, as far as they are not settled. */
export class DeadLetters {
  readonly #open = new Map<string, DeadLetter>();

  /** Takes a record of a dead-letter topic; those of a partition in their order. */
  add(record: PlacedRecord): void {
    const letter = letterOf(record);
    const name = `${letter.topic}/${letter.consumer}/${letter.id}`;
    if (DEAD_LETTER_HEADERS.settled in headersOf(record.message)) {
      this.#open.delete(name);
      return;
    }
    const { since } = this.#open.get(name) ?? letter;
    this.#open.set(name, { ...letter, since });
  }

  /** All of them, the oldest first. */
  all(): readonly DeadLetter[] {
    return [...this.#open.values()].toSorted((a, b) => a.since.getTime() - b.since.getTime());
  }

  /** Those that failed by themselves, one of each aggregate: the first. */
  failed(): readonly DeadLetter[] {
    const first = new Map<string, DeadLetter>();
    for (const letter of this.all().filter(({ waits }) => !waits)) {
      const aggregate = aggregateOf(letter);
      if (!first.has(aggregate)) first.set(aggregate, letter);
    }
    return [...first.values()];
  }

  /** What waits behind a letter. */
  behind(letter: DeadLetter): readonly DeadLetter[] {
    return this.all().filter((other) => other.waits && aggregateOf(other) === aggregateOf(letter));
  }

  groups(): readonly LetterGroup[] {
    const failed = this.all().filter(({ waits }) => !waits);
    const byReason = Map.groupBy(failed, ({ topic, consumer, reason }) =>
      [topic, consumer, reason].join('\n'),
    );
    return [...byReason.values()].flatMap((letters) => {
      const [one] = letters;
      if (one === undefined) return [];
      const { topic, consumer, reason } = one;
      const aggregates = new Map(letters.map((letter) => [aggregateOf(letter), letter]));
      const waiting = [...aggregates.values()].flatMap((letter) => this.behind(letter)).length;
      const times = letters.flatMap(({ since, last }) => [since.getTime(), last.getTime()]);
      const first = new Date(Math.min(...times));
      const last = new Date(Math.max(...times));
      return [{ topic, consumer, reason, events: letters.length, waiting, first, last }];
    });
  }
}

function letterOf({ topic, partition, message }: PlacedRecord): DeadLetter {
  const headers = headersOf(message);
  const time = new Date(Number(message.timestamp));
  const place = `${topic}/${partition}/${message.offset}`;
  return {
    id:
      headers['ce_id'] ??
      headers[DEAD_LETTER_HEADERS.id] ??
      createHash('sha256').update(place).digest('hex').slice(0, 16),
    topic: headers[DEAD_LETTER_HEADERS.topic] ?? topic,
    consumer: headers[DEAD_LETTER_HEADERS.consumer] ?? '',
    key: message.key?.toString() ?? null,
    type: headers['ce_type'],
    reason: headers[DEAD_LETTER_HEADERS.error] ?? '',
    waits: DEAD_LETTER_HEADERS.behind in headers,
    since: time,
    last: time,
    message,
  };
}

/** Letters without a key are aggregates of their own. */
function aggregateOf({ topic, consumer, key, id }: DeadLetter): string {
  return [topic, consumer, key ?? `\n${id}`].join('\n');
}

function headersOf({ headers = {} }: KafkaMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
