import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { storeFollowsMachine } from './testing/store-follows-machine.ts';
import { PaymentsUnderTest, newOrder } from './testing/payments-under-test.ts';

let under: PaymentsUnderTest;
let pool: Pool;

beforeAll(async () => {
  under = await PaymentsUnderTest.start();
  ({ pool } = under);
}, 90_000);

afterAll(() => under.stop());

/** What PostgreSQL says of some statements in one transaction: its constraint, or nothing. */
async function refusalOf(...statements: readonly string[]): Promise<string | undefined> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    for (const statement of statements) await client.query(statement);
    await client.query('COMMIT');
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK');
    return (error as { constraint?: string }).constraint;
  } finally {
    client.release();
  }
}

test('the payments in PostgreSQL do what the pure machine does, whatever comes', async () => {
  // Without a replica that asks about what histories leave open.
  const { payments, worker } = await under.open();
  await worker.stop();
  await under.replica.worker.stop();
  await storeFollowsMachine(payments, pool, { numRuns: 15 });
}, 60_000);

test('the ledger refuses a transaction that does not sum to zero, in each currency', async () => {
  const order = newOrder();
  await under.authorize(order, 'tok_ok');
  await under.capture(order);
  const entry = (account: string, currency: string, amount: string) => `
    INSERT INTO ledger_entries (transaction_id, account, currency, minor_units, order_id, provider_time)
    VALUES ('${order}/a', '${account}', '${currency}', ${amount}, '${order}', now())`;
  const unbalanced = 'ledger_entries_balanced';
  expect(await refusalOf(entry('provider', 'EUR', '5'))).toBe(unbalanced);
  expect(await refusalOf(entry('provider', 'EUR', '5'), entry('sales', 'USD', '-5'))).toBe(
    unbalanced,
  );
  expect(await refusalOf(entry('sales', 'EUR', '-9223372036854775808'))).toMatch(/minor_units/);
  const largest = '9223372036854775807';
  const balanced = [entry('provider', 'XTS', largest), entry('sales', 'XTS', `-${largest}`)];
  expect(await refusalOf(...balanced)).toBeUndefined();
  expect(await refusalOf(...balanced)).toBe('ledger_entries_pkey');
});

test('the ledger is never changed', async () => {
  for (const change of [
    'UPDATE ledger_entries SET minor_units = minor_units + 1',
    'DELETE FROM ledger_entries',
    'TRUNCATE ledger_entries',
  ]) {
    expect(await refusalOf(change)).toBe('ledger_entries_append_only');
  }
});

test('the tables refuse a second capture, and a token of what is decided', async () => {
  const order = newOrder();
  await under.authorize(order, 'tok_ok');
  await under.capture(order);
  const second = `
    INSERT INTO operations (idempotency_key, order_id, sequence, kind, status, minor_units, content)
    VALUES ('${order}/2', '${order}', 3, 'capture', 'pending', 1, '')`;
  expect(await refusalOf(second)).toBe('operations_one_capture');
  const token = `UPDATE operations SET payment_method_token = 'x' WHERE order_id = '${order}'`;
  expect(await refusalOf(token)).toMatch(/payment_method_token|check/);
});
