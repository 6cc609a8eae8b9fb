import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Database, Session } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { openRedis } from '@meridian/kit/redis/redis.ts';
import type { Redis, RedisOptions } from '@meridian/kit/redis/redis.ts';
import { METRICS } from '@meridian/kit/telemetry/names.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import type { TestProcess } from '@meridian/kit/testing/world.ts';
import type { Pool } from 'pg';
import { startRedis } from '../../tests/engines/redis.ts';
import type { TestRedisUser, ThrowAwayRedis } from '../../tests/engines/redis.ts';
import { CachedProducts } from './cached-products.ts';
import { productIdOf } from './product-id.ts';
import { ProductChanges } from './product-changes.ts';
import type { GivenProduct } from './product-changes.ts';
import { StockStore } from './stock-store.ts';
import { ProductStore } from './store.ts';
import type { ShownProduct } from './store.ts';
import { emptyCatalog } from './testing/empty-catalog.ts';
import type { catalogEvents } from './topics.ts';
import { adjustStock } from './stock-adjustments.ts';

/** Two busy cores may take longer than the 100 ms that a service waits. */
const PATIENT: RedisOptions = { commandTimeoutMs: 10_000, connectTimeoutMs: 10_000 };
const ID = productIdOf('A');

let world: DatabaseWorld;
let pool: Pool;
let database: Database;
let server: ThrowAwayRedis;
let user: TestRedisUser;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('catalog', 'services/catalog/migrations');
  ({ database } = await world.open('catalog'));
  server = await startRedis(world.world.authority);
  user = await server.createUser('catalog', 'catalog:');
}, 90_000);

beforeEach(async () => {
  await emptyCatalog(pool);
  await server.admin('FLUSHALL');
});

afterEach(() => server.signal('SIGCONT'));

afterAll(async () => {
  await world.close();
  await server.stop();
});

/** A replica of catalog, as far as products go. */
interface Replica extends TestProcess {
  readonly products: CachedProducts;
  readonly redis: Redis;
  /** How often the product was asked for in PostgreSQL. */
  readonly queries: () => number;
  /** Holds the answers to queries that begin from now until `end`; `release` lets them go. */
  readonly hold: () => { readonly end: () => void; readonly release: () => void };
}

async function replica(options = PATIENT): Promise<Replica> {
  const folder = await world.world.prepare('catalog');
  await server.bind(folder, 'catalog-redis', user);
  const process = await world.world.start(folder);
  const redis = openRedis(process.runtime, 'catalog-redis', options);
  let queries = 0;
  let held = Promise.resolve<undefined>(undefined);
  const session: Session = {
    async query(statement) {
      const rows = await database.query(statement);
      if (statement.name === 'get_product') {
        queries += 1;
        await held;
      }
      return rows as never;
    },
  };
  await eventually(() => expect(redis.isConnected).toBe(true), 30_000);
  return {
    ...process,
    redis,
    products: new CachedProducts(
      { products: new ProductStore(session), stock: new StockStore(session) },
      redis,
      process.runtime.metrics,
    ),
    queries: () => queries,
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      held = promise;
      return {
        end: () => {
          held = Promise.resolve(undefined);
        },
        release: () => resolve(undefined),
      };
    },
  };
}

const outbox = new Outbox<typeof catalogEvents>(() => undefined);

/** Writes products and says so, as the handlers do. */
async function write(products: CachedProducts, given: readonly GivenProduct[]): Promise<void> {
  const { changed } = await database.transaction((transaction) =>
    new ProductChanges(transaction, outbox).import(given),
  );
  await products.forget(changed);
  await products.forgetStock(changed.filter(({ version }) => version === 1n));
}

/** Adds to the units on hand and says so, as the handler does. */
async function adjust(products: CachedProducts, difference: number): Promise<void> {
  const stock = await database.transaction((transaction) =>
    adjustStock(transaction, outbox, { productId: ID, change: { difference } }),
  );
  await products.forgetStock([stock]);
}

const product = (sku: string, brand = '1'): GivenProduct => ({
  content: {
    sku,
    name: `Name of ${sku}`,
    description: 'Ünïcode\nand lines',
    category: 'audio',
    brand,
    priceCurrencyCode: 'EUR',
    priceMinorUnits: 9_007_199_254_740_993n,
    attributes: { colour: 'red' },
  },
  onHand: 3,
});

const brandOf = (shown: ShownProduct | undefined): string | undefined => shown?.product.brand;

const outcomes = async ({ runtime }: TestProcess): Promise<Record<string, number>> => {
  const metric = await runtime.metrics.registry.getSingleMetric(METRICS.cacheReads)?.get();
  return Object.fromEntries(
    (metric?.values ?? []).map(({ labels, value }) => [
      `${String(labels['cache'])} ${String(labels['outcome'])}`,
      value,
    ]),
  );
};

/** Waits until the answer that was loaded is in the cache. */
const cached = (key = `catalog:product:${ID}`) =>
  eventually(async () => expect(await server.admin('GET', key)).toMatch(/^\S+ [12]( |$)/), 30_000);

describe('a product', () => {
  test('is read from PostgreSQL once, by all replicas together', async () => {
    const [one, other] = await Promise.all([replica(), replica()]);
    await write(one.products, [product('A')]);
    const first = await one.products.get(ID);
    await cached();
    expect(await one.products.get(ID)).toEqual(first);
    expect(await other.products.get(ID)).toEqual(first);
    expect(first).toMatchObject({ product: product('A').content, available: 3 });
    expect([one.queries(), other.queries()]).toEqual([1, 0]);
    expect(await outcomes(one)).toEqual({
      'product miss': 1,
      'product hit': 1,
      'stock miss': 1,
      'stock hit': 1,
    });
  });

  test('that is cold and wanted by many is asked for once', async () => {
    const [one, other] = await Promise.all([replica(), replica()]);
    await write(one.products, [product('A')]);
    const startMs = performance.now();
    const found = await Promise.all(
      Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? one : other).products.get(ID)),
    );
    expect(new Set(found.map(brandOf))).toEqual(new Set(['1']));
    // One replica waits for the other's no longer than its lock lives (read-through-cache.ts).
    const inTime = performance.now() - startMs < 250;
    expect(one.queries() + other.queries()).toBeLessThanOrEqual(inTime ? 1 : 2);
  });

  test('expires, and not together with those that were read with it', async () => {
    const { products } = await replica();
    const skus = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
    await write(
      products,
      skus.map((sku) => product(sku)),
    );
    await Promise.all(skus.map((sku) => products.get(productIdOf(sku))));
    const lifetimes = new Set<string>();
    for (const sku of skus) {
      await cached(`catalog:product:${productIdOf(sku)}`);
      lifetimes.add(await server.admin('PEXPIRETIME', `catalog:product:${productIdOf(sku)}`));
    }
    expect(lifetimes.size).toBeGreaterThan(4);
    const left = Number(await server.admin('PTTL', `catalog:product:${ID}`));
    expect(left).toBeLessThanOrEqual(60_000);
    expect(left).toBeGreaterThan(20_000);
  });

  test('that does not exist is remembered for a short time, until it is created', async () => {
    const { products, queries } = await replica();
    expect(await products.get(ID)).toBeUndefined();
    await cached();
    const key = `catalog:product:${ID}`;
    expect(Number(await server.admin('PTTL', key))).toBeLessThanOrEqual(5_000);
    // However slow this test is, the next read is in time.
    await server.admin('PERSIST', key);
    expect(await products.get(ID)).toBeUndefined();
    expect(queries()).toBe(1);
    await write(products, [product('A')]);
    expect(brandOf(await products.get(ID))).toBe('1');
  });

  test('is fresh for every replica once its import is answered', async () => {
    const [one, other] = await Promise.all([replica(), replica()]);
    for (let round = 1; round <= 20; round += 1) {
      await write(one.products, [product('A', String(round))]);
      const seen = await Promise.all([one, other].map(({ products }) => products.get(ID)));
      expect(seen.map(brandOf)).toEqual([String(round), String(round)]);
    }
  });

  test('shows every replica the stock that a sale left once it is answered, and stays cached itself', async () => {
    const [one, other] = await Promise.all([replica(), replica()]);
    await write(one.products, [product('A')]);
    await one.products.get(ID);
    await cached();
    for (let units = 4; units <= 20; units += 1) {
      await adjust(one.products, 1);
      const seen = await Promise.all([one, other].map(({ products }) => products.get(ID)));
      expect(seen.map((each) => each?.available)).toEqual([units, units]);
    }
    expect([one.queries(), other.queries()]).toEqual([1, 0]);
  });

  test('that was read before an import and comes after it does not take its place', async () => {
    const [one, other] = await Promise.all([replica(), replica()]);
    await write(one.products, [product('A', '1')]);
    const hold = other.hold();
    const slow = other.products.get(ID);
    await eventually(() => expect(other.queries()).toBe(1));
    hold.end();
    await write(one.products, [product('A', '2')]);
    // A request after the import does not join the load that began before it.
    expect(brandOf(await other.products.get(ID))).toBe('2');
    await cached();
    hold.release();
    expect(brandOf(await slow)).toBe('1');
    // Commands of one connection keep their order: what the late load would do is done.
    await other.redis.get('anything');
    for (let read = 0; read < 5; read += 1) {
      expect(brandOf(await one.products.get(ID))).toBe('2');
    }
  });

  test('of another schema is read again', async () => {
    const { products, queries } = await replica();
    await write(products, [product('A')]);
    await products.get(ID);
    await cached();
    const value = await server.admin('GET', `catalog:product:${ID}`);
    await server.admin('SET', `catalog:product:${ID}`, value.replace(' 2 ', ' 1 '));
    expect(brandOf(await products.get(ID))).toBe('1');
    expect(queries()).toBe(2);
  });

  test('whose first reader fails is loaded by the next', async () => {
    const { products } = await replica();
    await write(products, [product('A')]);
    const lost: Session = { query: () => Promise.reject(new Error('lost')) };
    const failing = new CachedProducts(
      { products: new ProductStore(lost), stock: new StockStore(lost) },
      (await replica()).redis,
      (await replica()).runtime.metrics,
    );
    await expect(failing.get(ID)).rejects.toThrow('lost');
    expect(brandOf(await products.get(ID))).toBe('1');
  });
});

describe('without Redis', () => {
  const QUICK: RedisOptions = { commandTimeoutMs: 100, connectTimeoutMs: 1_000 };

  /** Reads on and on; the returned function ends it and gives how many reads there were. */
  function load({ products }: Replica): () => Promise<number> {
    let going = true;
    const readers = Array.from({ length: 8 }, async () => {
      let reads = 0;
      while (going) {
        expect(await products.get(ID)).toMatchObject({ product: { sku: 'A' } });
        reads += 1;
      }
      return reads;
    });
    return async () => {
      going = false;
      return (await Promise.all(readers)).reduce((sum, reads) => sum + reads, 0);
    };
  }

  test.each([
    ['killed', () => server.kill(), () => server.start()],
    [
      'stopped',
      (): Promise<void> => Promise.resolve().then(() => server.signal('SIGSTOP')),
      (): Promise<void> => Promise.resolve().then(() => server.signal('SIGCONT')),
    ],
  ])('%s in the middle, reads go on from PostgreSQL', async (_how, away, back) => {
    const one = await replica(QUICK);
    await write(one.products, [product('A')]);
    const end = load(one);
    await eventually(() => expect(one.queries()).toBeGreaterThan(0));
    await away();
    await eventually(() => expect(one.redis.isConnected).toBe(false), 30_000);
    const before = one.queries();
    await eventually(() => expect(one.queries()).toBeGreaterThan(before + 20), 30_000);
    await back();
    await eventually(() => expect(one.redis.isConnected).toBe(true), 30_000);
    expect(await end()).toBeGreaterThan(20);
  });

  test('that hung through an import, nothing old is read for long when it is back', async () => {
    const one = await replica(QUICK);
    await write(one.products, [product('A', '1')]);
    await one.products.get(ID);
    await cached();
    server.signal('SIGSTOP');
    await write(one.products, [product('A', '2')]);
    expect(brandOf(await one.products.get(ID))).toBe('2');
    server.signal('SIGCONT');
    const other = await replica();
    await eventually(async () => expect(brandOf(await other.products.get(ID))).toBe('2'), 30_000);
  });
});
