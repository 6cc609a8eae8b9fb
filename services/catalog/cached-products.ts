import { ReadThroughCache } from '@meridian/kit/redis/read-through-cache.ts';
import type { Revised } from '@meridian/kit/redis/read-through-cache.ts';
import type { Redis } from '@meridian/kit/redis/redis.ts';
import { cacheReads } from '@meridian/kit/redis/redis-metrics.ts';
import type { Metrics } from '@meridian/kit/telemetry/metrics.ts';
import type { PageQuery, ProductStore, StoredProduct } from './store.ts';

/** A product as a change left it. */
export type ChangedProduct = Pick<StoredProduct, 'productId' | 'updateTimeMicros' | 'version'>;

/** The products as catalog's handlers read them. */
export interface Products extends Pick<ProductStore, 'get' | 'list'> {
  /** To be called once a change has committed: from now on nothing older is read. Never throws. */
  forget(changed: readonly ChangedProduct[]): Promise<void>;
}

/** Counted up whenever StoredProduct changes. */
const SCHEMA = 1;

/** The longest that a product may be stale, when the process that changed it died before it said so. */
const TIME_TO_LIVE_MS = 60_000;

/** A product that was asked for before it is there is asked for again soon. */
const ABSENT_TIME_TO_LIVE_MS = 5_000;

/** Properties that JSON has no number for. */
const BIGINTS: ReadonlySet<string> = new Set([
  'priceMinorUnits',
  'createTimeMicros',
  'updateTimeMicros',
  'version',
]);

/** Products of a store, read through a cache; what was changed is not read stale afterwards. */
export class CachedProducts implements Products {
  readonly #store: ProductStore;
  readonly #cache: ReadThroughCache<StoredProduct>;

  constructor(store: ProductStore, redis: Redis, { registry }: Metrics) {
    this.#store = store;
    this.#cache = new ReadThroughCache(redis, cacheReads(registry), {
      name: 'product',
      schema: SCHEMA,
      timeToLiveMs: TIME_TO_LIVE_MS,
      absentTimeToLiveMs: ABSENT_TIME_TO_LIVE_MS,
      encode: encodeProduct,
      decode: decodeProduct,
    });
  }

  get(productId: string): Promise<StoredProduct | undefined> {
    return this.#cache.read(productId, async (): Promise<Revised<StoredProduct> | undefined> => {
      const product = await this.#store.get(productId);
      return product === undefined ? undefined : { value: product, revision: revisionOf(product) };
    });
  }

  /** Pages change with every import, so they come from the store. */
  list(query: PageQuery): Promise<readonly StoredProduct[]> {
    return this.#store.list(query);
  }

  forget(changed: readonly ChangedProduct[]): Promise<void> {
    return this.#cache.forget(
      changed.map((product) => ({ id: product.productId, revision: revisionOf(product) })),
    );
  }
}

/**
 * The place of a product among its changes, of fixed width. The version alone would start over when
 * the database is wiped; the time of the change alone can be that of another one.
 */
function revisionOf({ updateTimeMicros, version }: ChangedProduct): string {
  return `${String(updateTimeMicros).padStart(17, '0')}-${String(version).padStart(19, '0')}`;
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
