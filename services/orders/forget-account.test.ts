import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { placesOfText } from '@meridian/kit/postgres/testing/places-of-text.ts';
import type { Pool } from 'pg';
import { forgetAccount } from './forget-account.ts';
import { OrderStore } from './order-store.ts';

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

test('what they write while it is forgotten is not kept either', async () => {
  await superuser.query('TRUNCATE orders, order_lines, order_effects');
  await plant('late');
  const { rows } = await superuser.query<{ readonly order_id: string }>(
    'SELECT order_id FROM orders',
  );
  const orderId = rows[0]?.order_id ?? '';
  await superuser.query("UPDATE orders SET cancel_reason = ''");
  await superuser.query(
    `INSERT INTO order_lines (order_id, number, product_id, name, quantity, unit_minor_units)
     VALUES ($1, 1, gen_random_uuid(), 'Lamp', 1, 100)`,
    [orderId],
  );
  /** As a cancel does, which has the lock of the order from before. */
  const write = async (meanwhile: () => void): Promise<string> =>
    orders.database.transaction(async (transaction) => {
      const store = new OrderStore(transaction);
      const order = await store.lock(orderId);
      if (order === undefined) throw new Error('the order is there');
      meanwhile();
      const decision = {
        saga: order.saga,
        settled: [],
        asked: [],
        visible: true,
        unexpected: [],
      };
      const { cancelReason } = await store.update(order, decision, { cancelReason: MARKER });
      return cancelReason;
    });
  let forgotten: Promise<void> | undefined;
  const before = await write(() => {
    forgotten = orders.database.transaction((transaction) => forgetAccount('late', transaction));
  });
  await forgotten;
  expect(before).toBe(MARKER);
  expect(await placesOfText(superuser, MARKER)).not.toContain('public.orders');
  expect(await write(() => undefined)).toBe('');
  expect(await placesOfText(superuser, MARKER)).not.toContain('public.orders');
});
