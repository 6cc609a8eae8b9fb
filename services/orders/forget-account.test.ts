import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { placesOfText } from '@meridian/kit/postgres/testing/places-of-text.ts';
import type { Pool } from 'pg';
import { forgetAccount } from './forget-account.ts';

const MARKER = 'planted-91be';

let world: DatabaseWorld;
let superuser: Pool;
let orders: DatabaseProcess;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  superuser = await world.createDatabase('orders', 'services/orders/migrations');
  orders = await world.open('orders');
}, 90_000);

afterAll(() => world.close());

async function plant(accountId: string): Promise<void> {
  await superuser.query(
    `INSERT INTO orders (order_id, account_id, phase, currency_code, total_minor_units,
                         cancel_cause, cancel_reason, last_sequence)
     VALUES (gen_random_uuid(), $1, 'cancelled', 'EUR', 100, 'CUSTOMER', $2, 1)`,
    [accountId, `${MARKER} of ${accountId}`],
  );
  await superuser.query(
    `INSERT INTO idempotency_keys (subject, method, key, request_digest, response)
     VALUES ($1, 'm', 'k', $2, $3)`,
    [accountId, Buffer.alloc(32), Buffer.from(`${MARKER} of ${accountId}`)],
  );
}

test('what the owner of a deleted account wrote is nowhere, and what others wrote stays', async () => {
  await plant('gone');
  await plant('here');
  expect(await placesOfText(superuser, `${MARKER} of gone`)).toHaveLength(2);
  await orders.database.transaction((transaction) => forgetAccount('gone', transaction));
  expect(await placesOfText(superuser, `${MARKER} of gone`)).toEqual([]);
  expect(await placesOfText(superuser, `${MARKER} of here`)).toHaveLength(2);
  expect((await superuser.query('SELECT 1 FROM orders')).rowCount).toBe(2);
});
