import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Session } from '@meridian/kit/postgres/database.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { StatementDifferenceReason } from './contract/gen/meridian/payments/v1/payments_pb.js';
import type { ReconcileStatementResponseSchema } from './contract/gen/meridian/payments/v1/payments_pb.js';
import { Ledger } from './ledger.ts';
import { KINDS } from './payment-message.ts';
import type { Amount } from './payment-state.ts';
import { PaymentStore } from './payment-store.ts';
import { NoAnswer } from './provider-client.ts';
import type { ProviderClient } from './provider-client.ts';
import { UnreadableStatement, differencesOf, parseStatement } from './reconciliation.ts';
import type { DifferenceReason } from './reconciliation.ts';

/** Differences that an answer has room for. */
const DIFFERENCES_MAX = 1_000;

const REASONS: Readonly<Record<DifferenceReason, StatementDifferenceReason>> = {
  'not-in-ledger': StatementDifferenceReason.NOT_IN_LEDGER,
  'not-in-statement': StatementDifferenceReason.NOT_IN_STATEMENT,
  different: StatementDifferenceReason.DIFFERENT,
  'still-open': StatementDifferenceReason.STILL_OPEN,
};

/**
 * Holds the provider's statement of a day against the ledger.
 *
 * @throws {RpcError} UNAVAILABLE without a statement, DATA_LOSS for one that cannot be read
 */
export async function reconcileStatement(
  provider: Pick<ProviderClient, 'statement'>,
  session: Session,
  day: string,
): Promise<MessageInitShape<typeof ReconcileStatementResponseSchema>> {
  const lines = await statementOf(provider, day);
  const keys = lines.map(({ key }) => key);
  const postings = await new Ledger(session).postings(day, keys);
  const open = await new PaymentStore(session).openOf(keys);
  const differences = differencesOf(lines, postings, open);
  return {
    lineCount: lines.length,
    postingCount: postings.length,
    differenceCount: differences.length,
    differences: differences.slice(0, DIFFERENCES_MAX).map((difference) => ({
      reason: REASONS[difference.reason],
      idempotencyKey: difference.key,
      orderId: difference.orderId,
      kind: KINDS[difference.kind],
      ...(difference.inStatement && { inStatement: moneyOf(difference.inStatement) }),
      ...(difference.inLedger && { inLedger: moneyOf(difference.inLedger) }),
    })),
  };
}

async function statementOf(
  provider: Pick<ProviderClient, 'statement'>,
  day: string,
): Promise<ReturnType<typeof parseStatement>> {
  try {
    return parseStatement(await provider.statement(day));
  } catch (cause) {
    if (cause instanceof NoAnswer) {
      throw new RpcError('UNAVAILABLE', 'the provider gives no statement', { cause });
    }
    if (cause instanceof UnreadableStatement) {
      throw new RpcError('DATA_LOSS', `the statement cannot be read: ${cause.message}`, { cause });
    }
    throw cause;
  }
}

function moneyOf({ currency, minorUnits }: Amount) {
  return { currencyCode: currency, minorUnits };
}
