import {
  PaymentOperationStatus,
  PaymentStatus,
} from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import type { Payment } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import type { PaymentOperationView, PaymentView } from './saga/messages.ts';

const STATUSES: Readonly<Record<PaymentStatus, PaymentView['status']>> = {
  // A status of the future decides nothing: what became of the operations does.
  [PaymentStatus.UNSPECIFIED]: 'PENDING',
  [PaymentStatus.PENDING]: 'PENDING',
  [PaymentStatus.AUTHORIZED]: 'AUTHORIZED',
  [PaymentStatus.CAPTURED]: 'CAPTURED',
  [PaymentStatus.REFUNDED]: 'REFUNDED',
  [PaymentStatus.DECLINED]: 'DECLINED',
  [PaymentStatus.VOIDED]: 'VOIDED',
  [PaymentStatus.UNKNOWN]: 'UNKNOWN',
};

const OPERATION_STATUSES: Readonly<Record<PaymentOperationStatus, PaymentOperationView['status']>> =
  {
    [PaymentOperationStatus.UNSPECIFIED]: 'PENDING',
    [PaymentOperationStatus.PENDING]: 'PENDING',
    [PaymentOperationStatus.SUCCEEDED]: 'SUCCEEDED',
    [PaymentOperationStatus.REFUSED]: 'REFUSED',
    [PaymentOperationStatus.UNKNOWN]: 'UNKNOWN',
  };

/** A payment as the saga looks at it; payments' answers and events carry the same message. */
export function paymentView(payment: Payment): PaymentView {
  return {
    version: payment.version,
    // Proto3 enums are open: a number of a newer contract is none that this one lists.
    status: (STATUSES as Partial<typeof STATUSES>)[payment.status] ?? 'PENDING',
    amountMinorUnits: payment.amount?.minorUnits ?? 0n,
    refundedMinorUnits: payment.refunded?.minorUnits ?? 0n,
    operations: payment.operations.map(({ idempotencyKey, status, declineCode }) => ({
      key: idempotencyKey,
      status: (OPERATION_STATUSES as Partial<typeof OPERATION_STATUSES>)[status] ?? 'PENDING',
      declineCode,
    })),
  };
}
