import { setTimeout as delay } from 'node:timers/promises';
import { RpcError, type StatusName } from '@meridian/kit/rpc/rpc-error.ts';
import { batchesOf } from './batches.ts';
import { generateProducts, type GeneratedProduct } from './generator.ts';

/** Products in one call; the contract allows no more. */
export const BATCH_SIZE = 500;
/** Calls under way at once: enough to keep catalog busy, too few to crowd out its readers. */
const CONCURRENT_BATCHES = 4;
/** How long a batch may take. */
const BATCH_TIMEOUT_MS = 20_000;
/** A replica that is being replaced is back within the sum of the pauses, 15 s. */
const ATTEMPTS_MAX = 6;
const FIRST_PAUSE_MS = 500;
const PROGRESS_INTERVAL_MS = 1000;

/** What may pass by itself; importing again does no harm, since it is by SKU. */
const PASSING: ReadonlySet<StatusName> = new Set([
  'UNAVAILABLE',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
  'DEADLINE_EXCEEDED',
]);

/** What an import did. */
export interface ImportTotals {
  readonly createdCount: number;
  readonly updatedCount: number;
  readonly unchangedCount: number;
}

/** What loading needs of the world. */
export interface LoadOptions {
  /** Products to generate. */
  readonly count: number;
  /** Catalog's ImportProducts. */
  readonly importProducts: (
    request: { readonly products: GeneratedProduct[] },
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ) => Promise<ImportTotals>;
  /** Shows a line to whoever waits. */
  readonly print: (line: string) => void;
  /** Stops between batches; what is imported stays. */
  readonly signal: AbortSignal;
  /** Waits between attempts. @default a timer */
  readonly pause?: (ms: number) => Promise<void>;
}

/**
 * Generates the catalogue and imports it in batches, with a line of progress every second and the
 * totals at the end. Throws the RpcError of a batch that failed for good, or the signal's reason.
 */
export async function loadCatalogue(options: LoadOptions): Promise<ImportTotals> {
  const { count, print } = options;
  const startMs = performance.now();
  print(`Loading ${format(count)} products into catalog`);
  const totals = { createdCount: 0, updatedCount: 0, unchangedCount: 0 };
  let done = 0;
  let shownMs = startMs;
  const batches = batchesOf(generateProducts(count), BATCH_SIZE);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  // All workers draw from one iterator, so a slow batch does not hold up the others.
  const work = async (): Promise<void> => {
    for (const products of batches) {
      signal.throwIfAborted();
      const result = await importBatch(products, { ...options, signal });
      totals.createdCount += result.createdCount;
      totals.updatedCount += result.updatedCount;
      totals.unchangedCount += result.unchangedCount;
      done += products.length;
      const nowMs = performance.now();
      if (nowMs - shownMs >= PROGRESS_INTERVAL_MS && done < count) {
        shownMs = nowMs;
        print(`${format(done)} of ${format(count)} (${rate(done, nowMs - startMs)})`);
      }
    }
  };
  const workers = Array.from({ length: CONCURRENT_BATCHES }, () =>
    work().catch((error: unknown) => {
      stop.abort(error);
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(workers);
  // The first reason to stop, not the echo of it in the other workers.
  if (outcomes.some(({ status }) => status === 'rejected')) throw signal.reason;
  print(summary(totals, count, performance.now() - startMs));
  return totals;
}

async function importBatch(
  products: GeneratedProduct[],
  options: LoadOptions,
): Promise<ImportTotals> {
  const { signal, print } = options;
  const pause = options.pause ?? ((ms) => delay(ms, undefined, { signal }));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await options.importProducts({ products }, { timeoutMs: BATCH_TIMEOUT_MS, signal });
    } catch (error) {
      const passing = error instanceof RpcError && PASSING.has(error.status);
      if (!passing || attempt === ATTEMPTS_MAX || signal.aborted) throw error;
      print(`Catalog answered ${error.status}; trying again (${attempt} of ${ATTEMPTS_MAX - 1})`);
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

function summary(totals: ImportTotals, count: number, elapsedMs: number): string {
  const seconds = `${(elapsedMs / 1000).toFixed(1)} s`;
  const { createdCount, updatedCount, unchangedCount } = totals;
  if (unchangedCount === count) {
    return `Nothing to change: the catalogue already holds these ${format(count)} products (checked in ${seconds})`;
  }
  return `Done in ${seconds}: ${format(createdCount)} created, ${format(updatedCount)} updated, ${format(unchangedCount)} unchanged`;
}

function rate(done: number, elapsedMs: number): string {
  return `${format(Math.round(done / (elapsedMs / 1000)))} a second`;
}

function format(count: number): string {
  return count.toLocaleString('en-GB');
}
