import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { storeFollowsMachine } from '../../services/payments/testing/store-follows-machine.ts';
import { PaymentsUnderTest } from '../../services/payments/testing/payments-under-test.ts';

/** About a minute; npm test does 15 of them. */
const HISTORIES = 3_000;

let under: PaymentsUnderTest;

beforeAll(async () => {
  under = await PaymentsUnderTest.start();
  await under.replica.worker.stop();
}, 300_000);

afterAll(() => under.stop());

test(`${HISTORIES} random histories find the payments in PostgreSQL as the pure machine says`, async () => {
  await storeFollowsMachine(under.replica.payments, under.pool, { numRuns: HISTORIES });
  // One transaction each, and each of them sums to zero.
  const { rows } = await under.pool.query<{ count: number }>(
    'SELECT count(*)::int FROM (SELECT FROM ledger_entries GROUP BY transaction_id HAVING sum(minor_units) <> 0) AS off',
  );
  expect(rows).toEqual([{ count: 0 }]);
}, 600_000);
