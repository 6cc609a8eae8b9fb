import { setTimeout as delay } from 'node:timers/promises';
import { replayOf } from '@meridian/kit/events/dead-letter.ts';
import { KafkaPublisher } from '@meridian/kit/kafka/kafka-publisher.ts';
import { deadLetterTopic } from '@meridian/language/topic.ts';
import { TopicReader } from '../events/topic-reader.ts';
import type { KafkaAccess } from '../events/topic-reader.ts';
import { DeadLetters } from './letters.ts';
import type { DeadLetter } from './letters.ts';

/** What became of a letter that was sent again; 'unanswered' while its consumer has said nothing. */
export type ReplayOutcome = 'handled' | 'failed again' | 'unanswered';

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
  const publisher = new KafkaPublisher(access.kafka);
  await publisher.publish(letters.map(({ message }) => replayOf(message)));
  await publisher.close();
  const topics = [...new Set(letters.map(({ topic }) => topic))];
  const outcomes = new Map<DeadLetter, ReplayOutcome>();
  const overMs = performance.now() + patienceMs;
  do {
    const now = (await readLetters(access, topics)).all();
    for (const letter of letters) outcomes.set(letter, outcomeOf(letter, now));
    if (![...outcomes.values()].includes('unanswered')) break;
    await delay(ASK_AGAIN_MS);
  } while (performance.now() < overMs);
  return outcomes;
}

const ASK_AGAIN_MS = 500;

function outcomeOf(sent: DeadLetter, now: readonly DeadLetter[]): ReplayOutcome {
  const same = now.find(
    ({ topic, consumer, id }) =>
      topic === sent.topic && consumer === sent.consumer && id === sent.id,
  );
  if (same === undefined) return 'handled';
  return same.last > sent.last ? 'failed again' : 'unanswered';
}
