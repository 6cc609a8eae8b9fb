import type { noPayment } from '@meridian/payments/payment-machine.ts';
import { statusOf } from '@meridian/payments/payment-state.ts';
import type { PaymentOperationView, PaymentView } from '../saga/messages.ts';

/** A payment of the model as the saga looks at it; undefined if there is none. */
export function viewOf(
  state: ReturnType<typeof noPayment>,
  version: bigint,
): PaymentView | undefined {
  const status = statusOf(state);
  if (status === undefined) return undefined;
  return {
    version,
    status: status.toUpperCase() as PaymentView['status'],
    amountMinorUnits: state.amount?.minorUnits ?? 0n,
    refundedMinorUnits: state.operations
      .filter(({ kind, status: became }) => kind === 'refund' && became === 'succeeded')
      .reduce((sum, { minorUnits }) => sum + minorUnits, 0n),
    operations: state.operations.map(({ key, status: became, declineCode }) => ({
      key,
      status: became.toUpperCase() as PaymentOperationView['status'],
      declineCode,
    })),
  };
}
