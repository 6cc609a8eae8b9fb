import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { OrderStatus } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import type { Order } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import type { EffectName } from '@meridian/orders/saga/state.ts';
import type { KillPoint } from './kill-point.ts';
import type { KilledPurchases } from './killed-purchases.ts';

/** What an order went through elsewhere, each thing as often as it happened. */
export interface Traces {
  readonly status: string;
  readonly effects: readonly string[];
  readonly stock: readonly number[];
  readonly reservationEvents: number;
  readonly operations: readonly string[];
  readonly ledgerEntries: readonly string[];
  readonly charges: readonly string[];
}

/** Ways that an order can go. */
export const COURSES = {
  'a purchase': {
    token: 'tok_ok',
    kinds: [
      'RESERVE_STOCK',
      'AUTHORIZE_PAYMENT',
      'COMMIT_RESERVATION',
      'CAPTURE_PAYMENT',
      'CONFIRM',
    ],
  },
  'a refund': { token: 'tok_ok', kinds: ['REFUND_PAYMENT'] },
  'a cancel after the capture': {
    token: 'tok_ok',
    kinds: ['RELEASE_RESERVATION', 'REFUND_PAYMENT'],
  },
  'a cancel before the capture': {
    token: 'tok_ok',
    kinds: ['RELEASE_RESERVATION', 'VOID_PAYMENT'],
  },
  'a decline and its expiry': {
    token: 'tok_declined',
    kinds: ['AUTHORIZE_PAYMENT', 'AWAIT_EXPIRY', 'RELEASE_RESERVATION'],
  },
} as const satisfies Readonly<
  Record<string, { readonly token: string; readonly kinds: readonly EffectName[] }>
>;

/** One of COURSES. */
export type Course = keyof typeof COURSES;

const alice = { subject: 'alice' };
let products = 0;

/** Has one order go a way while orders dies at these points; gives what it left everywhere. */
export async function traces(
  world: KilledPurchases,
  course: Course,
  points: readonly KillPoint[] = [],
): Promise<Traces> {
  products += 1;
  const productId = await world.purchases.product(`K-${products}`, 5);
  await world.dieAt(points);
  let held = course === 'a cancel before the capture';
  world.before = (method) => {
    if (held && method === 'commitReservation') throw new RpcError('UNAVAILABLE', 'held back');
  };
  const placed = await place(world, productId, COURSES[course].token);
  const { orderId } = placed;
  if (held) {
    await asked(world, orderId, 'COMMIT_RESERVATION');
    await command(world, `${orderId}-cancel`, (orders, options) =>
      orders.cancelOrder({ orderId, reason: '' }, options),
    );
    held = false;
  } else await goOn(world, course, orderId);
  const open = course === 'a purchase' || course === 'a refund';
  const end = open ? OrderStatus.CONFIRMED : OrderStatus.CANCELLED;
  await reaches(world, orderId, end);
  await nothingOpen(world, orderId);
  await world.allDied();
  return tracesOf(world, orderId, productId);
}

async function goOn(world: KilledPurchases, course: Course, orderId: string): Promise<void> {
  if (course === 'a decline and its expiry') {
    await reaches(world, orderId, OrderStatus.PAYMENT_DECLINED);
    await world.purchases.pool.query(
      `UPDATE order_effects SET due_at = now() WHERE order_id = $1 AND kind = 'AWAIT_EXPIRY'`,
      [orderId],
    );
    return;
  }
  await reaches(world, orderId, OrderStatus.CONFIRMED);
  if (course === 'a cancel after the capture') {
    await command(world, `${orderId}-cancel`, (orders, options) =>
      orders.cancelOrder({ orderId, reason: '' }, options),
    );
  }
  if (course === 'a refund') {
    const request = { orderId, amount: { currencyCode: 'EUR', minorUnits: 300n } };
    const support = { subject: 'sam', roles: ['support'] };
    await command(
      world,
      `${orderId}-refund`,
      (orders, options) => orders.refundOrder(request, options),
      support,
    );
  }
}

type Orders = ReturnType<KilledPurchases['orders']>;

/** What a client that repeats itself under one key comes to. */
function command<T>(
  world: KilledPurchases,
  idempotencyKey: string,
  ask: (orders: Orders, options: { readonly idempotencyKey: string }) => Promise<T>,
  by: { readonly subject: string; readonly roles?: readonly string[] } = alice,
): Promise<T> {
  return world.persist(() => ask(world.orders(by), { idempotencyKey }));
}

async function place(
  world: KilledPurchases,
  productId: string,
  paymentMethodToken: string,
): Promise<Order> {
  const items = [{ productId, quantity: 1 }];
  const { order } = await command(world, productId, (orders, options) =>
    orders.createOrder({ items, paymentMethodToken }, options),
  );
  if (order === undefined) throw new Error('no order was answered');
  return order;
}

async function reaches(
  world: KilledPurchases,
  orderId: string,
  status: OrderStatus,
): Promise<void> {
  await world.eventually(async () => {
    const { order } = await world.persist(() => world.orders(alice).getOrder({ orderId }));
    if (order?.status === status) return;
    throw new Error(`The order is ${OrderStatus[order?.status ?? 0]}, not ${OrderStatus[status]}`);
  });
}

async function asked(world: KilledPurchases, orderId: string, kind: EffectName): Promise<void> {
  await world.eventually(async () => {
    const text = 'SELECT 1 FROM order_effects WHERE order_id = $1 AND kind = $2';
    const { rowCount } = await world.purchases.pool.query(text, [orderId, kind]);
    if (rowCount === 0) throw new Error(`${kind} is not asked yet`);
  });
}

async function nothingOpen(world: KilledPurchases, orderId: string): Promise<void> {
  await world.eventually(async () => {
    const text = `SELECT kind FROM order_effects WHERE order_id = $1 AND status = 'DUE'`;
    const { rows } = await world.purchases.pool.query<{ kind: string }>(text, [orderId]);
    if (rows.length > 0) throw new Error(`${rows.map(({ kind }) => kind).join()} is open`);
  });
}

async function tracesOf(
  { purchases }: KilledPurchases,
  orderId: string,
  productId: string,
): Promise<Traces> {
  const { pool, catalogPool, payments } = purchases;
  const texts = async (from: typeof pool, query: string, value: string): Promise<string[]> => {
    const { rows } = await from.query<{ text: string }>(query, [value]);
    return rows.map(({ text }) => text);
  };
  const [status = ''] = await texts(
    pool,
    'SELECT phase AS text FROM orders WHERE order_id = $1',
    orderId,
  );
  const events = 'SELECT id::text AS text FROM outbox WHERE key = $1';
  return {
    status,
    effects: await texts(
      pool,
      `SELECT kind || ' ' || status || ' ' || outcome AS text FROM order_effects
       WHERE order_id = $1 ORDER BY sequence`,
      orderId,
    ),
    stock: await purchases.stock(productId),
    reservationEvents: (await texts(catalogPool, events, `${orderId}/reservation`)).length,
    operations: await texts(
      payments.pool,
      `SELECT kind || ' ' || status || ' ' || minor_units AS text FROM operations
       WHERE order_id = $1 ORDER BY sequence`,
      orderId,
    ),
    ledgerEntries: await texts(
      payments.pool,
      `SELECT account || ' ' || minor_units AS text FROM ledger_entries
       WHERE order_id = $1 ORDER BY 1`,
      orderId,
    ),
    charges: (await payments.charges(orderId)).map(
      ({ status: charge, captured, refunded }) => `${charge} ${captured} ${refunded}`,
    ),
  };
}
