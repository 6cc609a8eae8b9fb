import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { Admin, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';

/** A record and where it lies. */
export interface PlacedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly message: KafkaMessage;
}

/** How Kafka is reached. */
export interface KafkaAccess {
  readonly kafka: Kafka;
  /** Runs `work` as an administrator, again and again while brokers are away. */
  readonly withAdmin: <T>(work: (admin: Admin) => Promise<T>) => Promise<T>;
}

/** What is read of which topics. */
export interface ReadOptions {
  readonly topics: readonly string[];
  /** Records of each partition from its end. @default all that are kept */
  readonly last?: number;
  /** Called for each record, in the order of its partition. */
  readonly onRecord: (record: PlacedRecord) => void;
  /** Called once all that was there at the beginning is read. */
  readonly onCaughtUp: () => void;
}

/** Where to begin in a partition, and what lies behind its end; offsets. */
interface Span {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly end: bigint;
}

/**
 * Reads topics from one moment on, and goes on until it is closed. It is a consumer group of its own
 * that is removed at the end.
 */
export class TopicReader {
  readonly #access: KafkaAccess;
  readonly #group = `meridian-events-${randomUUID()}`;
  readonly #consumer;

  private constructor(access: KafkaAccess) {
    this.#access = access;
    this.#consumer = access.kafka.consumer({
      groupId: this.#group,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 250,
      // A leader that hangs answers nothing that would tell of its successor.
      metadataMaxAge: 5_000,
      retry: { restartOnFailure: () => Promise.resolve(true) },
    });
  }

  /** @throws {CodedError} KAFKA_UNREACHABLE */
  static async open(access: KafkaAccess, options: ReadOptions): Promise<TopicReader> {
    const reader = new TopicReader(access);
    try {
      await reader.#start(options);
    } catch (error) {
      await reader.close();
      throw error;
    }
    return reader;
  }

  /** Leaves the group and removes it. */
  async close(): Promise<void> {
    await this.#consumer.disconnect();
    await this.#access.withAdmin(async (admin) => {
      try {
        await admin.deleteGroups([this.#group]);
      } catch (error) {
        if (!isUnknownGroup(error)) throw error;
      }
    });
  }

  async #start({ topics, last, onRecord, onCaughtUp }: ReadOptions): Promise<void> {
    const spans = await this.#spans(topics, last);
    const next = new Map(spans.map((span) => [keyOf(span), span.from]));
    const open = new Map(
      spans.filter(({ from, end }) => from < end).map((span) => [keyOf(span), span.end]),
    );
    if (open.size === 0) onCaughtUp();
    // Each time, since a consumer that has to start over, which it may even while it begins, forgets it. Offsets of
    // the group would do the same, but kafkajs takes five seconds to set those of each topic.
    this.#consumer.on(this.#consumer.events.GROUP_JOIN, () => {
      for (const span of spans) {
        const { topic, partition, from } = span;
        const offset = String(next.get(keyOf(span)) ?? from);
        this.#consumer.seek({ topic, partition, offset });
      }
    });
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }: EachBatchPayload) => {
        const { topic, partition } = batch;
        const key = keyOf(batch);
        for (const message of batch.messages) {
          const offset = BigInt(message.offset);
          // A fetch that was under way when it had to start over may bring what was read before.
          if (offset < (next.get(key) ?? 0n)) continue;
          next.set(key, offset + 1n);
          onRecord({ topic, partition, message });
        }
        const end = open.get(key);
        if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) {
          open.delete(key);
          if (open.size === 0) onCaughtUp();
        }
        return Promise.resolve();
      },
    });
  }

  /** Where to begin in each partition, and where it ends now. */
  async #spans(topics: readonly string[], last: number | undefined): Promise<readonly Span[]> {
    return await this.#access.withAdmin(async (admin) => {
      const spans: Span[] = [];
      for (const topic of topics) {
        for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
          const end = BigInt(high);
          const wanted = last === undefined ? 0n : end - BigInt(last);
          spans.push({ topic, partition, from: largest(BigInt(low), wanted), end });
        }
      }
      return spans;
    });
  }
}

function keyOf({ topic, partition }: Pick<Span, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}

function largest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** A group that never had a member is not there. */
function isUnknownGroup(error: unknown): boolean {
  return (
    error instanceof kafkajs.KafkaJSDeleteGroupsError &&
    error.groups.every(({ errorCode }) => errorCode === GROUP_ID_NOT_FOUND)
  );
}

/** Source: https://kafka.apache.org/protocol, "Error Codes". */
const GROUP_ID_NOT_FOUND = 69;
