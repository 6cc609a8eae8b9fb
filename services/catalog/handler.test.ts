import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { BadRequestSchema } from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '@meridian/kit/contract/gen/google/rpc/status_pb.js';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import fc from 'fast-check';
import type { Pool } from 'pg';
import {
  GetProductRequestSchema,
  GetProductResponseSchema,
  ImportProductsRequestSchema,
  ImportProductsResponseSchema,
  ListProductsRequestSchema,
  ListProductsResponseSchema,
  type ProductInputSchema,
} from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { productIdOf } from './product-id.ts';
import { emptyCatalog } from './testing/empty-catalog.ts';
import { callOf, handlersOver } from './testing/handlers-over.ts';

type Product = Omit<MessageInitShape<typeof ProductInputSchema>, '$typeName' | '$unknown'>;

const call = callOf();
let world: DatabaseWorld;
let pool: Pool;
let handlers: ReturnType<typeof handlersOver>;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('catalog', 'services/catalog/migrations');
  handlers = handlersOver((await world.open('catalog')).database);
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  await emptyCatalog(pool);
});

async function list(request: MessageInitShape<typeof ListProductsRequestSchema> = {}) {
  const answer = await handlers.listProducts(create(ListProductsRequestSchema, request), call);
  return create(ListProductsResponseSchema, answer);
}

async function get(productId: string) {
  const answer = await handlers.getProduct(create(GetProductRequestSchema, { productId }), call);
  return create(GetProductResponseSchema, answer);
}

async function load(...products: Product[]) {
  const request = create(ImportProductsRequestSchema, { products });
  return create(ImportProductsResponseSchema, await handlers.importProducts(request, call));
}

function product(sku: string, changes: Product = {}): Product {
  return {
    sku,
    name: `Kettle ${sku}`,
    category: 'kitchen',
    brand: 'Brandt',
    price: { currencyCode: 'EUR', minorUnits: 4990n },
    stock: 3,
    ...changes,
  };
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function refusal(work: Promise<unknown>): Promise<RpcError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RpcError);
  return error as RpcError;
}

function violationsIn(error: RpcError): readonly { field: string; description: string }[] {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const details = fromBinary(StatusSchema, bytes as Buffer).details;
  return details.flatMap((any) => anyUnpack(any, BadRequestSchema)?.fieldViolations ?? []);
}

describe('ListProducts', () => {
  test('of an empty catalogue is one empty page', async () => {
    expect(await list()).toMatchObject({ products: [], nextPageToken: '' });
  });

  test('gives 50 products where the request does not say how many', async () => {
    await load(...range(51).map((index) => product(`P-${index}`)));
    const page = await list();
    expect(page.products).toHaveLength(50);
    expect(page.nextPageToken).not.toBe('');
  });

  test.each([1, 7, 100])('has no next page after exactly one page of %d', async (pageSize) => {
    await load(...range(pageSize).map((index) => product(`P-${index}`)));
    const page = await list({ pageSize });
    expect(page.products).toHaveLength(pageSize);
    expect(page.nextPageToken).toBe('');
  });

  test('visits each of 500 products exactly once while others are added and changed', async () => {
    await load(...range(500).map((index) => product(`OLD-${index}`)));
    const seen: string[] = [];
    let pageToken = '';
    let round = 0;
    do {
      // Ids are spread evenly, so that some of these land before the walk and some after it.
      const [page] = await Promise.all([
        list({ pageSize: 37, pageToken }),
        load(
          ...range(20).map((index) => product(`NEW-${round}-${index}`)),
          ...range(20).map((index) => product(`OLD-${index * 25}`, { brand: `Round ${round}` })),
        ),
      ]);
      seen.push(...page.products.map(({ sku }) => sku));
      pageToken = page.nextPageToken;
      round += 1;
    } while (pageToken !== '');
    expect(new Set(seen).size).toBe(seen.length);
    const old = seen.filter((sku) => sku.startsWith('OLD-'));
    expect(old).toHaveLength(500);
    expect(seen.length).toBeGreaterThan(500);
  });

  test('visits each product of a category exactly once, for any page size', async () => {
    await load(
      ...range(90).map((index) =>
        product(`P-${index}`, { category: index % 2 === 0 ? 'garden' : 'kitchen' }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (pageSize) => {
        const seen: string[] = [];
        let pageToken = '';
        do {
          const page = await list({ pageSize, pageToken, category: 'garden' });
          expect(page.products.length).toBeLessThanOrEqual(pageSize);
          seen.push(...page.products.map(({ sku }) => sku));
          pageToken = page.nextPageToken;
        } while (pageToken !== '');
        expect(seen.sort()).toEqual(
          range(45)
            .map((index) => `P-${index * 2}`)
            .sort(),
        );
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    ['page_size', { pageSize: -1 }, /1 to 100.*got -1/],
    ['page_size', { pageSize: 101 }, /1 to 100.*got 101/],
    ['page_token', { pageToken: 'nonsense' }, /next_page_token.*begin again/],
    ['page_token', { pageToken: '\u0000' }, /begin again/],
    ['category', { category: 'Küche' }, /slug.*'Küche'/],
    ['category', { category: '\u0000' }, /slug/],
    ['category', { category: 'x'.repeat(64) }, /at most 63 characters, got 64/],
    ['category', { category: "x' OR 1=1" }, /slug/],
  ])('refuses a wrong %s and says what is allowed (%#)', async (field, request, description) => {
    const error = await refusal(list(request));
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(violationsIn(error)).toEqual([
      expect.objectContaining({ field, description: expect.stringMatching(description) }),
    ]);
    expect(error.message).toContain(field);
  });

  test('refuses a token of another category, since it would skip products', async () => {
    await load(...range(3).map((index) => product(`P-${index}`)));
    const { nextPageToken } = await list({ pageSize: 1 });
    const error = await refusal(list({ pageToken: nextPageToken, category: 'kitchen' }));
    expect(violationsIn(error)[0]?.field).toBe('page_token');
  });

  test('says everything that is wrong at once', async () => {
    const error = await refusal(list({ pageSize: 1000, category: '?' }));
    expect(violationsIn(error).map(({ field }) => field)).toEqual(['page_size', 'category']);
  });
});

describe('GetProduct', () => {
  test('gives all of a product', async () => {
    await load(product('K-1', { attributes: { colour: 'red' }, description: 'Boils.' }));
    const { product: found } = await get(productIdOf('K-1'));
    expect(found).toMatchObject({
      ...product('K-1', { attributes: { colour: 'red' }, description: 'Boils.' }),
      productId: productIdOf('K-1'),
      version: 1n,
      etag: expect.stringMatching(/^1-[0-9a-z]+$/),
    });
    const seconds = Number(found?.createTime?.seconds);
    expect(Math.abs(Date.now() / 1000 - seconds)).toBeLessThan(600);
    expect(found?.updateTime).toEqual(found?.createTime);
  });

  test('gives another etag after a change, and the same one after none', async () => {
    await load(product('K-1'));
    const first = (await get(productIdOf('K-1'))).product?.etag;
    await load(product('K-1'));
    expect((await get(productIdOf('K-1'))).product?.etag).toBe(first);
    await load(product('K-1', { brand: 'Other' }));
    expect((await get(productIdOf('K-1'))).product?.etag).not.toBe(first);
  });

  test.each([productIdOf('absent'), productIdOf('absent').toUpperCase(), 'no-such-product'])(
    'answers NOT_FOUND for the id %s',
    async (productId) => {
      const error = await refusal(get(productId));
      expect(error.status).toBe('NOT_FOUND');
      expect(error.message).toContain(productId);
    },
  );

  test.each(['', ' ', 'a b', "'; DROP TABLE products", '\u0000', 'é', '🫖', 'x'.repeat(65)])(
    'refuses the malformed id number %#',
    async (productId) => {
      const error = await refusal(get(productId));
      expect(error.status).toBe('INVALID_ARGUMENT');
      expect(violationsIn(error)[0]?.field).toBe('product_id');
    },
  );
});

describe('ImportProducts', () => {
  test('repeated changes nothing and says so', async () => {
    const batch = range(500).map((index) => product(`P-${index}`));
    expect(await load(...batch)).toMatchObject({ createdCount: 500, updatedCount: 0 });
    expect(await load(...batch)).toMatchObject({
      createdCount: 0,
      updatedCount: 0,
      unchangedCount: 500,
    });
  });

  test.each<[string, Product, RegExp]>([
    ['sku', { sku: '' }, /1 to 64/],
    ['sku', { sku: 'ü' }, /got 'ü'/],
    ['sku', { sku: 'x'.repeat(65) }, /1 to 64/],
    ['name', { name: ' ' }, /not blank, got ' '/],
    ['name', { name: '😀'.repeat(201) }, /1 to 200 characters, got 201/],
    ['name', { name: 'a\nb' }, /one line.*got 'a\\nb'/],
    ['brand', { brand: '' }, /1 to 100 characters, got 0/],
    ['brand', { brand: 'x'.repeat(101) }, /1 to 100 characters, got 101/],
    ['description', { description: 'x'.repeat(10_001) }, /at most 10000 characters, got 10001/],
    ['description', { description: 'a\u0000b' }, /control/],
    ['category', { category: '' }, /slug/],
    ['category', { category: 'a--b' }, /slug/],
    ['price.currency_code', { price: { currencyCode: 'eur', minorUnits: 1n } }, /ISO 4217/],
    ['price.minor_units', { price: { currencyCode: 'EUR', minorUnits: -1n } }, /got -1/],
    ['stock', { stock: -1 }, /at least 0, got -1/],
    ["attributes['A b']", { attributes: { 'A b': '' } }, /key/],
    ["attributes['a']", { attributes: { a: 'x'.repeat(1001) } }, /at most 1000/],
    ["attributes['a']", { attributes: { a: '\u0000' } }, /one line/],
    [
      'attributes',
      { attributes: Object.fromEntries(range(65).map((key) => [`k${key}`, ''])) },
      /at most 64 entries, got 65/,
    ],
  ])(
    'refuses a wrong %s and stores nothing of the batch (%#)',
    async (field, changes, description) => {
      const error = await refusal(load(product('GOOD'), product('BAD', changes)));
      expect(error.status).toBe('INVALID_ARGUMENT');
      expect(violationsIn(error)).toEqual([
        expect.objectContaining({
          field: `products[1].${field}`,
          description: expect.stringMatching(description),
        }),
      ]);
      expect((await list()).products).toEqual([]);
    },
  );

  test('takes names and descriptions up to their limits, counted in characters', async () => {
    await load(product('P', { name: '😀'.repeat(200), description: '語'.repeat(10_000) }));
    expect((await get(productIdOf('P'))).product?.name).toHaveLength(400);
  });

  test('refuses a product without a price', async () => {
    const unpriced = { sku: 'P', name: 'Kettle', category: 'kitchen', brand: 'Brandt' };
    expect(violationsIn(await refusal(load(unpriced)))[0]?.field).toBe('products[0].price');
  });

  test('refuses no products, more than 500, and a SKU given twice', async () => {
    expect((await refusal(load())).message).toMatch(/1 to 500 entries, got 0/);
    const many = range(501).map((index) => product(`P-${index}`));
    expect((await refusal(load(...many))).message).toMatch(/1 to 500 entries, got 501/);
    const twice = await refusal(load(product('A'), product('B'), product('A')));
    expect(twice.message).toBe("products[2].sku 'A' is in products[0] already");
  });

  test('keeps an answer to a batch of nonsense small enough for trailers', async () => {
    const nonsense = range(500).map((index) => product(`🫖${index}`, { name: '', brand: '' }));
    const error = await refusal(load(...nonsense));
    expect(error.message).toMatch(/; and 1497 more$/);
    const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
    expect((bytes as Buffer).length + encodeURIComponent(error.message).length).toBeLessThan(6144);
  });
});
