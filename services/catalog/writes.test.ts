import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  BadRequestSchema,
  ErrorInfoSchema,
} from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '@meridian/kit/contract/gen/google/rpc/status_pb.js';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { askWhatIsAllowed } from '@meridian/kit/testing/ask-what-is-allowed.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import type { Pool } from 'pg';
import { catalogEvents } from './topics.ts';
import {
  CatalogService,
  CreateProductRequestSchema,
  CreateProductResponseSchema,
  ImportProductsRequestSchema,
  UpdateProductRequestSchema,
  UpdateProductResponseSchema,
} from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import {
  ProductCreatedSchema,
  ProductUpdatedSchema,
} from './contract/gen/meridian/catalog/v1/events_pb.js';
import { productIdOf } from './product-id.ts';
import { emptyCatalog } from './testing/empty-catalog.ts';
import { callOf, handlersOver } from './testing/handlers-over.ts';

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

const KETTLE = {
  sku: 'K-1',
  name: 'Kettle',
  category: 'kitchen',
  brand: 'Brandt',
  price: { currencyCode: 'EUR', minorUnits: 4990n },
  stock: 3,
  attributes: { colour: 'red' },
};

async function createProduct(
  product: MessageInitShape<typeof CreateProductRequestSchema>['product'],
  call = callOf(),
) {
  const request = create(CreateProductRequestSchema, { ...(product && { product }) });
  const answer = create(CreateProductResponseSchema, await handlers.createProduct(request, call));
  return answer.product;
}

async function updateProduct(
  request: MessageInitShape<typeof UpdateProductRequestSchema>,
  call = callOf(),
) {
  const message = create(UpdateProductRequestSchema, { productId: productIdOf('K-1'), ...request });
  const answer = create(UpdateProductResponseSchema, await handlers.updateProduct(message, call));
  return answer.product;
}

/** The events of products in the outbox, decoded, in the order of their positions. */
async function events() {
  const { rows } = await pool.query<{ topic: string; key: string; type: string; payload: Buffer }>(
    "SELECT topic, key, type, payload FROM outbox WHERE key NOT LIKE '%/stock' ORDER BY position",
  );
  return rows.map(({ topic, key, type, payload }) => {
    const schema =
      type === ProductCreatedSchema.typeName ? ProductCreatedSchema : ProductUpdatedSchema;
    expect([topic, schema.typeName]).toEqual([catalogEvents.name, type]);
    const { product } = fromBinary(schema, payload);
    expect(key).toBe(product?.productId);
    return { type: schema.name, product };
  });
}

async function refusal(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RpcError);
  const { status, message, metadata } = error as RpcError;
  const [bytes] = metadata?.get('grpc-status-details-bin') ?? [];
  const details = bytes === undefined ? [] : fromBinary(StatusSchema, bytes as Buffer).details;
  return {
    status,
    message,
    reason: details.map((any) => anyUnpack(any, ErrorInfoSchema)?.reason)[0],
    fields: details.flatMap((any) =>
      (anyUnpack(any, BadRequestSchema)?.fieldViolations ?? []).map(({ field }) => field),
    ),
  };
}

describe('CreateProduct', () => {
  test('stores the product and leaves its event', async () => {
    const product = await createProduct(KETTLE);
    expect(product).toMatchObject({ ...KETTLE, productId: productIdOf('K-1'), version: 1n });
    expect(await events()).toEqual([{ type: 'ProductCreated', product: { ...product, stock: 0 } }]);
  });

  test('refuses a SKU that is there, and a product that is not one, without an event', async () => {
    await createProduct(KETTLE);
    expect((await refusal(createProduct({ ...KETTLE, name: 'Other' }))).status).toBe(
      'ALREADY_EXISTS',
    );
    const { status, fields } = await refusal(createProduct({ ...KETTLE, name: '', stock: -1 }));
    expect([status, fields]).toEqual(['INVALID_ARGUMENT', ['product.name', 'product.stock']]);
    expect((await refusal(createProduct(undefined))).fields).toEqual(['product']);
    expect(await events()).toHaveLength(1);
  });
});

describe('UpdateProduct', () => {
  test('changes what the mask names and nothing else, with one event', async () => {
    const before = await createProduct(KETTLE);
    const after = await updateProduct({
      product: { name: 'ignored', price: { currencyCode: 'USD', minorUnits: 1n }, brand: 'New' },
      updateMask: { paths: ['price', 'brand'] },
    });
    expect(after).toMatchObject({
      ...KETTLE,
      price: { currencyCode: 'USD', minorUnits: 1n },
      brand: 'New',
      version: 2n,
    });
    expect(after?.etag).not.toBe(before?.etag);
    expect((await events()).slice(1)).toEqual([
      { type: 'ProductUpdated', product: { ...after, stock: 0 } },
    ]);
  });

  test('without a mask changes what is given, and with * all but the SKU', async () => {
    await createProduct(KETTLE);
    const named = await updateProduct({ product: { name: 'Samovar' } });
    expect(named).toMatchObject({ ...KETTLE, name: 'Samovar' });
    const { sku, stock, ...rest } = KETTLE;
    const whole = { ...rest, attributes: {}, description: '' };
    const replaced = await updateProduct({ product: whole, updateMask: { paths: ['*'] } });
    expect(replaced).toMatchObject({ sku, name: 'Kettle', attributes: {}, stock });
  });

  test('empties what a mask names without a value, and keeps what no product can be without', async () => {
    await createProduct({ ...KETTLE, description: 'Boils.' });
    const one = await updateProduct({ product: {}, updateMask: { paths: ['attributes', 'name'] } });
    expect(one).toMatchObject({
      name: 'Kettle',
      description: 'Boils.',
      attributes: {},
      version: 2n,
    });
    const all = await updateProduct({ product: { brand: 'New' }, updateMask: { paths: ['*'] } });
    const { name, category, price } = KETTLE;
    expect(all).toMatchObject({ name, category, price, brand: 'New', description: '' });
  });

  test('that changes nothing leaves version and etag, and no event', async () => {
    const before = await createProduct(KETTLE);
    expect(await updateProduct({ product: { name: 'Kettle', brand: 'Brandt' } })).toEqual(before);
    expect(await updateProduct({ product: {} })).toEqual(before);
    expect(await events()).toHaveLength(1);
  });

  test('refuses a stale etag and takes the current one', async () => {
    const before = await createProduct(KETTLE);
    const etag = before?.etag ?? '';
    await updateProduct({ product: { brand: 'B1' }, etag });
    const { status, reason } = await refusal(updateProduct({ product: { brand: 'B2' }, etag }));
    expect([status, reason]).toEqual(['ABORTED', 'ETAG_MISMATCH']);
    expect(await events()).toHaveLength(2);
  });

  test('compares the etag with what a change under way leaves', async () => {
    const { etag = '' } = (await createProduct(KETTLE)) ?? {};
    const other = await pool.connect();
    await other.query('BEGIN');
    await other.query("UPDATE products SET brand = 'Other', version = version + 1");
    const refused = refusal(updateProduct({ product: { brand: 'B1' }, etag }));
    await eventually(async () => {
      const { rows } = await pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      expect(rows).toHaveLength(1);
    });
    await other.query('COMMIT');
    other.release();
    expect((await refused).reason).toBe('ETAG_MISMATCH');
  });

  test('of twenty at once with one etag, one succeeds', async () => {
    const { etag = '' } = (await createProduct(KETTLE)) ?? {};
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        updateProduct({ product: { brand: `B${index}` }, etag }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await events()).toHaveLength(2);
  });

  test('twenty at once without an etag leave an event for each version, in its order', async () => {
    await createProduct(KETTLE);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => updateProduct({ product: { brand: `B${index}` } })),
    );
    const versions = (await events()).map(({ product }) => Number(product?.version));
    expect(versions).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });

  test.each([
    ['update_mask', { product: { brand: 'B1' }, updateMask: { paths: ['product_id'] } }],
    ['update_mask', { product: { brand: 'B1' }, updateMask: { paths: ['price.minor_units'] } }],
    ['product', { updateMask: { paths: ['brand'] } }],
    ['update_mask', { product: {}, updateMask: { paths: ['stock'] } }],
    ['update_mask', { product: { brand: 'B1' }, updateMask: { paths: ['sku', 'brand'] } }],
    ['product.price.currency_code', { product: { price: { minorUnits: 5n } } }],
    ['product.name', { product: { name: ' ' } }],
    ['product.brand', { product: { name: 'Kettle', brand: '' }, updateMask: { paths: ['name'] } }],
    ['product_id', { productId: 'a b', product: { brand: 'B1' } }],
  ])('refuses a wrong %s (%#)', async (field, request) => {
    await createProduct(KETTLE);
    const { status, fields } = await refusal(updateProduct(request));
    expect(status).toBe('INVALID_ARGUMENT');
    expect(fields).toContain(field);
    expect(await events()).toHaveLength(1);
  });

  test.each([productIdOf('absent'), 'no-such-product'])(
    'knows no product %s',
    async (productId) => {
      const { status } = await refusal(updateProduct({ productId, product: { brand: 'B1' } }));
      expect(status).toBe('NOT_FOUND');
    },
  );
});

describe('ImportProducts', () => {
  test('leaves an event for each product that it changed', async () => {
    await createProduct(KETTLE);
    const products = [
      { ...KETTLE, brand: 'Other', stock: 9 },
      { ...KETTLE, sku: 'K-2' },
    ];
    const request = create(ImportProductsRequestSchema, { products });
    await handlers.importProducts(request, callOf());
    await handlers.importProducts(request, callOf());
    const found = (await events()).map(({ type, product }) => `${type} ${product?.sku}`);
    expect((await updateProduct({ product: { brand: 'Other' } }))?.stock).toBe(KETTLE.stock);
    expect(found).toEqual(['ProductCreated K-1', 'ProductUpdated K-1', 'ProductCreated K-2']);
  });
});

test('whatever the contract allows is refused only for what there is', async () => {
  const { productId = '', etag = '' } = (await createProduct(KETTLE)) ?? {};
  await askWhatIsAllowed(CatalogService, handlers, {
    ...{ numRuns: 25, known: { productId, etag, pageToken: '' }, call: callOf },
  });
});

describe('a write with an idempotency key', () => {
  test('that comes twice acts once and gets the same answer', async () => {
    const first = await createProduct(KETTLE, callOf({ key: 'k' }));
    await updateProduct({ product: { brand: 'B1' } });
    expect(await createProduct(KETTLE, callOf({ key: 'k' }))).toEqual(first);
    expect(await events()).toHaveLength(2);
  });

  test('is another write with another key, method or subject', async () => {
    await createProduct(KETTLE, callOf({ key: 'k' }));
    await updateProduct({ product: { brand: 'B1' } }, callOf({ key: 'k' }));
    const other = callOf({ key: 'k', peer: 'spiffe://meridian.local/other' });
    expect((await refusal(createProduct(KETTLE, other))).status).toBe('ALREADY_EXISTS');
  });
});
