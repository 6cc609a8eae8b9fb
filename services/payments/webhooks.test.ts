import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { paymentMetrics } from './payment-metrics.ts';
import { WEBHOOK_SECRET } from './testing/provider-process.ts';
import { PaymentsUnderTest, newOrder, statusOf, summary } from './testing/payments-under-test.ts';
import { SIGNATURE_HEADER, signWebhook } from './webhook-signature.ts';
import { Webhooks } from './webhooks.ts';

let under: PaymentsUnderTest;
let events = 0;

beforeAll(async () => {
  under = await PaymentsUnderTest.start();
  under.receiver.paused = true;
}, 90_000);

afterAll(() => under.stop());

/** A payment whose authorisation was committed and which only a webhook brings on. */
async function open(): Promise<string> {
  const orderId = newOrder();
  const amount = { currency: 'EUR', minorUnits: 5n };
  await under.replica.payments.apply({
    orderId,
    message: { type: 'authorize', key: `${orderId}/a`, amount, source: 's' },
    token: 'tok_lost',
  });
  return orderId;
}

function bodyOf(orderId: string, change: object = {}): Buffer {
  const charge = { id: `ch_${orderId}`, reference: orderId, amount: '5', currency: 'EUR' };
  return Buffer.from(
    JSON.stringify({
      id: `evt_${(events += 1)}`,
      type: 'charge.authorized',
      created: Math.floor(Date.now() / 1_000),
      idempotency_key: `${orderId}/a`,
      charge,
      ...change,
    }),
  );
}

/** OK, or the status of the refusal. */
function send(
  body: Buffer,
  { secret = WEBHOOK_SECRET, ageSeconds = 0, signed = body } = {},
): Promise<string> {
  const seconds = Math.floor(Date.now() / 1_000) - ageSeconds;
  const headers = { [SIGNATURE_HEADER]: signWebhook(signed, secret, seconds) };
  return under.receive(body, headers).then(() => 'OK', statusOf);
}

test('brings a payment on once, however often it comes', async () => {
  const order = await open();
  const body = bodyOf(order);
  expect(await Promise.all([send(body), send(body), send(body)])).toEqual(['OK', 'OK', 'OK']);
  expect(summary(await under.get(order))).toBe('AUTHORIZED succeeded');
  expect(await under.events(order)).toHaveLength(2);
  // Another webhook that says the same, and one that says the contrary.
  expect(await send(bodyOf(order))).toBe('OK');
  expect(await send(bodyOf(order, { type: 'charge.declined' }))).toBe('OK');
  expect(summary(await under.get(order))).toBe('AUTHORIZED succeeded');
  const message = expect.stringMatching(/contradicts/) as unknown;
  expect(under.replica.process.lines).toContainEqual(expect.objectContaining({ message }));
});

test('is refused when it is forged, changed, an hour old or of the future', async () => {
  const order = await open();
  const body = bodyOf(order);
  expect(await send(body, { secret: 'guessed' })).toBe('UNAUTHENTICATED');
  expect(await send(body, { signed: Buffer.from('{}') })).toBe('UNAUTHENTICATED');
  expect(await send(body, { ageSeconds: 3_600 })).toBe('UNAUTHENTICATED');
  expect(await send(body, { ageSeconds: -3_600 })).toBe('UNAUTHENTICATED');
  expect(await under.receive(body, {}).then(() => 'OK', statusOf)).toBe('UNAUTHENTICATED');
  const odd = { [SIGNATURE_HEADER]: 't=1,v1=zz' };
  expect(await under.receive(body, odd).then(() => 'OK', statusOf)).toBe('UNAUTHENTICATED');
  expect(await send(Buffer.alloc(65_537, 32))).toBe('INVALID_ARGUMENT');
  expect(summary(await under.get(order))).toBe('PENDING pending');
  expect(await send(body)).toBe('OK');
});

test('that is about nothing we know is taken and changes nothing', async () => {
  const order = await open();
  expect(await send(bodyOf(newOrder()))).toBe('OK');
  expect(await send(bodyOf(order, { type: 'charge.captured' }))).toBe('OK');
  expect(await send(bodyOf(order, { type: 'payout.sent' }))).toBe('OK');
  expect(await send(bodyOf(order, { charge: null }))).toBe('OK');
  expect(await send(Buffer.from('not JSON'))).toBe('OK');
  expect(summary(await under.get(order))).toBe('PENDING pending');
});

test('that is signed, and about another order, amount or charge than was asked for, is not believed', async () => {
  const order = await open();
  const charge = { id: `ch_${order}`, reference: order, amount: '5', currency: 'EUR' };
  const others = [
    { reference: newOrder() },
    { amount: '1' },
    { amount: 5 },
    { currency: 'USD' },
    { id: '' },
    { id: 'ch_\0' },
    { id: undefined },
  ];
  for (const type of ['charge.authorized', 'charge.declined']) {
    for (const other of others) {
      expect(await send(bodyOf(order, { type, charge: { ...charge, ...other } }))).toBe('OK');
    }
    expect(await send(bodyOf(order, { type, charge: null }))).toBe('OK');
  }
  // What PostgreSQL or a date has no place for would be repeated for ever if it were refused.
  expect(await send(bodyOf(order, { id: 'evt_\0' }))).toBe('OK');
  expect(await send(bodyOf(order, { idempotency_key: 'a\0' }))).toBe('OK');
  // The provider may have been asked meanwhile; it says nothing.
  expect(summary(await under.get(order))).toMatch(/^(PENDING pending|UNKNOWN unknown)$/);
  expect(await send(bodyOf(order, { created: 1e300 }))).toBe('OK');
  expect(summary(await under.get(order))).toBe('AUTHORIZED succeeded');
});

test('is good with either of two secrets while one takes the place of the other', async () => {
  const { database, payments, runner, process } = under.replica;
  const webhooks = new Webhooks({
    binding: { external: 'payment-provider', secrets: () => ['new', 'old'] },
    ...{ database: process.database, payments, runner, log: process.runtime.log },
    metrics: paymentMetrics(process.runtime.metrics.registry),
  });
  expect(database).toBe(process.database);
  for (const secret of ['new', 'old', 'older']) {
    const order = await open();
    const body = bodyOf(order);
    const seconds = Math.floor(Date.now() / 1_000);
    const headers = { [SIGNATURE_HEADER]: signWebhook(body, secret, seconds) };
    const received = { sender: 'payment-provider', body, headers };
    const outcome = await webhooks.receive(received).then(() => 'OK', statusOf);
    expect(outcome).toBe(secret === 'older' ? 'UNAUTHENTICATED' : 'OK');
    const other = { ...received, sender: 'somebody-else' };
    await expect(webhooks.receive(other).catch(statusOf)).resolves.toBe('NOT_FOUND');
  }
});
