import { Partitioners } from 'kafkajs';
import type { Kafka, Message, Producer, TopicMessages } from 'kafkajs';
import type { OutgoingRecord, Publisher } from '../events/publisher.ts';

/** How long the leader waits for its in-sync replicas. */
const ACKNOWLEDGE_TIMEOUT_MS = 5_000;

/** On all replicas that are in sync, which are at least the topic's min.insync.replicas. */
const ACKS_ALL = -1;

/**
 * Publishes to Kafka. Its producer is not idempotent: the relay sends one round at a time and repeats
 * it whole after any error, in a session that a new relay does not share, so the consumer's inbox has
 * to drop repetitions anyway, and a producer without a sequence has no error that ends it.
 */
export class KafkaPublisher implements Publisher {
  readonly #kafka: Kafka;
  #connecting: Promise<Producer> | undefined;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    const connecting = (this.#connecting ??= this.#connect());
    try {
      const producer = await connecting;
      await producer.sendBatch({
        acks: ACKS_ALL,
        timeout: ACKNOWLEDGE_TIMEOUT_MS,
        topicMessages: byTopic(records),
      });
    } catch (error) {
      // kafkajs would go on asking a leader that hangs: a request that timed out changes neither its
      // connections nor what it knows of leaders.
      await this.#close(connecting);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#close(this.#connecting);
  }

  /** Closes this producer, and not one that another partition has opened since. */
  async #close(connecting: Promise<Producer> | undefined): Promise<void> {
    if (this.#connecting === connecting) this.#connecting = undefined;
    const never = (): undefined => undefined;
    await (await connecting?.catch(never))?.disconnect();
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({
      allowAutoTopicCreation: false,
      // That of the Java client: murmur2 of the key.
      createPartitioner: Partitioners.DefaultPartitioner,
      // Its own repetition leaves out a broker that has answered (kafkajs 2.2, sendMessages.js), even if
      // that broker has become the leader of the partition that failed: a success without its records.
      retry: { retries: 0 },
    });
    await producer.connect();
    return producer;
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
