import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { Pool } from 'pg';
import { productIdOf } from './product-id.ts';
import { StockStore } from './stock-store.ts';
import { ProductStore, type ProductContent } from './store.ts';
import { emptyCatalog } from './testing/empty-catalog.ts';

let world: DatabaseWorld;
let pool: Pool;
let database: Database;
let store: ProductStore;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('catalog', 'services/catalog/migrations');
  ({ database } = await world.open('catalog'));
  store = new ProductStore(database);
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  await emptyCatalog(pool);
});

function product(sku: string, changes: Partial<ProductContent> = {}): ProductContent {
  return {
    sku,
    name: `Kettle ${sku}`,
    description: 'Boils.',
    category: 'kitchen',
    brand: 'Łódź & Söhne',
    priceCurrencyCode: 'EUR',
    priceMinorUnits: 4990n,
    attributes: { colour: 'red', size: 'XL' },
    ...changes,
  };
}

/** The products, once they have stock, which lists show. */
async function stocked() {
  const { rows } = await pool.query<{ product_id: string }>('SELECT product_id FROM products');
  const opening = rows.map((row) => ({ productId: row.product_id, onHand: 7 }));
  await new StockStore(database).create(opening, 'test');
  return await store.list({ limit: 1000 });
}

describe('importing', () => {
  test('stores every property as it was given', async () => {
    const given = product('K-1', {
      name: '急須 عربى Ωμέγα',
      description: '🫖 line\nbreak\t\\ "quoted" \' ',
      priceMinorUnits: 9_223_372_036_854_775_807n,
      attributes: { note: 'ä"\\', empty: '' },
    });
    await store.import([given]);
    const stored = await store.get(productIdOf('K-1'));
    expect(stored).toMatchObject(given);
    expect(stored?.version).toBe(1n);
    expect(stored?.updateTimeMicros).toBe(stored?.createTimeMicros);
  });

  test('counts what it created, changed and left alone, and leaves alone what is the same', async () => {
    expect(await store.import([product('A'), product('B')])).toMatchObject({
      created: 2,
      updated: 0,
      unchanged: 0,
    });
    const before = await store.get(productIdOf('A'));
    expect(
      await store.import([product('A'), product('B', { brand: 'Other' }), product('C')]),
    ).toMatchObject({
      created: 1,
      updated: 1,
      unchanged: 1,
    });
    expect(await store.get(productIdOf('A'))).toEqual(before);
  });

  test.each<[string, Partial<ProductContent>]>([
    ['name', { name: 'Other' }],
    ['description', { description: '' }],
    ['category', { category: 'garden' }],
    ['brand', { brand: 'Other' }],
    ['currency', { priceCurrencyCode: 'USD' }],
    ['amount', { priceMinorUnits: 1n }],
    ['attributes', { attributes: { colour: 'blue' } }],
  ])('sees a change of the %s and counts the version up', async (_property, changes) => {
    await store.import([product('A')]);
    const before = await store.get(productIdOf('A'));
    expect(await store.import([product('A', changes)])).toMatchObject({ updated: 1 });
    const after = await store.get(productIdOf('A'));
    expect(after).toMatchObject(changes);
    expect(after?.version).toBe(2n);
    expect(after?.createTimeMicros).toBe(before?.createTimeMicros);
    expect(after?.updateTimeMicros).toBeGreaterThan(before?.updateTimeMicros ?? 0n);
  });

  test('stores nothing of a batch when one product is refused by the database', async () => {
    const batch = [product('A'), product('B', { priceMinorUnits: -1n }), product('C')];
    await expect(store.import(batch)).rejects.toThrow(/products_price_minor_units_check/);
    expect(await store.list({ limit: 10 })).toEqual([]);
  });

  test('of the same products in opposite orders at once neither deadlocks nor doubles', async () => {
    const batch = Array.from({ length: 200 }, (_, index) => product(`S-${index}`));
    const imports = Array.from({ length: 6 }, (_, round) => {
      const changed = batch.map((entry) => ({ ...entry, brand: `Round ${round}` }));
      return store.import(round % 2 === 0 ? changed : changed.reverse());
    });
    const counts = await Promise.all(imports);
    expect(counts.reduce((sum, { created }) => sum + created, 0)).toBe(200);
    expect(await stocked()).toHaveLength(200);
  });
});

describe('listing', () => {
  test('goes through a category in the order of ids, over an index', async () => {
    await store.import(
      Array.from({ length: 60 }, (_, index) =>
        product(`L-${index}`, { category: index % 3 === 0 ? 'garden' : 'kitchen' }),
      ),
    );
    await stocked();
    const all = await store.list({ limit: 100, category: 'garden' });
    expect(all).toHaveLength(20);
    const ids = all.map((shown) => shown.product.productId);
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
    const fifth = all[4]?.product.productId ?? '';
    const rest = await store.list({ limit: 100, category: 'garden', afterProductId: fifth });
    expect(rest).toEqual(all.slice(5));
  });

  test('reads a page and no more, whatever the filter', async () => {
    const client = await pool.connect();
    try {
      // A small table is cheapest read whole; without that choice the plan shows the index.
      await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off');
      const plans: string[] = [];
      const explaining = new ProductStore({
        query: async ({ text, values }) => {
          const plan = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [
            ...(values ?? []),
          ]);
          plans.push(plan.rows.map((row) => row['QUERY PLAN']).join('\n'));
          return [];
        },
      });
      const afterProductId = productIdOf('A');
      await explaining.list({ limit: 10, afterProductId });
      await explaining.list({ limit: 10, afterProductId, category: 'garden' });
      expect(plans[0]).toMatch(/Index Scan using products_listed/);
      expect(plans[1]).toMatch(/Index Scan using products_by_category/);
      expect(plans.join('\n')).not.toMatch(/Sort/);
    } finally {
      client.release(true);
    }
  });

  test('of an unknown category or after the last product is empty', async () => {
    await store.import([product('A')]);
    expect(await store.list({ limit: 5, category: 'nothing' })).toEqual([]);
    expect(await store.list({ limit: 5, afterProductId: productIdOf('A') })).toEqual([]);
  });
});

test('the service role can change rows but not the schema', async () => {
  const change = (text: string) => database.query({ name: text.slice(0, 12), text });
  await expect(change('ALTER TABLE products ADD COLUMN x int')).rejects.toThrow(/owner/);
  await expect(change('DROP TABLE products')).rejects.toThrow(/owner/);
  await expect(change('CREATE TABLE other (x int)')).rejects.toThrow(/permission denied/);
});
