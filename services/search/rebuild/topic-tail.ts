import { EventEmitter, once } from 'node:events';
import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { EventReader } from '@meridian/kit/events/event-reader.ts';
import { readChanges } from '@meridian/kit/events/read-changes.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { ProductChange } from '../product-document.ts';
import type { CatalogueEvents, Following, Offsets } from './catalogue-events.ts';

/** What the events of the catalogue are read from. */
export interface TopicTailOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly readers: readonly EventReader<ProductChange>[];
  /** The group that feeds the index in use. */
  readonly group: string;
  readonly log: Logger;
}

const FETCH_WAIT_MS = 250;
/** So long nothing comes of what is to come: longer than a broker or Elasticsearch needs to be back. */
const STILL_MS = 600_000;

/** The topic of the catalogue, read without leaving a trace: nothing is committed. */
export class TopicTail implements CatalogueEvents {
  readonly #options: TopicTailOptions;

  constructor(options: TopicTailOptions) {
    this.#options = options;
  }

  start(): Promise<Offsets> {
    return this.#ask(async (admin) => {
      const { topic } = this.#options;
      const [bounds, committed] = [
        await admin.fetchTopicOffsets(topic),
        await this.#committed(admin),
      ];
      return Object.fromEntries(
        bounds.map(({ partition, low, high }) => {
          const applied = committed.get(partition);
          // What the group has not applied yet is applied to both; else an old event that comes late
          // would show a product that has left the assortment since.
          return [partition, String(atLeast(low, atMost(high, applied ?? low)))];
        }),
      );
    });
  }

  end(): Promise<Offsets> {
    return this.#ask(async (admin) => {
      const bounds = await admin.fetchTopicOffsets(this.#options.topic);
      return Object.fromEntries(bounds.map(({ partition, high }) => [partition, high]));
    });
  }

  hasGap(covered: Offsets): Promise<boolean> {
    return this.#ask(async (admin) => {
      const bounds = await admin.fetchTopicOffsets(this.#options.topic);
      const committed = await this.#committed(admin);
      return bounds.some(({ partition, low }) => {
        // What was never committed begins with the first event that there ever was.
        const has = [committed.get(partition) ?? 0n, BigInt(covered[partition] ?? 0)];
        return has.every((offset) => offset < BigInt(low));
      });
    });
  }

  async follow(
    build: string,
    from: Offsets,
    apply: (changes: readonly ProductChange[]) => Promise<void>,
  ): Promise<Following> {
    const { kafka, group } = this.#options;
    const consumer = kafka.consumer({
      groupId: `${group}.rebuild.${build}`,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
    });
    const run = new FollowingRun(consumer, from, apply, this.#options);
    await run.begin();
    return run;
  }

  async #committed(admin: Admin): Promise<ReadonlyMap<number, bigint>> {
    const { group, topic } = this.#options;
    const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const known = found?.partitions.filter(({ offset }) => offset !== '-1') ?? [];
    return new Map(known.map(({ partition, offset }) => [partition, BigInt(offset)]));
  }

  async #ask<Result>(question: (admin: Admin) => Promise<Result>): Promise<Result> {
    const admin = this.#options.kafka.admin();
    await admin.connect();
    try {
      return await question(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

class FollowingRun implements Following {
  count = 0;
  readonly #consumer: Consumer;
  readonly #from: Offsets;
  readonly #apply: (changes: readonly ProductChange[]) => Promise<void>;
  readonly #options: TopicTailOptions;
  readonly #reached: Map<string, bigint>;
  readonly #news = new EventEmitter();
  #failure: Error | undefined;

  constructor(
    consumer: Consumer,
    from: Offsets,
    apply: (changes: readonly ProductChange[]) => Promise<void>,
    options: TopicTailOptions,
  ) {
    this.#consumer = consumer;
    this.#from = from;
    this.#apply = apply;
    this.#options = options;
    this.#reached = new Map(Object.entries(from).map(([id, offset]) => [id, BigInt(offset)]));
  }

  async begin(): Promise<void> {
    const { topic } = this.#options;
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic, fromBeginning: true });
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload }) => this.#fail(payload.error));
    await this.#consumer.run({
      autoCommit: false,
      eachBatch: (payload) => this.#batch(payload),
    });
    for (const [partition, offset] of Object.entries(this.#from)) {
      this.#consumer.seek({ topic, partition: Number(partition), offset });
    }
  }

  async reach(place: Offsets, signal: AbortSignal): Promise<void> {
    const isThere = (): boolean =>
      Object.entries(place).every(
        ([id, offset]) => (this.#reached.get(id) ?? 0n) >= BigInt(offset),
      );
    while (!isThere()) {
      if (this.#failure !== undefined) throw this.#failure;
      const still = AbortSignal.timeout(STILL_MS);
      await once(this.#news, 'news', { signal: AbortSignal.any([signal, still]) });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer.disconnect();
  }

  async #batch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic, partition, messages } = batch;
    const { readers, log } = this.#options;
    try {
      const { changes, skipped } = readChanges(messages, topic, readers);
      // The consumer of the index in use sets them aside.
      if (skipped > 0) log.warn({ topic, partition, skipped }, 'events cannot be read; left out');
      await this.#apply(changes);
      this.count += messages.length;
      this.#reached.set(String(partition), BigInt(batch.lastOffset()) + 1n);
      this.#news.emit('news');
      await payload.heartbeat();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#news.emit('news');
  }
}

function atLeast(low: string, value: bigint): bigint {
  return value < BigInt(low) ? BigInt(low) : value;
}

function atMost(high: string, value: bigint | string): bigint {
  return BigInt(value) > BigInt(high) ? BigInt(high) : BigInt(value);
}
