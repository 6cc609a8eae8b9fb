import type { Consumer, ConsumerRunConfig, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { ConsumerMetrics } from '../events/consumer-metrics.ts';
import type { Progress, RecordHandling } from '../events/progress.ts';
import { restUntilAborted } from '../patience.ts';
import type { Logger } from '../telemetry/logger.ts';
import { whenFetched } from './fetched-batches.ts';
import type { FetchedBatch } from './fetched-batches.ts';

/** What a consumer is made from. */
export interface KafkaConsumerOptions {
  readonly kafka: Kafka;
  /** Id of the group, whose members share the partitions; begins with the service's name and a dot. Asked until it is told. */
  readonly group: () => Promise<string>;
  readonly topics: readonly string[];
  /** How many partitions are handled at a time. */
  readonly partitionsAtOnce: number;
  readonly processor: RecordHandling;
  readonly metrics: ConsumerMetrics;
  readonly log: Logger;
}

/** A member that says nothing for so long loses its partitions. */
const SESSION_TIMEOUT_MS = 15_000;
const HEARTBEAT_INTERVAL_MS = 2_000;
/** How long a fetch may wait for news; leaving waits for it too (kafkajs's default takes 5 s). */
const FETCH_WAIT_MS = 500;
const COMMIT_INTERVAL_MS = 1_000;
/** After so long kafkajs asks again who leads: a leader that hangs answers nothing that would tell. */
const METADATA_MAX_AGE_MS = 10_000;
const CONNECT_BACKOFF_FIRST_MS = 100;
const CONNECT_BACKOFF_MAX_MS = 5_000;

/** Reads topics as a member of a group, each partition in its order. */
export class KafkaConsumer {
  readonly #options: KafkaConsumerOptions;
  readonly #stop = new AbortController();
  /** Partitions that wait for another attempt at their next record. */
  readonly #resting = new Set<NodeJS.Timeout>();
  /** Failed starts in a row. */
  #failures = 0;
  /** Once its group is known. */
  #consumer: Consumer | undefined;
  #running: Promise<void> | undefined;

  constructor(options: KafkaConsumerOptions) {
    this.#options = options;
  }

  #open(groupId: string): Consumer {
    const { kafka, metrics } = this.#options;
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_INTERVAL_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      allowAutoTopicCreation: false,
      // Whatever ends it, such as a cluster without a quorum, is waited out.
      retry: { restartOnFailure: () => Promise.resolve(!this.#stop.signal.aborted) },
    });
    const { CRASH, GROUP_JOIN } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      this.#failures = 0;
      metrics.reassigned(memberAssignment);
    });
    // kafkajs asks only where it thinks that trying again may help; a right may come late too.
    consumer.on(CRASH, ({ payload: { restart } }) => {
      if (!restart) this.#running = this.#pause().then(() => this.#run());
    });
    return consumer;
  }

  /** Starts in the background. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the record at hand, commits and leaves the group. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const timer of this.#resting) clearTimeout(timer);
    await this.#running;
    await this.#consumer?.disconnect();
  }

  async #run(): Promise<void> {
    const { group, topics, partitionsAtOnce, metrics, log } = this.#options;
    while (!this.#stop.signal.aborted) {
      try {
        const consumer = (this.#consumer ??= this.#open(await group()));
        await consumer.connect();
        await consumer.subscribe({ topics: [...topics], fromBeginning: true });
        const running: ConsumerRunConfig = {
          eachBatchAutoResolve: false,
          autoCommitInterval: COMMIT_INTERVAL_MS,
          partitionsConsumedConcurrently: partitionsAtOnce,
          eachBatch: (payload) => this.#eachBatch(payload),
        };
        const heard = (batch: FetchedBatch): void => noteFetched(metrics, batch);
        await whenFetched.run(heard, () => consumer.run(running));
        return;
      } catch (err) {
        log.warn({ err }, 'the event consumer cannot start; trying on');
        await this.#pause();
      }
    }
  }

  /** Waits longer with each failure in a row, and not at all once stopped. */
  async #pause(): Promise<void> {
    const pauseMs = Math.min(
      CONNECT_BACKOFF_FIRST_MS * 2 ** this.#failures,
      CONNECT_BACKOFF_MAX_MS,
    );
    this.#failures += 1;
    await restUntilAborted(pauseMs, this.#stop.signal);
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { metrics, processor } = this.#options;
    const { topic, partition, messages, highWatermark } = payload.batch;
    const lagAfter = (offset: string): number => Number(BigInt(highWatermark) - BigInt(offset)) - 1;
    let left: readonly KafkaMessage[] = messages;
    for (let [next] = left; next !== undefined; [next] = left) {
      // The partition may have gone to another member.
      if (!payload.isRunning() || payload.isStale() || this.#stop.signal.aborted) return;
      metrics.lag(topic, partition, lagAfter(next.offset) + 1);
      metrics.oldest(topic, partition, Number(next.timestamp));
      const given = left.slice(0, processor.recordsMax);
      const { outcomes, againAfterMs } = await this.#process(given, payload);
      metrics.waiting(topic, partition, againAfterMs !== undefined);
      for (const [index, outcome] of outcomes.entries()) {
        const offset = given[index]?.offset ?? next.offset;
        metrics.consumed(topic, partition, outcome, lagAfter(offset));
        // Of those behind this batch nothing is known but that they are not older.
        const caughtUp = lagAfter(offset) <= 0;
        metrics.oldest(topic, partition, caughtUp ? undefined : Number(next.timestamp));
        payload.resolveOffset(offset);
      }
      if (againAfterMs !== undefined) {
        this.#comeBack(againAfterMs, payload.pause());
        return;
      }
      left = left.slice(outcomes.length);
      await payload.heartbeat();
      await payload.commitOffsetsIfNecessary();
    }
  }

  /** With heartbeats, however long it takes: the group would have the records handled a second time. */
  async #process(messages: readonly KafkaMessage[], payload: EachBatchPayload): Promise<Progress> {
    const { topic, partition } = payload.batch;
    const timer = setInterval(() => void beat(payload), HEARTBEAT_INTERVAL_MS);
    try {
      return await this.#options.processor.process(messages, { topic, partition });
    } finally {
      clearInterval(timer);
    }
  }

  /**
   * Lets a partition rest: it is fetched again from the record that is not done, and others go on
   * meanwhile. Within a batch nothing else of the same broker would be fetched (kafkajs 2.2, fetcher.js).
   */
  #comeBack(afterMs: number, resume: () => void): void {
    const timer = setTimeout(() => {
      this.#resting.delete(timer);
      resume();
    }, afterMs);
    this.#resting.add(timer);
  }
}

/** Notes what a broker has of a partition, before any of it is handled. */
function noteFetched(metrics: ConsumerMetrics, batch: FetchedBatch): void {
  const { topic, partition, fetchedOffset, highWatermark, messages } = batch;
  const [next] = messages;
  const behind = Number(BigInt(highWatermark) - BigInt(next?.offset ?? fetchedOffset));
  metrics.fetched(topic, partition, behind, next && Number(next.timestamp));
}

/** Says that this member is there; what it fails with is seen by the heartbeat after the record. */
async function beat(payload: EachBatchPayload): Promise<void> {
  const seenByTheNext = (): void => undefined;
  await payload.heartbeat().catch(seenByTheNext);
}
