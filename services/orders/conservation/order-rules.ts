import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ReservationStatus } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import type { Reservation } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import { PaymentStatus } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import type { Payment } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { OrderStatus } from '../contract/gen/meridian/orders/v1/orders_pb.js';
import type { Order } from '../contract/gen/meridian/orders/v1/orders_pb.js';
import { STUCK_MS } from '../saga/phases.ts';
import type { Books } from './books.ts';
import type { Discrepancy } from './discrepancy.ts';

/** An order with what the other services keep for it. */
interface Purchase {
  readonly order: Order | undefined;
  readonly payment: Payment | undefined;
  readonly reservation: Reservation | undefined;
}

const FREED: ReadonlySet<ReservationStatus | undefined> = new Set([
  undefined,
  ReservationStatus.RELEASED,
  ReservationStatus.EXPIRED,
  ReservationStatus.RETURNED,
]);

/** Whether nothing is under way for an order. */
export function isSettled({ status }: Order): boolean {
  return status === OrderStatus.CONFIRMED || status === OrderStatus.CANCELLED;
}

/** Whether it should go on by itself and has not for long; a declined one waits for its customer. */
export function isStuck(order: Order, nowMs: number): boolean {
  const waits = isSettled(order) || order.status === OrderStatus.PAYMENT_DECLINED;
  const { updateTime } = order;
  return !waits && updateTime !== undefined && nowMs - timestampMs(updateTime) > STUCK_MS;
}

/** Orders of which goods, money and state do not tell the same; those that are under way are left out. */
export function orderDiscrepancies(books: Books): readonly Discrepancy[] {
  const orders = new Map(books.orders.map((order) => [order.orderId, order]));
  const payments = new Map(books.payments.map((payment) => [payment.orderId, payment]));
  const reservations = new Map(books.reservations.map((each) => [each.reservationId, each]));
  const ids = new Set([...orders.keys(), ...payments.keys(), ...reservations.keys()]);
  return [...ids].sort().flatMap((id) => {
    const purchase = {
      order: orders.get(id),
      payment: payments.get(id),
      reservation: reservations.get(id),
    };
    return discrepanciesOf(id, purchase);
  });
}

function discrepanciesOf(id: string, purchase: Purchase): readonly Discrepancy[] {
  const { order, payment, reservation } = purchase;
  const versions = [order, payment, reservation].map((each) => each?.version ?? '-').join('/');
  const broken = (rule: string, found: string): Discrepancy => ({
    ...{ about: `order ${id}`, rule, found, versions },
  });
  const paid = PaymentStatus[payment?.status ?? PaymentStatus.UNSPECIFIED];
  const reserved = ReservationStatus[reservation?.status ?? ReservationStatus.UNSPECIFIED];
  if (order === undefined) {
    return [
      ...(payment === undefined || isUndone(payment)
        ? []
        : [broken('a payment belongs to an order', `${paid} without one`)]),
      ...(reservation?.status === ReservationStatus.COMMITTED
        ? [broken('what is sold belongs to an order', `${reserved} without one`)]
        : []),
    ];
  }
  if (order.status === OrderStatus.CONFIRMED) {
    return [
      ...(isCaptured(order, payment)
        ? []
        : [broken('a confirmed order is captured', `${paid} ${amountOf(payment)}`)]),
      ...(isSold(order, reservation)
        ? []
        : [broken('a confirmed order has its goods', `reservation ${reserved}`)]),
    ];
  }
  if (order.status === OrderStatus.CANCELLED) {
    return [
      ...(payment === undefined || isUndone(payment)
        ? []
        : [broken('a cancelled order keeps no money', `${paid} ${amountOf(payment)}`)]),
      ...(FREED.has(reservation?.status)
        ? []
        : [broken('a cancelled order keeps no goods', `reservation ${reserved}`)]),
    ];
  }
  return [];
}

/** Whether exactly the order's total was taken, and as much given back as the order says. */
function isCaptured({ total, refunded }: Order, payment: Payment | undefined): boolean {
  if (payment === undefined) return false;
  const { status, amount } = payment;
  return (
    (status === PaymentStatus.CAPTURED || status === PaymentStatus.REFUNDED) &&
    amount?.currencyCode === total?.currencyCode &&
    amount?.minorUnits === total?.minorUnits &&
    (payment.refunded?.minorUnits ?? 0n) === (refunded?.minorUnits ?? 0n)
  );
}

/** Whether no money of it is held. */
function isUndone({ status, amount, refunded }: Payment): boolean {
  if (status === PaymentStatus.REFUNDED) return amount?.minorUnits === refunded?.minorUnits;
  return status === PaymentStatus.VOIDED || status === PaymentStatus.DECLINED;
}

function isSold({ lines }: Order, reservation: Reservation | undefined): boolean {
  if (reservation?.status !== ReservationStatus.COMMITTED) return false;
  const sold = new Map(reservation.lines.map(({ productId, quantity }) => [productId, quantity]));
  return (
    sold.size === lines.length &&
    lines.every(({ productId, quantity }) => sold.get(productId) === quantity)
  );
}

function amountOf(payment: Payment | undefined): string {
  const { currencyCode = '', minorUnits = 0n } = payment?.amount ?? {};
  return payment === undefined
    ? 'nothing'
    : `${minorUnits} ${currencyCode}, ${payment.refunded?.minorUnits ?? 0n} given back`;
}
