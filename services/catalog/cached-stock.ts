import { ReadThroughCache } from '@meridian/kit/redis/read-through-cache.ts';
import type { Redis } from '@meridian/kit/redis/redis.ts';
import { cacheReads } from '@meridian/kit/redis/redis-metrics.ts';
import type { Metrics } from '@meridian/kit/telemetry/metrics.ts';
import { revisionOf } from '@meridian/kit/rpc/versioned.ts';
import type { StockStore, StoredStock } from './stock-store.ts';

/** Stock as a change left it. */
export type ChangedStock = Pick<StoredStock, 'productId' | 'updateTimeMicros' | 'version'>;

/** Counted up whenever what is kept changes. */
const SCHEMA = 1;

/** As long as a product: stock is never older than a product may be (ADR 50). */
const TIME_TO_LIVE_MS = 60_000;
const ABSENT_TIME_TO_LIVE_MS = 5_000;

/**
 * How many units can be bought, read through a cache of its own: a sale makes one small value cold, and
 * the product stays where it is.
 */
export class CachedStock {
  readonly #store: Pick<StockStore, 'get'>;
  readonly #cache: ReadThroughCache<number>;

  constructor(store: Pick<StockStore, 'get'>, redis: Redis, { registry }: Metrics) {
    this.#store = store;
    this.#cache = new ReadThroughCache(redis, cacheReads(registry), {
      name: 'stock',
      schema: SCHEMA,
      timeToLiveMs: TIME_TO_LIVE_MS,
      absentTimeToLiveMs: ABSENT_TIME_TO_LIVE_MS,
      encode: String,
      decode: Number,
    });
  }

  /** Units on hand that nobody has reserved; 0 for a product that is not there. */
  async available(productId: string): Promise<number> {
    const available = await this.#cache.read(productId, async () => {
      const stock = await this.#store.get(productId);
      return stock && { value: stock.onHand - stock.reserved, revision: revisionOf(stock) };
    });
    return available ?? 0;
  }

  /** As Products.forget. */
  forget(changed: readonly ChangedStock[]): Promise<void> {
    return this.#cache.forget(
      changed.map((stock) => ({ id: stock.productId, revision: revisionOf(stock) })),
    );
  }
}
