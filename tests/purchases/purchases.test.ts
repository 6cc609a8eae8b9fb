import { create, fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OrderChangedSchema } from '@meridian/orders/contract/gen/meridian/orders/v1/events_pb.js';
import {
  CancelCause,
  OrderSchema,
  OrdersService,
  OrderStatus,
} from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import type { Order } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { askWhatIsAllowed } from '@meridian/kit/testing/ask-what-is-allowed.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { EffectStore } from '@meridian/orders/effect-store.ts';
import type { EffectBacklog } from '@meridian/orders/effect-store.ts';
import { STUCK_MS } from '@meridian/orders/saga/phases.ts';
import { reasonOf } from '@meridian/kit/testing/reason-of.ts';
import { callBy } from './in-process.ts';
import { PurchasesUnderTest } from './purchases-under-test.ts';
import type { OrdersReplica } from './purchases-under-test.ts';

const { CONFIRMED, CANCELLED, PAYMENT_DECLINED } = OrderStatus;
const { method } = OrdersService;
let purchases: PurchasesUnderTest;
let replica: OrdersReplica;

beforeAll(async () => {
  purchases = await PurchasesUnderTest.start();
  replica = await purchases.open();
  purchases.deliver(replica);
}, 90_000);

afterAll(() => purchases.stop());

/** The effects of an order that were not dropped, and what came of them. */
async function effects({ orderId }: Order): Promise<readonly string[]> {
  const { rows } = await purchases.pool.query<{ text: string }>(
    `SELECT kind || ' ' || outcome AS text FROM order_effects
     WHERE order_id = $1 AND status <> 'DROPPED' ORDER BY sequence`,
    [orderId],
  );
  return rows.map(({ text }) => text);
}

const REFUSED_REFUND = 'REFUND_PAYMENT REFUSED: refused';

function backlog(): Promise<EffectBacklog> {
  return new EffectStore(replica.process.database).backlog(STUCK_MS);
}

/** The order as its customer gets it back from a write. */
async function cancel({ orderId }: Order, reason = ''): Promise<Order> {
  const request = create(method.cancelOrder.input, { orderId, reason });
  const answer = await replica.handlers.cancelOrder(request, callBy({ subject: 'alice' }));
  return create(OrderSchema, answer.order);
}

async function refund({ orderId }: Order, minorUnits: bigint, currencyCode = 'EUR') {
  const amount = { currencyCode, minorUnits };
  const request = create(method.refundOrder.input, { orderId, amount });
  await replica.handlers.refundOrder(request, callBy({ subject: 'sam', roles: ['support'] }));
}

async function pay({ orderId }: Order, subject = 'alice'): Promise<void> {
  const request = create(method.payOrder.input, { orderId, paymentMethodToken: 'tok_ok' });
  await replica.handlers.payOrder(request, callBy({ subject }));
}

/** Why the state of things forbids it. */
async function forbidden(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(() => 'nothing', reasonOf);
}

test('a purchase goes through each step, sells the goods once and keeps no token', async () => {
  const product = await purchases.product('P-1', 5);
  const placed = await purchases.order(replica, product, 'tok_ok', { quantity: 2 });
  expect(placed).toMatchObject({ status: OrderStatus.PENDING, version: 1n });
  const done = await purchases.reaches(replica, placed.orderId, CONFIRMED);
  expect(done.total).toMatchObject({ currencyCode: 'EUR', minorUnits: 2_000n });
  expect(done.lines).toMatchObject([{ name: 'Product P-1', quantity: 2 }]);
  expect(await purchases.stock(product)).toEqual([3, 0, 2]);
  expect(await effects(placed)).toEqual([
    'RESERVE_STOCK ACTIVE',
    'AUTHORIZE_PAYMENT AUTHORIZED',
    'COMMIT_RESERVATION COMMITTED',
    'CAPTURE_PAYMENT CAPTURED',
    'CONFIRM CONFIRMED',
  ]);
  const { rows } = await purchases.pool.query<{ payload: Buffer; headers: object }>(
    'SELECT payload, headers FROM outbox WHERE key = $1 ORDER BY version',
    [placed.orderId],
  );
  const told = rows.map(({ payload }) => fromBinary(OrderChangedSchema, payload).order);
  expect(told.map((order) => [order?.version, OrderStatus[order?.status ?? 0]])).toEqual([
    ...[
      [1n, 'PENDING'],
      [2n, 'RESERVED'],
      [3n, 'PAID'],
      [4n, 'CONFIRMED'],
    ],
  ]);
  expect(rows.map(({ headers }) => headers)).toMatchObject(
    rows.map(() => ({ ce_correlationid: placed.orderId })),
  );
  const kept = await purchases.pool.query('SELECT 1 FROM orders WHERE payment_method_token <> $1', [
    '',
  ]);
  expect(kept.rows).toEqual([]);
}, 30_000);

test('a decline can be paid after by other means, within the same payment', async () => {
  const placed = await purchases.order(replica, await purchases.product('P-2', 1), 'tok_declined');
  const declined = await purchases.reaches(replica, placed.orderId, PAYMENT_DECLINED);
  expect(declined.declineCode).not.toBe('');
  await expect(pay(placed, 'mallory')).rejects.toMatchObject({ status: 'NOT_FOUND' });
  await pay(placed);
  await purchases.reaches(replica, placed.orderId, CONFIRMED);
  const [charge] = await purchases.payments.charges(placed.orderId);
  expect(charge).toBeDefined();
}, 30_000);

test('a decline that nobody pays after ends when the reservation does', async () => {
  const product = await purchases.product('P-3', 1);
  const placed = await purchases.order(replica, product, 'tok_insufficient_funds');
  await purchases.reaches(replica, placed.orderId, PAYMENT_DECLINED);
  await purchases.pool.query(
    `UPDATE order_effects SET due_at = now() WHERE order_id = $1 AND kind = 'AWAIT_EXPIRY'`,
    [placed.orderId],
  );
  const ended = await purchases.reaches(replica, placed.orderId, CANCELLED);
  expect(ended.cancelCause).toBe(CancelCause.PAYMENT_DECLINED);
  expect(await purchases.stock(product)).toEqual([1, 0, 0]);
}, 30_000);

test.each(['tok_timeout', 'tok_timeout_lost', 'tok_duplicate', 'tok_early_webhook', 'tok_flaky'])(
  'a purchase with %s is charged once',
  async (token) => {
    const product = await purchases.product(`P-${token}`, 1);
    const { orderId } = await purchases.order(replica, product, token);
    await purchases.reaches(replica, orderId, CONFIRMED);
    const charges = await purchases.payments.charges(orderId);
    expect(charges.map(({ captured }) => Number(captured))).toEqual([1_000]);
  },
  30_000,
);

test('too little stock cancels the order', async () => {
  const product = await purchases.product('P-4', 1);
  const { orderId } = await purchases.order(replica, product, 'tok_ok', { quantity: 2 });
  const ended = await purchases.reaches(replica, orderId, CANCELLED);
  expect(ended.cancelCause).toBe(CancelCause.OUT_OF_STOCK);
  expect(await purchases.stock(product)).toEqual([1, 0, 0]);
}, 30_000);

test('a confirmed order can be refunded in parts, and its cancel gives back the rest and the goods', async () => {
  const product = await purchases.product('P-5', 1);
  const placed = await purchases.order(replica, product, 'tok_ok');
  await purchases.reaches(replica, placed.orderId, CONFIRMED);
  await refund(placed, 300n);
  expect(await forbidden(refund(placed, 701n))).toBe('REFUND_EXCEEDS_CAPTURED');
  expect(await forbidden(refund(placed, 1n, 'USD'))).toBe('REFUND_CURRENCY_DIFFERS');
  expect(await forbidden(pay(placed))).toBe('ORDER_NOT_PAYABLE');
  await refund(placed, 200n);
  await cancel(placed, 'changed my mind');
  const ended = await purchases.reaches(replica, placed.orderId, CANCELLED);
  expect(ended).toMatchObject({
    cancelReason: 'changed my mind',
    refunded: { minorUnits: 1_000n },
  });
  expect(await forbidden(refund(placed, 1n))).toBe('ORDER_NOT_REFUNDABLE');
  expect(await purchases.stock(product)).toEqual([1, 0, 0]);
  const [charge] = await purchases.payments.charges(placed.orderId);
  expect(Number(charge?.refunded)).toBe(1_000);
  const { rows } = await purchases.pool.query('SELECT 1 FROM outbox WHERE payload LIKE $1', [
    Buffer.from('%changed my mind%'),
  ]);
  expect(rows).toEqual([]);
}, 30_000);

test('a refund that the provider refuses is seen, asked for again, and its order found as stuck', async () => {
  const product = await purchases.product('P-10', 1);
  const placed = await purchases.order(replica, product, 'tok_ok_refund_refused');
  await purchases.reaches(replica, placed.orderId, CONFIRMED);
  await refund(placed, 300n);
  const refused = await eventually(async () => {
    const order = await purchases.get(replica, placed.orderId);
    expect(order.refundDeclineCode).toBe('refused');
    return order;
  });
  expect(refused).toMatchObject({ status: CONFIRMED, refunded: { minorUnits: 0n } });
  const { stuckOrders } = await backlog();
  await cancel(placed);
  for (const times of [2, 3, 4]) {
    await eventually(async () => {
      await purchases.pool.query(
        `UPDATE order_effects SET due_at = now() WHERE order_id = $1 AND due_at > now()
           AND kind = 'REFUND_PAYMENT' AND attempts = 0 AND status = 'DUE'`,
        [placed.orderId],
      );
      const found = (await effects(placed)).filter((each) => each === REFUSED_REFUND);
      expect(found.length).toBeGreaterThanOrEqual(times);
    });
  }
  expect(await backlog()).toMatchObject({ stuckOrders });
  await purchases.pool.query(
    `UPDATE orders SET create_time = create_time - interval '6 minutes',
       update_time = update_time - interval '6 minutes' WHERE order_id = $1`,
    [placed.orderId],
  );
  // Its newest effect is seconds old.
  expect(await backlog()).toMatchObject({ stuckOrders: stuckOrders + 1 });
}, 30_000);

test('a double click buys once, and another token under its key is another request', async () => {
  const product = await purchases.product('P-6', 3);
  const key = 'click';
  const [first, again] = await Promise.all([
    purchases.order(replica, product, 'tok_ok', { key }),
    purchases.order(replica, product, 'tok_ok', { key }),
  ]);
  expect(again).toEqual(first);
  await expect(purchases.order(replica, product, 'tok_ok-2', { key })).rejects.toMatchObject({
    status: 'FAILED_PRECONDITION',
  });
  const other = await purchases.order(replica, product, 'tok_ok', { key, subject: 'bob' });
  expect(other.orderId).not.toBe(first.orderId);
});

test('a total that the customer was not shown, and what cannot be sold, are refused', async () => {
  const productId = await purchases.product('P-7', 1);
  const place = async (request: Parameters<typeof create<typeof method.createOrder.input>>[1]) =>
    replica.handlers.createOrder(
      create(method.createOrder.input, { paymentMethodToken: 'tok_ok', ...request }),
      callBy({ subject: 'alice' }),
    );
  const items = [{ productId, quantity: 1 }];
  await expect(
    place({ items, expectedTotal: { currencyCode: 'EUR', minorUnits: 999n } }),
  ).rejects.toMatchObject({ status: 'ABORTED', message: /is 1000 minor units of EUR/ });
  const unknown = { productId: '00000000-0000-4000-8000-000000000000', quantity: 1 };
  await expect(place({ items: [...items, unknown] })).rejects.toMatchObject({
    ...{ status: 'FAILED_PRECONDITION', message: /items\[1\].product_id/ },
  });
  const many = { productId, quantity: 1000 };
  await expect(place({ items: [...items, many] })).rejects.toMatchObject({
    ...{ status: 'FAILED_PRECONDITION', message: /items\[0\].quantity .* got 1001/ },
  });
  const { order } = await place({ items: [...items, ...items] });
  expect(order).toMatchObject({
    lines: [{ productId, quantity: 2 }],
    total: { minorUnits: 2000n },
  });
  await expect(place({ items: [] })).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
});

test('whatever the contract allows is refused only for what there is', async () => {
  const productId = await purchases.product('P-9', 1);
  const { orderId } = await purchases.order(replica, productId, 'tok_ok');
  await askWhatIsAllowed(OrdersService, replica.handlers, {
    ...{
      numRuns: 15,
      known: { orderId, etag: '', pageToken: '' },
      call: () => callBy({ subject: 'alice' }),
    },
  });
});

describe('a read that waits', () => {
  const wait = { seconds: 20n };

  test('is answered at the next change, also of another replica, and a drain answers it', async () => {
    const product = await purchases.product('P-8', 1);
    const placed = await purchases.order(replica, product, 'tok_declined');
    const declined = await purchases.reaches(replica, placed.orderId, PAYMENT_DECLINED);
    const other = await purchases.open();
    const read = async (ifNoneMatch: string) => {
      const request = create(method.getOrder.input, { orderId: placed.orderId, ifNoneMatch, wait });
      const { order } = await other.handlers.getOrder(request, callBy({ subject: 'alice' }));
      return create(OrderSchema, order);
    };
    expect((await read('another')).etag).toBe(declined.etag);
    const [changed] = await Promise.all([read(declined.etag), cancel(placed)]);
    expect(changed.version).toBeGreaterThan(declined.version);
    const ended = await purchases.reaches(replica, placed.orderId, CANCELLED);
    const waiting = read(ended.etag);
    await other.process.runtime.stop();
    expect((await waiting).etag).toBe(ended.etag);
  }, 30_000);
});

test.each(['reserveStock', 'authorizePayment', 'commitReservation', 'capturePayment'])(
  'a replica that hangs in %s forever is finished for by another',
  async (hanging) => {
    const product = await purchases.product(`P-hangs-${hanging}`, 1);
    let hung = 0;
    purchases.before = (called) => {
      if (called !== hanging || hung > 0) return undefined;
      hung += 1;
      return new Promise<void>(() => undefined);
    };
    const { orderId } = await purchases.order(replica, product, 'tok_ok');
    await purchases.reaches(replica, orderId, CONFIRMED);
    expect(hung).toBe(1);
    expect(await purchases.stock(product)).toEqual([0, 0, 1]);
  },
  30_000,
);
