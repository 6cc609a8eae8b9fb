import type { MessageInitShape } from '@bufbuild/protobuf';
import { etagOf, toTimestamp } from '@meridian/kit/rpc/versioned.ts';
import { CancelCause, OrderStatus } from './contract/gen/meridian/orders/v1/orders_pb.js';
import type { OrderSchema } from './contract/gen/meridian/orders/v1/orders_pb.js';
import { PHASES } from './saga/phases.ts';
import type { StoredOrder } from './stored-order.ts';

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
    refundDeclineCode: saga.refundDeclineCode,
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
