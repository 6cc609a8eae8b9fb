import { create, fromBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { Pool } from 'pg';
import {
  AdjustStockRequestSchema,
  AdjustStockResponseSchema,
  BatchGetProductsRequestSchema,
  CommitReservationRequestSchema,
  DiscontinueProductRequestSchema,
  DiscontinueProductResponseSchema,
  GetProductRequestSchema,
  GetProductResponseSchema,
  GetStockRequestSchema,
  ImportProductsRequestSchema,
  ListAllProductsRequestSchema,
  ListProductsRequestSchema,
  ListReservationsRequestSchema,
  ListStockRequestSchema,
  ReleaseReservationRequestSchema,
  ReserveStockRequestSchema,
  ReserveStockResponseSchema,
} from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { ProductDiscontinuedSchema } from './contract/gen/meridian/catalog/v1/events_pb.js';
import { ReservationStatus } from './contract/gen/meridian/catalog/v1/stock_pb.js';
import { productIdOf } from './product-id.ts';
import { STATUS_WORDS } from './reservation-store.ts';
import { RESERVATION_TRANSITIONS } from './reservation-transitions.ts';
import { countUnconserved } from './stock-conservation.ts';
import { emptyCatalog } from './testing/empty-catalog.ts';
import { callOf, handlersOver } from './testing/handlers-over.ts';

const ID = productIdOf('K-1');
const ORDER = '00000000-0000-4000-8000-000000000001';

let world: DatabaseWorld;
let pool: Pool;
let database: Database;
let handlers: ReturnType<typeof handlersOver>;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('catalog', 'services/catalog/migrations');
  ({ database } = await world.open('catalog'));
  handlers = handlersOver(database);
}, 90_000);

afterAll(() => world.close());

beforeEach(() => emptyCatalog(pool));

/** Imports products of which this many units are on hand. */
async function load(stock: number, ...skus: readonly string[]): Promise<void> {
  const products = skus.map((sku) => ({
    sku,
    name: `Kettle ${sku}`,
    category: 'kitchen',
    brand: 'Brandt',
    price: { currencyCode: 'EUR', minorUnits: 4990n },
    stock,
  }));
  await handlers.importProducts(create(ImportProductsRequestSchema, { products }), callOf());
}

async function getProduct(productId = ID) {
  const request = create(GetProductRequestSchema, { productId });
  return create(GetProductResponseSchema, await handlers.getProduct(request, callOf())).product;
}

async function getStock(productId = ID) {
  const { stock } = await handlers.getStock(create(GetStockRequestSchema, { productId }), callOf());
  return stock;
}

async function adjust(request: MessageInitShape<typeof AdjustStockRequestSchema>, key?: string) {
  const message = create(AdjustStockRequestSchema, { productId: ID, ...request });
  const call = callOf(key === undefined ? {} : { key });
  return create(AdjustStockResponseSchema, await handlers.adjustStock(message, call)).stock;
}

const by = (value: number) => ({ change: { case: 'difference' as const, value } });
const counted = (value: number, etag = '') => ({
  change: { case: 'onHand' as const, value },
  etag,
});

async function reserve(reservationId: string, ...lines: readonly (readonly [string, number])[]) {
  const request = create(ReserveStockRequestSchema, {
    reservationId,
    lines: lines.map(([sku, quantity]) => ({ productId: productIdOf(sku), quantity })),
  });
  return create(ReserveStockResponseSchema, await handlers.reserveStock(request, callOf()));
}

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RpcError);
  const { status, message } = error as RpcError;
  return `${status}: ${message}`;
}

describe('AdjustStock', () => {
  beforeEach(() => load(3, 'K-1'));

  test('adds a difference or sets what was counted, and a shopper sees what is not reserved', async () => {
    const arrived = await adjust(by(7));
    expect(arrived).toMatchObject({ onHand: 10, received: 10n, sold: 0n, version: 2n });
    await reserve(ORDER, ['K-1', 4]);
    expect(await getProduct()).toMatchObject({ stock: 6, version: 1n });
    const stock = await getStock();
    expect(await adjust(counted(5, stock?.etag))).toMatchObject({ onHand: 5, reserved: 4 });
    expect(await getProduct()).toMatchObject({ stock: 1, version: 1n });
    const { rows } = await pool.query(
      'SELECT kind, quantity FROM stock_movements ORDER BY version',
    );
    expect(rows).toEqual([
      { kind: 'received', quantity: 3 },
      { kind: 'received', quantity: 7 },
      { kind: 'corrected', quantity: -5 },
    ]);
  });

  test('refuses fewer units than are reserved, more than can be counted, and a stale etag', async () => {
    const { etag = '' } = (await getStock()) ?? {};
    await reserve(ORDER, ['K-1', 2]);
    expect(await refused(adjust(by(-2)))).toMatch(/^FAILED_PRECONDITION: .* 2 units are reserved/);
    expect(await refused(adjust(by(2_147_483_645)))).toMatch(/^FAILED_PRECONDITION: .*at most/);
    expect(await refused(adjust(counted(5, etag)))).toMatch(/^ABORTED: The stock has changed/);
    expect(await getStock()).toMatchObject({ onHand: 3, reserved: 2, version: 2n });
  });

  test('that comes twice under a key adds once', async () => {
    const first = await adjust(by(2), 'k');
    expect(await adjust(by(2), 'k')).toEqual(first);
    expect(await getStock()).toMatchObject({ onHand: 5, version: 2n });
  });

  test('of units that are there already changes nothing', async () => {
    const { etag = '' } = (await getStock()) ?? {};
    expect(await adjust(counted(3, etag))).toMatchObject({ version: 1n, etag });
  });

  test.each([
    [/^INVALID_ARGUMENT: difference must be given, or on_hand/, {}],
    [/^INVALID_ARGUMENT: difference must be any number but 0, got 0/, by(0)],
    [/^INVALID_ARGUMENT: etag must be given with on_hand/, counted(5)],
    [/^INVALID_ARGUMENT: on_hand must be at least 0, got -1/, counted(-1, 'e')],
    [/^NOT_FOUND/, { productId: productIdOf('other'), ...by(1) }],
    [/^NOT_FOUND/, { productId: 'other', ...by(1) }],
  ])('refuses with %s', async (reason, request) => {
    expect(await refused(adjust(request))).toMatch(reason);
  });
});

describe('a second import', () => {
  test('leaves what is on hand, reserved and sold, and gives new products their stock', async () => {
    await load(9, 'K-1');
    await reserve(ORDER, ['K-1', 4]);
    await load(9, 'K-1', 'K-2');
    expect(await getStock()).toMatchObject({ onHand: 9, reserved: 4, version: 2n });
    expect(await getStock(productIdOf('K-2'))).toMatchObject({ onHand: 9, version: 1n });
  });
});

describe('DiscontinueProduct', () => {
  const discontinue = async (etag = '') => {
    const request = create(DiscontinueProductRequestSchema, { productId: ID, etag });
    const answer = await handlers.discontinueProduct(request, callOf());
    return create(DiscontinueProductResponseSchema, answer).product;
  };

  test('leaves it out of lists, says since when, and sells nothing of it any more', async () => {
    await load(5, 'K-1', 'K-2');
    await reserve(ORDER, ['K-1', 2]);
    const product = await discontinue((await getProduct())?.etag);
    expect(product).toMatchObject({ stock: 0, version: 2n, discontinueTime: product?.updateTime });
    expect(await getProduct()).toEqual(product);
    const { products } = await handlers.listProducts(create(ListProductsRequestSchema), callOf());
    expect(products?.map(({ sku }) => sku)).toEqual(['K-2']);
    const late = await reserve('00000000-0000-4000-8000-000000000002', ['K-1', 1]);
    expect(late.shortages).toMatchObject([{ productId: ID, available: 0, reason: 2 }]);
    const commit = create(CommitReservationRequestSchema, { reservationId: ORDER });
    const { reservation } = await handlers.commitReservation(commit, callOf());
    expect(reservation?.status).toBe(ReservationStatus.COMMITTED);
  });

  test('happens once, with one event', async () => {
    await load(5, 'K-1');
    const product = await discontinue();
    expect(await discontinue()).toEqual(product);
    const { rows } = await pool.query<{ payload: Buffer }>(
      'SELECT payload FROM outbox WHERE type = $1',
      [ProductDiscontinuedSchema.typeName],
    );
    expect(rows.map(({ payload }) => fromBinary(ProductDiscontinuedSchema, payload))).toMatchObject(
      [{ product }],
    );
    expect(await refused(discontinue('1-old'))).toMatch(/^ABORTED/);
  });
});

test('BatchGetProducts answers in the order of the ids and leaves out what is unknown', async () => {
  await load(5, 'A', 'B', 'C');
  const [a, b, c] = ['A', 'B', 'C'].map(productIdOf);
  const get = async (...productIds: readonly (string | undefined)[]) => {
    const request = create(BatchGetProductsRequestSchema, {
      productIds: productIds.map((id) => id ?? ''),
    });
    const { products } = await handlers.batchGetProducts(request, callOf());
    return products?.map(({ sku }) => sku);
  };
  expect(await get(c, productIdOf('D'), 'no-id', a, b)).toEqual(['C', 'A', 'B']);
  expect(await refused(get(a, a))).toMatch(
    /product_ids\[1\] must be given once, got '.*' as in product_ids\[0\]/,
  );
  expect(await refused(get())).toMatch(/must have 1 to 100 entries, got 0/);
});

describe('a request about a reservation', () => {
  test.each([
    [/reservation_id must be a UUID/, { reservationId: 'order', lines: [] }],
    [/lines must have 1 to 100 entries, got 0/, { reservationId: ORDER, lines: [] }],
    [
      /quantity must be 1 to 1000, got 1001/,
      { reservationId: ORDER, lines: [{ productId: ID, quantity: 1001 }] },
    ],
    [
      /lines\[1\]\.product_id '.*' is in lines\[0\] already/,
      {
        reservationId: ORDER,
        lines: [
          { productId: ID, quantity: 1 },
          { productId: ID, quantity: 2 },
        ],
      },
    ],
  ])('is refused with %s', async (reason, request) => {
    const message = create(ReserveStockRequestSchema, request);
    expect(await refused(Promise.resolve(handlers.reserveStock(message, callOf())))).toMatch(
      reason,
    );
  });

  test('that names a product of no known form says that it is unknown', async () => {
    const message = create(ReserveStockRequestSchema, {
      reservationId: ORDER,
      lines: [{ productId: 'no-id', quantity: 1 }],
    });
    const { shortages } = await handlers.reserveStock(message, callOf());
    expect(shortages).toEqual([{ productId: 'no-id', requested: 1, available: 0, reason: 3 }]);
  });
});

test('products are all listed, page by page, those that nobody can buy any more too, without their stock', async () => {
  await load(5, 'A', 'B', 'C');
  const request = create(DiscontinueProductRequestSchema, { productId: productIdOf('A') });
  await handlers.discontinueProduct(request, callOf());
  const all = create(ListAllProductsRequestSchema, { pageSize: 2 });
  const first = await handlers.listAllProducts(all, callOf());
  const next = { ...all, pageToken: first.nextPageToken ?? '' };
  const second = await handlers.listAllProducts(next, callOf());
  expect(second.nextPageToken).toBe('');
  const listed = [...(first.products ?? []), ...(second.products ?? [])];
  const ids = ['A', 'B', 'C'].map(productIdOf);
  expect(listed.map(({ productId }) => productId)).toEqual(ids.toSorted());
  expect(listed.map(({ stock }) => stock)).toEqual([0, 0, 0]);
  const gone = listed.filter(({ discontinueTime }) => discontinueTime !== undefined);
  expect(gone).toMatchObject([{ sku: 'A', version: 2n }]);
});

test('stock and reservations are listed page by page', async () => {
  await load(5, 'A', 'B', 'C');
  await reserve(ORDER, ['A', 1]);
  const mark = create(ReleaseReservationRequestSchema, {
    reservationId: '00000000-0000-4000-8000-000000000002',
  });
  await handlers.releaseReservation(mark, callOf());
  const stock = create(ListStockRequestSchema, { pageSize: 2 });
  const first = await handlers.listStock(stock, callOf());
  const next = { ...stock, pageToken: first.nextPageToken ?? '' };
  const second = await handlers.listStock(next, callOf());
  expect([first.stock?.length, second.stock?.length, second.nextPageToken]).toEqual([2, 1, '']);
  const reservations = create(ListReservationsRequestSchema, { pageSize: 1 });
  const page = await handlers.listReservations(reservations, callOf());
  const rest = { ...reservations, pageToken: page.nextPageToken ?? '' };
  expect((await handlers.listReservations(rest, callOf())).reservations).toMatchObject([
    { reservationId: mark.reservationId, status: ReservationStatus.RELEASED, lines: [] },
  ]);
});

describe('the database', () => {
  test('allows the transitions of a reservation that the table has, and no other', async () => {
    const allowed = RESERVATION_TRANSITIONS.flatMap(({ from, to }) =>
      from === ReservationStatus.UNSPECIFIED ? [] : [`${String(from)} ${String(to)}`],
    );
    for (const [from, word] of STATUS_WORDS) {
      for (const [to, next] of STATUS_WORDS) {
        await emptyCatalog(pool);
        await pool.query(
          `INSERT INTO reservations (reservation_id, status, create_time, expire_time, update_time)
           VALUES ($1, $2, now(), now(), now())`,
          [ORDER, word],
        );
        const outcome = await pool
          .query('UPDATE reservations SET status = $1', [next])
          .then(() => `${String(from)} ${String(to)}`)
          .catch(String);
        if (allowed.includes(`${String(from)} ${String(to)}`))
          expect(outcome).toBe(`${String(from)} ${String(to)}`);
        else expect(outcome).toMatch(/refused by reservations_transitions/);
      }
    }
  });

  test.each([
    ['UPDATE stock SET reserved = on_hand + 1', /stock_check/],
    ['UPDATE stock SET reserved = -1', /stock_check/],
    ['UPDATE stock SET on_hand = on_hand - 1', /stock_conserved/],
    ['UPDATE stock_movements SET quantity = 1', /stock_movements_stay/],
    ['DELETE FROM stock_movements', /stock_movements_stay/],
    ['UPDATE reservation_lines SET quantity = 1', /reservation_lines_stay/],
    ['DELETE FROM reservation_lines', /reservation_lines_stay/],
  ])('refuses any writer %s', async (statement, reason) => {
    await load(5, 'K-1');
    await reserve(ORDER, ['K-1', 2]);
    await expect(pool.query(statement)).rejects.toThrow(reason);
  });

  test('shows each rule of conservation that somebody broke', async () => {
    await load(5, 'K-1', 'K-2', 'K-3');
    await reserve(ORDER, ['K-1', 2]);
    const none = { 'on-hand': 0, reserved: 0, movements: 0, discontinued: 0 };
    expect(await countUnconserved(database)).toEqual(none);
    await pool.query('UPDATE stock SET reserved = 1 WHERE product_id = $1', [ID]);
    expect(await countUnconserved(database)).toEqual({ ...none, reserved: 1 });
    await pool.query('UPDATE stock SET on_hand = on_hand + 1, received = received + 1');
    expect(await countUnconserved(database)).toEqual({ ...none, reserved: 1, movements: 3 });
    await pool.query('UPDATE products SET discontinue_time = create_time');
    expect((await countUnconserved(database)).discontinued).toBe(3);
  });
});
