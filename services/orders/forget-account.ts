import type { Transaction } from '@meridian/kit/postgres/database.ts';

/**
 * Forgets what somebody wrote whose account is deleted: why they cancelled, and the answers under their
 * idempotency keys. Their orders stay, under an id that is connected with nobody
 * (docs/decisions/0062-erasure.md). No event tells of it, as no event has what is forgotten.
 */
export async function forgetAccount(accountId: string, transaction: Transaction): Promise<void> {
  await transaction.query({
    name: 'forget_cancel_reasons',
    text: `UPDATE orders SET cancel_reason = '' WHERE account_id = $1 AND cancel_reason <> ''`,
    values: [accountId],
  });
  await transaction.query({
    name: 'forget_answers',
    text: 'DELETE FROM idempotency_keys WHERE subject = $1',
    values: [accountId],
  });
}
