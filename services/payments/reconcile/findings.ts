import type { Money } from '@meridian/kit/contract/gen/meridian/type/v1/money_pb.js';
import {
  PaymentOperationKind,
  StatementDifferenceReason,
} from '../contract/gen/meridian/payments/v1/payments_pb.js';
import type { ReconcileStatementResponse } from '../contract/gen/meridian/payments/v1/payments_pb.js';

const REASONS: Readonly<Record<StatementDifferenceReason, string>> = {
  [StatementDifferenceReason.UNSPECIFIED]: 'unspecified',
  [StatementDifferenceReason.NOT_IN_LEDGER]: 'not-in-ledger',
  [StatementDifferenceReason.NOT_IN_STATEMENT]: 'not-in-statement',
  [StatementDifferenceReason.DIFFERENT]: 'different',
  [StatementDifferenceReason.STILL_OPEN]: 'still-open',
};

/** What the task prints. */
export function findingsOf(date: string, found: ReconcileStatementResponse) {
  const { lineCount, postingCount, differenceCount, differences } = found;
  return {
    date,
    statementLines: lineCount,
    ledgerPostings: postingCount,
    differenceCount,
    differences: differences.map((difference) => ({
      reason: REASONS[difference.reason],
      operation: difference.idempotencyKey,
      order: difference.orderId,
      kind: PaymentOperationKind[difference.kind].toLowerCase(),
      inStatement: textOf(difference.inStatement),
      inLedger: textOf(difference.inLedger),
    })),
  };
}

/** Minor units and currency; null for what is not there. */
function textOf(money: Money | undefined): string | null {
  return money === undefined ? null : `${money.minorUnits} ${money.currencyCode}`;
}
