import { setTimeout as delay } from 'node:timers/promises';
import { dropOf, replayOf } from '@meridian/kit/events/dead-letter.ts';
import type { OutgoingRecord } from '@meridian/kit/events/publisher.ts';
import { KafkaPublisher } from '@meridian/kit/kafka/kafka-publisher.ts';
import { deadLetterTopic } from '@meridian/language/topic.ts';
import { TopicReader } from '../events/topic-reader.ts';
import type { KafkaAccess } from '../events/topic-reader.ts';
import { DeadLetters } from './letters.ts';
import type { DeadLetter } from './letters.ts';

/** What became of a letter that was sent again; 'unanswered' while its consumer has said nothing. */
export type ReplayOutcome = 'handled' | 'failed again' | 'unanswered';

/** What became of a letter that was to be dropped, and of those behind it. */
export interface Drop {
  readonly outcome: 'dropped' | 'unanswered';
  /** What is in the way of the aggregate now. */
  readonly next: DeadLetter | undefined;
}

/** Reads the dead letters of topics that are there now. */
export async function readLetters(
  access: KafkaAccess,
  topics: readonly string[],
): Promise<DeadLetters> {
  const letters = new DeadLetters();
  if (topics.length === 0) return letters;
  const { promise: caughtUp, resolve } = Promise.withResolvers<undefined>();
  const reader = await TopicReader.open(access, {
    topics: topics.map(deadLetterTopic),
    onRecord: (record) => letters.add(record),
    onCaughtUp: () => resolve(undefined),
  });
  await caughtUp;
  await reader.close();
  return letters;
}

/** Sends letters to the consumers that they failed at, and waits for what those say. */
export async function replayLetters(
  access: KafkaAccess,
  letters: readonly DeadLetter[],
  patienceMs: number,
): Promise<ReadonlyMap<DeadLetter, ReplayOutcome>> {
  await send(
    access,
    letters.map(({ message, id }) => replayOf(message, id)),
  );
  const topics = [...new Set(letters.map(({ topic }) => topic))];
  return await patiently(patienceMs, async () => {
    const now = (await readLetters(access, topics)).all();
    const seen = new Map(letters.map((letter) => [letter, outcomeOf(letter, now)]));
    return { seen, isOver: ![...seen.values()].includes('unanswered') };
  });
}

/** Has the consumer that a letter failed at let it go, and waits for what that says. */
export async function dropLetter(
  access: KafkaAccess,
  letter: DeadLetter,
  reason: string,
  patienceMs: number,
): Promise<Drop> {
  await send(access, [dropOf(letter.message, letter.id, reason)]);
  return await patiently(patienceMs, async () => {
    const now = await readLetters(access, [letter.topic]);
    const waits = now.all().some((other) => isSame(other, letter));
    const next = now.failed().find((other) => !isSame(other, letter) && follows(other, letter));
    // Those behind it are handled one by one.
    const isOver = !waits && (next !== undefined || now.behind(letter).length === 0);
    return { seen: { outcome: waits ? 'unanswered' : 'dropped', next }, isOver };
  });
}

async function send(access: KafkaAccess, records: readonly OutgoingRecord[]): Promise<void> {
  const publisher = new KafkaPublisher(access.kafka);
  await publisher.publish(records);
  await publisher.close();
}

const ASK_AGAIN_MS = 500;

/** Looks again and again until it is over, or for so long; gives what was seen last. */
async function patiently<Seen>(
  patienceMs: number,
  look: () => Promise<{ readonly seen: Seen; readonly isOver: boolean }>,
): Promise<Seen> {
  const overMs = performance.now() + patienceMs;
  for (;;) {
    const { seen, isOver } = await look();
    if (isOver || performance.now() >= overMs) return seen;
    await delay(ASK_AGAIN_MS);
  }
}

function outcomeOf(sent: DeadLetter, now: readonly DeadLetter[]): ReplayOutcome {
  const same = now.find((letter) => isSame(letter, sent));
  if (same === undefined) return 'handled';
  return same.last > sent.last ? 'failed again' : 'unanswered';
}

function isSame(one: DeadLetter, other: DeadLetter): boolean {
  return one.id === other.id && one.topic === other.topic && one.consumer === other.consumer;
}

/** Whether both are of one aggregate, as the same consumer has it. */
function follows(one: DeadLetter, other: DeadLetter): boolean {
  return other.key !== null && one.key === other.key && one.consumer === other.consumer;
}
