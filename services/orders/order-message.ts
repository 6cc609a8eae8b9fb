import type { MessageInitShape } from '@bufbuild/protobuf';
import { CancelCause, OrderStatus } from './contract/gen/meridian/orders/v1/orders_pb.js';
import type { OrderSchema } from './contract/gen/meridian/orders/v1/orders_pb.js';
import { PHASES } from './saga/phases.ts';
import type { StoredOrder } from './stored-order.ts';

const MICROS_PER_SECOND = 1_000_000n;
const NANOS_PER_MICRO = 1000n;

/** An order as its customer and support see it. */
export function toOrderMessage(order: StoredOrder): MessageInitShape<typeof OrderSchema> {
  const { saga, currencyCode } = order;
  const money = (minorUnits: bigint) => ({ currencyCode, minorUnits });
  return {
    orderId: saga.orderId,
    accountId: order.accountId,
    status: OrderStatus[PHASES[saga.phase].status],
    lines: order.lines.map(({ productId, name, quantity, unitMinorUnits }) => ({
      ...{ productId, name, quantity, unitPrice: money(unitMinorUnits) },
    })),
    total: money(saga.totalMinorUnits),
    refunded: money(saga.refundedMinorUnits),
    cancelCause: CancelCause[saga.cancelCause ?? 'UNSPECIFIED'],
    cancelReason: order.cancelReason,
    declineCode: saga.declineCode,
    createTime: toTimestamp(order.createTimeMicros),
    updateTime: toTimestamp(order.updateTimeMicros),
    version: order.version,
    etag: etagOf(order),
  };
}

/** The same without what people wrote: for events, and for whoever sees all orders. */
export function toImpersonalMessage(order: StoredOrder): MessageInitShape<typeof OrderSchema> {
  return toOrderMessage({ ...order, cancelReason: '' });
}

/** Opaque, another for each version. The version alone would repeat after the database was wiped; the time of the change does not. */
export function etagOf({ version, updateTimeMicros }: StoredOrder): string {
  return `${version}-${updateTimeMicros.toString(36)}`;
}

/** Microseconds since 1970 as a google.protobuf.Timestamp. */
export function toTimestamp(micros: bigint): { seconds: bigint; nanos: number } {
  return {
    seconds: micros / MICROS_PER_SECOND,
    nanos: Number((micros % MICROS_PER_SECOND) * NANOS_PER_MICRO),
  };
}
