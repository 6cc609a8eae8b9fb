import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from '@jest/globals';
import {
  ReservationSchema,
  ReservationStatus,
  StockSchema,
} from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import { MoneySchema } from '@meridian/kit/contract/gen/meridian/type/v1/money_pb.js';
import {
  BalanceSchema,
  PaymentSchema,
  PaymentStatus,
} from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { OrderSchema, OrderStatus } from '../contract/gen/meridian/orders/v1/orders_pb.js';
import type { Books } from './books.ts';
import { checkConservation } from './check.ts';

const euros = (minorUnits: bigint) => ({ currencyCode: 'EUR', minorUnits });
const euro = (minorUnits: bigint) => create(MoneySchema, euros(minorUnits));

/** One confirmed order of two lamps, one cancelled order, and a lamp that is held. */
function soundWorld() {
  const order = (orderId: string, status: OrderStatus) =>
    create(OrderSchema, {
      ...{ orderId, status, version: 5n, total: euros(200n) },
      lines: [{ productId: 'lamp', quantity: 2, unitPrice: euros(100n) }],
    });
  const payment = (orderId: string, status: PaymentStatus) =>
    create(PaymentSchema, { orderId, status, version: 3n, amount: euros(200n) });
  const reservation = (reservationId: string, status: ReservationStatus, quantity: number) =>
    create(ReservationSchema, {
      ...{ reservationId, status, version: 2n },
      lines: [{ productId: 'lamp', quantity }],
    });
  const lamp = create(StockSchema, {
    ...{ productId: 'lamp', onHand: 8, reserved: 1, received: 10n, sold: 2n, version: 9n },
  });
  const paid = payment('bought', PaymentStatus.CAPTURED);
  const voided = payment('left', PaymentStatus.VOIDED);
  const sold = reservation('bought', ReservationStatus.COMMITTED, 2);
  const freed = reservation('left', ReservationStatus.RELEASED, 2);
  const income = create(BalanceSchema, { account: 'provider', amount: euros(200n) });
  const books = {
    stock: [lamp],
    orders: [order('bought', OrderStatus.CONFIRMED), order('left', OrderStatus.CANCELLED)],
    payments: [paid, voided],
    reservations: [sold, freed, reservation('under-way', ReservationStatus.ACTIVE, 1)],
    balances: [income, create(BalanceSchema, { account: 'sales', amount: euros(-200n) })],
  };
  return { ...{ lamp, paid, voided, sold, freed, income }, books };
}

type World = ReturnType<typeof soundWorld>;

async function check(...readings: readonly Books[]) {
  let read = 0;
  const found = await checkConservation(
    () => Promise.resolve(readings[Math.min(read++, readings.length - 1)] ?? soundWorld().books),
    () => Promise.resolve(),
  );
  return { ...found, read };
}

function broken(breakIt: (world: World) => void): Books {
  const world = soundWorld();
  breakIt(world);
  return world.books;
}

describe('books that agree', () => {
  test('are read once, and counted', async () => {
    expect(await check(soundWorld().books)).toEqual({
      ...{ products: 1, reservations: 3, orders: 2, ordersUnderWay: 0, payments: 2, captures: 1 },
      ...{ ledger: [{ currency: 'EUR', sum: '0' }], discrepancies: [], unsettled: [], read: 1 },
    });
  });
});

describe('books that do not agree', () => {
  test.each<[string, (world: World) => void, string]>([
    ['a unit that came from nowhere', ({ lamp }) => (lamp.onHand += 1), 'on hand + sold'],
    ['a sale that is forgotten', ({ lamp }) => (lamp.sold -= 1n), 'sold = lines'],
    ['a hold that nobody has', ({ lamp }) => (lamp.reserved += 1), 'reserved = lines'],
    ['more held than there is', ({ lamp }) => (lamp.reserved = 9), '0 ≤ reserved'],
    ['a confirmed order that was not paid', ({ books }) => void books.payments.shift(), 'captured'],
    [
      'a confirmed order that was paid in part',
      ({ paid }) => (paid.amount = euro(199n)),
      'captured',
    ],
    ['a refund that the order does not know', ({ paid }) => (paid.refunded = euro(1n)), 'captured'],
    [
      'a confirmed order without its goods',
      ({ sold }) => (sold.status = ReservationStatus.EXPIRED),
      'has its goods',
    ],
    [
      'a cancelled order whose money stayed',
      ({ voided }) => (voided.status = PaymentStatus.CAPTURED),
      'keeps no money',
    ],
    [
      'a cancelled order whose goods stayed away',
      ({ freed }) => (freed.status = ReservationStatus.ACTIVE),
      'keeps no goods',
    ],
    ['a payment without an order', ({ books }) => void books.orders.shift(), 'belongs to an order'],
    ['a ledger that is not balanced', ({ income }) => (income.amount = euro(201n)), 'sums to zero'],
  ])('%s is found', async (_what, breakIt, rule) => {
    const { discrepancies, unsettled, read } = await check(broken(breakIt));
    expect(discrepancies.map((each) => each.rule).join()).toContain(rule);
    expect(unsettled).toEqual([]);
    expect(read).toBe(2);
  });

  test('because they were read at two moments are read again', async () => {
    const torn = broken(({ lamp }) => (lamp.reserved = 3));
    expect(await check(torn, soundWorld().books)).toMatchObject({
      discrepancies: [],
      unsettled: [],
    });
  });

  test('about an order that should go on and has not for minutes name it', async () => {
    const minutesAgo = (minutes: number) => timestampFromMs(Date.now() - minutes * 60_000);
    const under = (orderId: string, status: OrderStatus, minutes: number) =>
      create(OrderSchema, { orderId, status, updateTime: minutesAgo(minutes) });
    const { CANCELLING, PAYMENT_DECLINED } = OrderStatus;
    const late = broken(({ books }) =>
      books.orders.push(
        under('late', CANCELLING, 6),
        under('fresh', CANCELLING, 4),
        under('declined', PAYMENT_DECLINED, 6),
      ),
    );
    expect(await check(late)).toMatchObject({ discrepancies: [], unsettled: ['order late'] });
  });

  test('at every look, but other ones each time, are not judged', async () => {
    const torn = [1n, 2n, 3n, 4n, 5n].map((version) =>
      broken(({ lamp }) => Object.assign(lamp, { reserved: 3, version })),
    );
    expect(await check(...torn)).toMatchObject({
      ...{ discrepancies: [], unsettled: ['product lamp'], read: 5 },
    });
  });
});
