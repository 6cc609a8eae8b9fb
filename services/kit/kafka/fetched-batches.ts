import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import type { Batch } from 'kafkajs';

/** What a fetch brought of a partition, with the offset that was asked for, which kafkajs's types leave out. */
export type FetchedBatch = Batch & { readonly fetchedOffset: string };

interface ConsumerGroup {
  fetch: (this: ConsumerGroup, nodeId: number) => Promise<readonly FetchedBatch[]>;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup') as {
  readonly prototype: ConsumerGroup;
};

/** A consumer that is run within it is told of every partition that a broker has answered for. */
export const whenFetched = new AsyncLocalStorage<(batch: FetchedBatch) => void>();

/**
 * kafkajs 2.2.4 says of a fetch which broker it went to, whether that has answered or not, and of a batch
 * when a worker begins with it: neither which partitions have no news, nor what waits for a worker.
 * Source: kafkajs, src/consumer/runner.js, fetch() and handleBatch().
 */
const { fetch } = prototype;
prototype.fetch = async function (nodeId): Promise<readonly FetchedBatch[]> {
  const batches = await fetch.call(this, nodeId);
  const listener = whenFetched.getStore();
  if (listener !== undefined) batches.forEach(listener);
  return batches;
};
