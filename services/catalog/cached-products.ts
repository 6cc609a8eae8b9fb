import { ReadThroughCache } from '@meridian/kit/redis/read-through-cache.ts';
import type { Revised } from '@meridian/kit/redis/read-through-cache.ts';
import type { Redis } from '@meridian/kit/redis/redis.ts';
import { cacheReads } from '@meridian/kit/redis/redis-metrics.ts';
import type { Metrics } from '@meridian/kit/telemetry/metrics.ts';
import { CachedStock } from './cached-stock.ts';
import type { ChangedStock } from './cached-stock.ts';
import { revisionOf } from '@meridian/kit/rpc/versioned.ts';
import type { StockStore } from './stock-store.ts';
import type { PageQuery, ProductStore, ShownProduct, StoredProduct } from './store.ts';

/** A product as a change left it. */
export type ChangedProduct = Pick<StoredProduct, 'productId' | 'updateTimeMicros' | 'version'>;

/** The products as catalog's handlers read them. */
export interface Products extends Pick<ProductStore, 'list' | 'getAll'> {
  /** The product with this id, which has the form of one; undefined if there is none. */
  get(productId: string): Promise<ShownProduct | undefined>;
  /** To be called once a change has committed: from now on nothing older is read. Never throws. */
  forget(changed: readonly ChangedProduct[]): Promise<void>;
  /** The same for stock. */
  forgetStock(changed: readonly ChangedStock[]): Promise<void>;
}

/** Counted up whenever StoredProduct changes. */
const SCHEMA = 2;

/** The longest that a product may be stale, when the process that changed it died before it said so. */
const TIME_TO_LIVE_MS = 60_000;

/** A product that was asked for before it is there is asked for again soon. */
const ABSENT_TIME_TO_LIVE_MS = 5_000;

/** Properties that JSON has no number for. */
const BIGINTS: ReadonlySet<string> = new Set([
  'priceMinorUnits',
  'createTimeMicros',
  'updateTimeMicros',
  'discontinueTimeMicros',
  'version',
]);

/** Products of a store, read through a cache; what was changed is not read stale afterwards. */
export class CachedProducts implements Products {
  readonly #store: ProductStore;
  readonly #cache: ReadThroughCache<StoredProduct>;
  readonly #stock: CachedStock;

  constructor(
    {
      products,
      stock,
    }: { readonly products: ProductStore; readonly stock: Pick<StockStore, 'get'> },
    redis: Redis,
    metrics: Metrics,
  ) {
    this.#store = products;
    this.#stock = new CachedStock(stock, redis, metrics);
    this.#cache = new ReadThroughCache(redis, cacheReads(metrics.registry), {
      name: 'product',
      schema: SCHEMA,
      timeToLiveMs: TIME_TO_LIVE_MS,
      absentTimeToLiveMs: ABSENT_TIME_TO_LIVE_MS,
      encode: encodeProduct,
      decode: decodeProduct,
    });
  }

  /** Product and stock are asked for together, in one trip to Redis. */
  async get(productId: string): Promise<ShownProduct | undefined> {
    const [product, available] = await Promise.all([
      this.#product(productId),
      this.#stock.available(productId),
    ]);
    return product && { product, available };
  }

  /** Pages change with every import, so they come from the store. */
  list(query: PageQuery): Promise<readonly ShownProduct[]> {
    return this.#store.list(query);
  }

  /** Whoever prices an order wants what PostgreSQL says. */
  getAll(productIds: readonly string[]): Promise<readonly ShownProduct[]> {
    return this.#store.getAll(productIds);
  }

  forget(changed: readonly ChangedProduct[]): Promise<void> {
    return this.#cache.forget(
      changed.map((product) => ({ id: product.productId, revision: revisionOf(product) })),
    );
  }

  forgetStock(changed: readonly ChangedStock[]): Promise<void> {
    return this.#stock.forget(changed);
  }

  #product(productId: string): Promise<StoredProduct | undefined> {
    return this.#cache.read(productId, async (): Promise<Revised<StoredProduct> | undefined> => {
      const product = await this.#store.get(productId);
      return product && { value: product, revision: revisionOf(product) };
    });
  }
}

function encodeProduct(product: StoredProduct): string {
  return JSON.stringify(product, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function decodeProduct(text: string): StoredProduct {
  const record = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      BIGINTS.has(key) ? BigInt(value as string) : value,
    ]),
  ) as unknown as StoredProduct;
}
