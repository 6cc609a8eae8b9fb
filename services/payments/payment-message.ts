import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  PaymentOperationKind,
  PaymentOperationStatus,
  PaymentStatus as Status,
} from './contract/gen/meridian/payments/v1/payments_pb.js';
import type { PaymentSchema } from './contract/gen/meridian/payments/v1/payments_pb.js';
import type { StoredPayment } from './payment-store.ts';
import { refundedOf, statusOf } from './payment-state.ts';
import type { OperationKind, OperationStatus, PaymentStatus } from './payment-state.ts';

const STATUSES: Readonly<Record<PaymentStatus, Status>> = {
  pending: Status.PENDING,
  authorized: Status.AUTHORIZED,
  captured: Status.CAPTURED,
  refunded: Status.REFUNDED,
  declined: Status.DECLINED,
  voided: Status.VOIDED,
  unknown: Status.UNKNOWN,
};

/** The kinds of operations as the contract has them. */
export const KINDS: Readonly<Record<OperationKind, PaymentOperationKind>> = {
  authorize: PaymentOperationKind.AUTHORIZE,
  capture: PaymentOperationKind.CAPTURE,
  void: PaymentOperationKind.VOID,
  refund: PaymentOperationKind.REFUND,
};

const OUTCOMES: Readonly<Record<OperationStatus, PaymentOperationStatus>> = {
  pending: PaymentOperationStatus.PENDING,
  succeeded: PaymentOperationStatus.SUCCEEDED,
  refused: PaymentOperationStatus.REFUSED,
  unknown: PaymentOperationStatus.UNKNOWN,
};

/** A payment as callers and events see it; undefined where there is to be none. */
export function toPaymentMessage(
  payment: StoredPayment,
): MessageInitShape<typeof PaymentSchema> | undefined {
  const { state, paymentId, version } = payment;
  const [status, { amount }] = [statusOf(state), state];
  if (amount === undefined || status === undefined) return undefined;
  const money = (minorUnits: bigint) => ({ currencyCode: amount.currency, minorUnits });
  return {
    paymentId,
    orderId: state.orderId,
    status: STATUSES[status],
    amount: money(amount.minorUnits),
    refunded: money(refundedOf(state)),
    operations: state.operations.map((operation) => {
      const times = payment.operationTimes.get(operation.key) ?? payment;
      return {
        idempotencyKey: operation.key,
        kind: KINDS[operation.kind],
        status: OUTCOMES[operation.status],
        amount: money(operation.minorUnits),
        declineCode: operation.declineCode,
        createTime: timestampFromDate(times.createTime),
        updateTime: timestampFromDate(times.updateTime),
      };
    }),
    createTime: timestampFromDate(payment.createTime),
    updateTime: timestampFromDate(payment.updateTime),
    version,
  };
}
