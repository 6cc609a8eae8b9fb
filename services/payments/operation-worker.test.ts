import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { DueOperations } from './due-operations.ts';
import { PaymentsUnderTest, newOrder, summary } from './testing/payments-under-test.ts';

let under: PaymentsUnderTest;

beforeAll(async () => {
  under = await PaymentsUnderTest.start();
  under.receiver.paused = true;
}, 90_000);

afterAll(() => under.stop());

/** Commits that a payment is to be authorised, and does nothing about it, as a process that was killed. */
async function asked(orderId: string): Promise<string> {
  const key = `${orderId}/a`;
  await under.replica.payments.apply({
    orderId,
    message: { type: 'authorize', key, amount: { currency: 'EUR', minorUnits: 5n }, source: 's' },
    token: 'tok_ok',
  });
  return key;
}

async function becomes(orderId: string, expected: string): Promise<void> {
  await eventually(async () => expect(summary(await under.get(orderId))).toBe(expected));
}

test('an operation that was committed and never sent is found, and sent once', async () => {
  const orders = Array.from({ length: 20 }, newOrder);
  await Promise.all(orders.map(asked));
  const second = await under.open();
  await Promise.all(orders.map((order) => becomes(order, 'AUTHORIZED succeeded')));
  for (const order of orders) expect(await under.charges(order)).toHaveLength(1);
  await second.worker.stop();
});

test('an operation that was done and whose outcome was lost is asked about, not done again', async () => {
  const order = newOrder();
  const key = await asked(order);
  const operation = await new DueOperations(under.replica.database).get(key);
  const body = { reference: order, amount: '5', currency: 'EUR', source: operation?.token };
  await under.standIn.fetch('/v1/charges', { key, body });
  await becomes(order, 'AUTHORIZED succeeded');
  expect(await under.charges(order)).toHaveLength(1);
});

test('a provider that is away is waited for, and asked again under the same key', async () => {
  const order = newOrder();
  await under.standIn.stop('SIGKILL');
  expect(summary(await under.authorize(order, 'tok_ok'))).toBe('UNKNOWN unknown');
  await under.void(order);
  await under.standIn.restart();
  await becomes(order, 'VOIDED succeeded succeeded');
  expect(await under.charges(order)).toMatchObject([{ status: 'voided' }]);
  const { registry } = under.replica.process.runtime.metrics;
  const metrics = await registry.metrics();
  expect(metrics).toMatch(
    /^payment_operations_total{operation="authorize",outcome="unknown".*} [1-9]/m,
  );
  expect(metrics).toMatch(/^payment_operations_unknown/m);
});

test('no other replica asks about an operation while its lease holds', async () => {
  const order = newOrder();
  const due = new DueOperations(under.replica.database);
  await under.replica.worker.stop();
  const key = await asked(order);
  expect(await due.claim(100, 60_000)).not.toContain(key);
  await under.pool.query(
    "UPDATE operations SET due_time = now() - interval '1 second' WHERE order_id = $1",
    [order],
  );
  const claims = await Promise.all([due.claim(100, 60_000), due.claim(100, 60_000)]);
  expect(claims.flat().filter((claimed) => claimed === key)).toHaveLength(1);
});
