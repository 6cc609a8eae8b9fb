import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import {
  ImportProductsRequestSchema,
  ImportProductsResponseSchema,
} from '../contract/gen/meridian/catalog/v1/catalog_pb.js';
import { ProductStore } from '../store.ts';
import { callOf, handlersOver } from '../testing/handlers-over.ts';
import { loadCatalogue, type LoadOptions } from './load.ts';
import { productCount } from './product-count.ts';

let world: DatabaseWorld;
let store: ProductStore;
let importProducts: LoadOptions['importProducts'];

beforeAll(async () => {
  world = await DatabaseWorld.create();
  await world.createDatabase('catalog', 'services/catalog/migrations');
  const { database } = await world.open('catalog');
  store = new ProductStore(database);
  const handlers = handlersOver(database);
  importProducts = async (request) =>
    create(
      ImportProductsResponseSchema,
      await handlers.importProducts(create(ImportProductsRequestSchema, request), callOf()),
    );
}, 90_000);

afterAll(() => world.close());

function options(changes: Partial<LoadOptions> = {}): LoadOptions & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    count: 1234,
    importProducts,
    print: (line) => lines.push(line),
    signal: new AbortController().signal,
    pause: () => Promise.resolve(),
    lines,
    ...changes,
  };
}

const nothing = { createdCount: 0, updatedCount: 0, unchangedCount: 0 };

describe('loading the catalogue', () => {
  test('stores every product, and a second time changes nothing and says so', async () => {
    const first = options();
    expect(await loadCatalogue(first)).toEqual({ ...nothing, createdCount: 1234 });
    expect(first.lines[0]).toBe('Loading 1,234 products into catalog');
    expect(first.lines.at(-1)).toMatch(/^Done in .*: 1,234 created, 0 updated, 0 unchanged$/);
    expect(await store.list({ limit: 2000 })).toHaveLength(1234);

    const second = options();
    expect(await loadCatalogue(second)).toEqual({ ...nothing, unchangedCount: 1234 });
    expect(second.lines.at(-1)).toMatch(/^Nothing to change: .* these 1,234 products/);

    const longer = options({ count: 1300 });
    await loadCatalogue(longer);
    expect(longer.lines.at(-1)).toMatch(/: 66 created, 0 updated, 1,234 unchanged$/);
  });

  test('asks again when catalog is not there for a moment', async () => {
    let failures = 3;
    const flaky = options({
      importProducts: (request, callOptions) => {
        if (failures > 0) {
          failures -= 1;
          return Promise.reject(new RpcError('UNAVAILABLE', 'no connection'));
        }
        return importProducts(request, callOptions);
      },
    });
    const totals = await loadCatalogue(flaky);
    expect(totals.createdCount + totals.updatedCount + totals.unchangedCount).toBe(1234);
    expect(flaky.lines.filter((line) => line.includes('UNAVAILABLE'))).toHaveLength(3);
  });

  test('gives up after six attempts, with the reason', async () => {
    let attempts = 0;
    const dead = options({
      count: 1,
      importProducts: () => {
        attempts += 1;
        return Promise.reject(new RpcError('UNAVAILABLE', 'no connection'));
      },
    });
    await expect(loadCatalogue(dead)).rejects.toThrow('no connection');
    expect(attempts).toBe(6);
  });

  test('fails at once when catalog refuses, and starts no further batch', async () => {
    let calls = 0;
    const refused = options({
      count: 100_000,
      importProducts: () => {
        calls += 1;
        return Promise.reject(new RpcError('PERMISSION_DENIED', 'not on the list'));
      },
    });
    await expect(loadCatalogue(refused)).rejects.toThrow('not on the list');
    expect(calls).toBeLessThanOrEqual(4);
  });

  test('stops between batches when it is told to', async () => {
    const controller = new AbortController();
    let calls = 0;
    const stopped = options({
      count: 100_000,
      signal: controller.signal,
      importProducts: () => {
        calls += 1;
        if (calls === 5) controller.abort(new Error('Ctrl-C'));
        return Promise.resolve({ ...nothing, createdCount: 500 });
      },
    });
    await expect(loadCatalogue(stopped)).rejects.toThrow('Ctrl-C');
    expect(calls).toBeLessThan(10);
  });
});

describe('the number of products', () => {
  test('comes from the argument, else from SEED_PRODUCTS, else it is 10,000', () => {
    expect(productCount('7', { SEED_PRODUCTS: '8' })).toBe(7);
    expect(productCount(undefined, { SEED_PRODUCTS: '8' })).toBe(8);
    expect(productCount(undefined, { SEED_PRODUCTS: '' })).toBe(10_000);
    expect(productCount(undefined, {})).toBe(10_000);
    expect(productCount('1000000', {})).toBe(1_000_000);
  });

  test.each(['0', '-1', '1.5', '1e3', 'many', '', ' 5', '1000001'])('cannot be %j', (given) => {
    expect(() => productCount(given, {})).toThrow(CodedError);
    expect(() => productCount(given, {})).toThrow(/1 to 1000000, got/);
  });
});
