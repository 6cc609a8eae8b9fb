import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { ConsumerMetrics } from '../events/consumer-metrics.ts';
import type { RecordProcessor } from '../events/record-processor.ts';
import type { Logger } from '../telemetry/logger.ts';

/** What a consumer is made from. */
export interface KafkaConsumerOptions {
  readonly kafka: Kafka;
  /** Id of the group, whose members share the partitions; begins with the service's name and a dot. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly processor: RecordProcessor;
  readonly metrics: ConsumerMetrics;
  readonly log: Logger;
}

/** A member that says nothing for so long loses its partitions. */
const SESSION_TIMEOUT_MS = 15_000;
const HEARTBEAT_INTERVAL_MS = 2_000;
/** How long a fetch may wait for news; leaving waits for it too (kafkajs's default takes 5 s). */
const FETCH_WAIT_MS = 500;
const COMMIT_INTERVAL_MS = 1_000;
/** After so long kafkajs asks anew who leads: a leader that hangs answers nothing that would tell. */
const METADATA_MAX_AGE_MS = 10_000;
const CONNECT_BACKOFF_MAX_MS = 5_000;

/** The partition has gone to another member, or the consumer stops: the record is not ours now. */
class PartitionLeftError extends Error {
  override readonly name = 'PartitionLeftError';
}

/** Reads topics as a member of a group, record by record for each partition. */
export class KafkaConsumer {
  readonly #options: KafkaConsumerOptions;
  readonly #consumer: Consumer;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: KafkaConsumerOptions) {
    this.#options = options;
    this.#consumer = options.kafka.consumer({
      groupId: options.group,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_INTERVAL_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      allowAutoTopicCreation: false,
      // Whatever ends it, such as a cluster without a quorum, is waited out.
      retry: { restartOnFailure: () => Promise.resolve(!this.#stop.signal.aborted) },
    });
    this.#consumer.on(this.#consumer.events.GROUP_JOIN, () => options.metrics.reassigned());
  }

  /** Starts in the background. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the record at hand, commits and leaves the group. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#consumer.disconnect();
  }

  async #run(): Promise<void> {
    const { topics, log } = this.#options;
    const { signal } = this.#stop;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await this.#consumer.connect();
        await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
        await this.#consumer.run({
          eachBatchAutoResolve: false,
          autoCommitInterval: COMMIT_INTERVAL_MS,
          eachBatch: (payload) => this.#eachBatch(payload),
        });
        return;
      } catch (err) {
        log.warn({ err }, 'the event consumer cannot start; trying on');
        const stopped = (): void => undefined;
        const pauseMs = Math.min(100 * 2 ** attempt, CONNECT_BACKOFF_MAX_MS);
        await delay(pauseMs, undefined, { signal }).catch(stopped);
      }
    }
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { processor, metrics } = this.#options;
    const { topic, partition, messages, highWatermark } = payload.batch;
    const isOurs = (): boolean =>
      payload.isRunning() && !payload.isStale() && !this.#stop.signal.aborted;
    const pause = (ms: number): Promise<void> => this.#pause(ms, payload, isOurs);
    const lagAfter = (offset: string): number => Number(BigInt(highWatermark) - BigInt(offset)) - 1;
    for (const message of messages) {
      if (!isOurs()) return;
      metrics.lag(topic, partition, lagAfter(message.offset) + 1);
      try {
        const outcome = await processor.process(message, { topic, partition, pause });
        metrics.consumed(topic, partition, outcome, lagAfter(message.offset));
      } catch (error) {
        if (error instanceof PartitionLeftError) return;
        throw error;
      }
      payload.resolveOffset(message.offset);
      await payload.heartbeat();
      await payload.commitOffsetsIfNecessary();
    }
  }

  /** In short pieces with heartbeats between, or the group would take the partition away. */
  async #pause(ms: number, payload: EachBatchPayload, isOurs: () => boolean): Promise<void> {
    const endMs = performance.now() + ms;
    do {
      if (!isOurs()) throw new PartitionLeftError();
      const leftMs = Math.max(0, endMs - performance.now());
      await delay(Math.min(leftMs, HEARTBEAT_INTERVAL_MS));
      await payload.heartbeat();
    } while (performance.now() < endMs);
  }
}
