import { Partitioners } from 'kafkajs';
import type { Kafka, Message, Producer, TopicMessages } from 'kafkajs';
import type { OutgoingRecord, Publisher } from '../events/publisher.ts';

/** How long the leader waits for its in-sync replicas. */
const ACKNOWLEDGE_TIMEOUT_MS = 5_000;

/** On all replicas that are in sync, which are at least the topic's min.insync.replicas. */
const ACKS_ALL = -1;

/**
 * Publishes to Kafka. Its producer is not idempotent: the relay sends one round at a time and repeats
 * it whole after an error, in a session that a new relay does not share, so the consumer's inbox has
 * to drop repetitions anyway, and a producer without a sequence has no error that ends it.
 */
export class KafkaPublisher implements Publisher {
  readonly #producer: Producer;
  #connecting: Promise<void> | undefined;

  constructor(kafka: Kafka) {
    this.#producer = kafka.producer({
      allowAutoTopicCreation: false,
      // That of the Java client: murmur2 of the key.
      createPartitioner: Partitioners.DefaultPartitioner,
    });
  }

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    await this.#connect();
    await this.#producer.sendBatch({
      acks: ACKS_ALL,
      timeout: ACKNOWLEDGE_TIMEOUT_MS,
      topicMessages: byTopic(records),
    });
  }

  async close(): Promise<void> {
    await this.#producer.disconnect();
  }

  /** Connects the first time; after that kafkajs reconnects by itself. */
  async #connect(): Promise<void> {
    this.#connecting ??= this.#producer.connect();
    try {
      await this.#connecting;
    } catch (error) {
      this.#connecting = undefined;
      throw error;
    }
  }
}

/** Records by topic, each topic's in their order. */
function byTopic(records: readonly OutgoingRecord[]): TopicMessages[] {
  const messages = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of records) {
    const list = messages.get(topic) ?? [];
    messages.set(topic, list);
    list.push({ key, value, headers: { ...headers } });
  }
  return [...messages].map(([topic, list]) => ({ topic, messages: list }));
}
