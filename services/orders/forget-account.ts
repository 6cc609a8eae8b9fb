import type { Transaction } from '@meridian/kit/postgres/database.ts';

/**
 * Forgets what was written about somebody's orders whose account is deleted: why they were cancelled, and the
 * answers under their idempotency keys. The orders stay, under an id that is connected with nobody
 * (docs/decisions/0062-erasure.md). No event tells of it, as no event has what is forgotten.
 *
 * Waits for those who are writing such things, and who writes later asks isForgotten.
 */
export async function forgetAccount(accountId: string, transaction: Transaction): Promise<void> {
  await transaction.query({
    name: 'forget_lock',
    text: `SELECT pg_advisory_xact_lock(${lockOf('$1')})`,
    values: [accountId],
  });
  await transaction.query({
    name: 'forget_account',
    text: 'INSERT INTO forgotten_accounts (account_id) VALUES ($1) ON CONFLICT DO NOTHING',
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
}

/**
 * Whether the account of an order is deleted, so that nothing is to be kept that somebody writes about it. The
 * answer holds until the transaction ends: who deletes it waits. To be asked before the order is locked, as a
 * deletion changes orders under its own lock.
 */
export async function isForgotten(orderId: string, transaction: Transaction): Promise<boolean> {
  await transaction.query({
    name: 'forget_wait',
    text: `SELECT pg_advisory_xact_lock_shared(${lockOf('account_id')})
           FROM orders WHERE order_id = $1`,
    values: [orderId],
  });
  // A statement of its own: one that had to wait sees what was there before.
  const found = await transaction.query({
    name: 'forget_find',
    text: `SELECT 1 FROM forgotten_accounts
           JOIN orders USING (account_id) WHERE order_id = $1`,
    values: [orderId],
  });
  return found.length > 0;
}

/** The number of an account's lock, in SQL. */
function lockOf(accountId: string): string {
  return `hashtextextended('account ' || ${accountId}, 0)`;
}
