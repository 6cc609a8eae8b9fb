import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { placesOfText } from '@meridian/kit/postgres/testing/places-of-text.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import type { Pool } from 'pg';
import { callBy } from '../../tests/purchases/in-process.ts';
import { OrdersService } from './contract/gen/meridian/orders/v1/orders_pb.js';
import { forgetAccount } from './forget-account.ts';
import { handlersOver } from './testing/handlers-over.ts';

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

beforeEach(() => superuser.query('TRUNCATE orders, idempotency_keys, outbox CASCADE'));

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

/** An order of somebody's, which they cancel with words of their own when they are told to. */
async function anOrderOf(subject: string): Promise<() => Promise<unknown>> {
  const handlers = handlersOver(orders);
  const { createOrder, cancelOrder } = OrdersService.method;
  const { order } = await handlers.createOrder(
    create(createOrder.input, {
      items: [{ productId: '00000000-0000-4000-8000-000000000001', quantity: 1 }],
      paymentMethodToken: 'tok_ok',
    }),
    callBy({ subject }),
  );
  const { orderId = '' } = order ?? {};
  const request = create(cancelOrder.input, { orderId, reason: MARKER });
  return async () => handlers.cancelOrder(request, callBy({ subject, key: orderId }));
}

const forget = (accountId: string): Promise<void> =>
  orders.database.transaction((transaction) => forgetAccount(accountId, transaction));

/**
 * Begins one piece of work after the other, each once the one before waits at the statement that is named,
 * and lets them all go on then.
 */
async function whileHeld(
  lock: string,
  works: readonly (readonly [work: () => Promise<unknown>, waitsAt: string])[],
): Promise<void> {
  const holder = await superuser.connect();
  await holder.query('BEGIN');
  await holder.query(lock);
  const under: Promise<unknown>[] = [];
  for (const [work, waitsAt] of works) {
    under.push(work());
    const waiting = `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND strpos(query, $1) > 0`;
    await eventually(async () =>
      expect((await superuser.query(waiting, [waitsAt])).rowCount).toBe(1),
    );
  }
  await holder.query('COMMIT');
  holder.release();
  await Promise.all(under);
}

test('a deletion waits for a cancellation that is about to commit, and forgets its words', async () => {
  const cancel = await anOrderOf('ann');
  await whileHeld('LOCK TABLE outbox IN SHARE MODE', [
    [cancel, 'INSERT INTO outbox'],
    [() => forget('ann'), 'pg_advisory_xact_lock('],
  ]);
  expect(await placesOfText(superuser, MARKER)).toEqual([]);
  const { rowCount } = await superuser.query('SELECT 1 FROM orders WHERE cancel_cause IS NOT NULL');
  expect(rowCount).toBe(1);
});

test('a cancellation waits for a deletion that is about to commit, and its words are not kept', async () => {
  const [first, second] = [await anOrderOf('bob'), await anOrderOf('bob')];
  await first();
  await whileHeld(`SELECT 1 FROM orders WHERE cancel_reason <> '' FOR UPDATE`, [
    [() => forget('bob'), 'UPDATE orders SET cancel_reason'],
    [second, 'pg_advisory_xact_lock_shared('],
  ]);
  expect(await placesOfText(superuser, MARKER)).toEqual([]);
});
