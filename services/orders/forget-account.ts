import type { Transaction } from '@meridian/kit/postgres/database.ts';

/** Longer than any request of theirs can still be on its way; nobody needs to know of them for ever. */
const REMEMBERED = "interval '1 day'";

/**
 * Forgets what somebody wrote whose account is deleted: why they cancelled, and the answers under their
 * idempotency keys. Their orders stay, under an id that is connected with nobody
 * (docs/decisions/0062-erasure.md). No event tells of it, as no event has what is forgotten.
 *
 * A cancel that is at work has the lock of its order: what it commits is forgotten here, once it is over. One that
 * comes later finds the account among those that are erased, and keeps no reason (order-store.ts).
 */
export async function forgetAccount(accountId: string, transaction: Transaction): Promise<void> {
  await transaction.query({
    name: 'remember_erased_account',
    text: 'INSERT INTO erased_accounts (account_id) VALUES ($1) ON CONFLICT DO NOTHING',
    values: [accountId],
  });
  await transaction.query({
    name: 'lock_orders_of_account',
    text: 'SELECT FROM orders WHERE account_id = $1 ORDER BY order_id FOR UPDATE',
    values: [accountId],
  });
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
  await transaction.query({
    name: 'forget_erased_accounts',
    text: `DELETE FROM erased_accounts WHERE erase_time < now() - ${REMEMBERED}`,
    values: [],
  });
}
