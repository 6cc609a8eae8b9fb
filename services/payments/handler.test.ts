import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import {
  ListBalancesRequestSchema,
  ListPaymentsRequestSchema,
  PaymentStatus,
} from './contract/gen/meridian/payments/v1/payments_pb.js';
import {
  PaymentsUnderTest,
  callOf,
  newOrder,
  statusOf,
  summary,
} from './testing/payments-under-test.ts';

let payments: PaymentsUnderTest;

beforeAll(async () => {
  payments = await PaymentsUnderTest.start();
}, 90_000);

afterAll(() => payments.stop());

/** Waits until a payment is so. */
async function becomes(orderId: string, expected: string): Promise<void> {
  await eventually(async () => expect(summary(await payments.get(orderId))).toBe(expected));
}

async function balances(currency = 'EUR'): Promise<Readonly<Record<string, bigint>>> {
  const { handlers } = payments.replica;
  const { balances: found = [] } = await handlers.listBalances(
    create(ListBalancesRequestSchema),
    callOf(),
  );
  return Object.fromEntries(
    found
      .filter(({ amount }) => amount?.currencyCode === currency)
      .map(({ account, amount }) => [account, amount?.minorUnits ?? 0n]),
  ) as Readonly<Record<string, bigint>>;
}

describe('a payment', () => {
  test('is authorised, captured and refunded in parts, with an event for each version', async () => {
    const order = newOrder();
    expect(summary(await payments.authorize(order, 'tok_ok'))).toBe('AUTHORIZED succeeded');
    expect(summary(await payments.capture(order))).toBe('CAPTURED succeeded succeeded');
    await payments.refund(order, `${order}/r1`, 400n);
    const { refunded } = await payments.refund(order, `${order}/r1`, 400n);
    expect(refunded?.minorUnits).toBe(400n);
    await expect(payments.refund(order, `${order}/r2`, 601n).catch(statusOf)).resolves.toBe(
      'FAILED_PRECONDITION',
    );
    expect((await payments.refund(order, `${order}/r3`)).status).toBe(PaymentStatus.REFUNDED);
    const events = await payments.events(order);
    expect(events.map(({ version }) => Number(version))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(events.at(-1)).toEqual(await payments.get(order));
    expect(await payments.charges(order)).toMatchObject([{ status: 'refunded', refunded: '1000' }]);
    expect(await balances()).toEqual({ provider: 0n, sales: -1_000n, refunds: 1_000n });
  });

  test.each([
    ['tok_insufficient_funds', 'DECLINED refused:insufficient_funds'],
    ['tok_slow', 'AUTHORIZED succeeded'],
    ['tok_duplicate', 'AUTHORIZED succeeded'],
    ['tok_no_webhook', 'AUTHORIZED succeeded'],
    ['tok_early_webhook', 'AUTHORIZED succeeded'],
    ['tok_flaky', 'AUTHORIZED succeeded'],
  ])('made with %s is %s when it is answered', async (token, expected) => {
    const order = newOrder();
    expect(summary(await payments.authorize(order, token))).toBe(expected);
    expect(await payments.charges(order)).toHaveLength(1);
  });

  test.each(['tok_timeout', 'tok_timeout_lost'])(
    'made with %s is UNKNOWN at first and AUTHORIZED once the provider says so, in one charge',
    async (token) => {
      const order = newOrder();
      // Without webhooks, so that only asking finds it.
      payments.receiver.paused = true;
      expect(summary(await payments.authorize(order, token))).toBe('UNKNOWN unknown');
      await becomes(order, 'AUTHORIZED succeeded');
      payments.receiver.paused = false;
      expect(await payments.charges(order)).toHaveLength(1);
      expect((await payments.events(order)).map(({ status }) => PaymentStatus[status])).toEqual([
        'PENDING',
        'UNKNOWN',
        'AUTHORIZED',
      ]);
    },
  );

  test('of which a capture times out is captured once', async () => {
    const order = newOrder();
    await payments.authorize(order, 'tok_ok_capture_timeout');
    expect(summary(await payments.capture(order))).toMatch(/^(UNKNOWN|CAPTURED) succeeded/);
    await becomes(order, 'CAPTURED succeeded succeeded');
    expect((await balances())['sales']).toBe(-2_000n);
  });

  test('is tried with another means after a decline, and with none while one is open', async () => {
    const order = newOrder();
    await payments.authorize(order, 'tok_declined', { key: `${order}/1` });
    const open = payments.authorize(order, 'tok_slow', { key: `${order}/2` });
    const during = await eventually(async () => {
      const found = await payments.get(order);
      expect(found.operations).toHaveLength(2);
      return payments.authorize(order, 'tok_ok', { key: `${order}/3` }).catch(statusOf);
    });
    expect(during).toBe('FAILED_PRECONDITION');
    expect(summary(await open)).toBe('AUTHORIZED refused:declined succeeded');
  });

  test('that is given up while its outcome is unknown is freed as soon as it is known', async () => {
    const order = newOrder();
    await payments.authorize(order, 'tok_timeout_lost');
    expect((await payments.void(order))?.status).toBe(PaymentStatus.UNKNOWN);
    await becomes(order, 'VOIDED succeeded succeeded');
    expect(await payments.charges(order)).toMatchObject([{ status: 'voided' }]);
  });

  test('that is given up before it began declines what comes later', async () => {
    const order = newOrder();
    expect(await payments.void(order)).toBeUndefined();
    await expect(payments.get(order).catch(statusOf)).resolves.toBe('NOT_FOUND');
    const late = await payments.authorize(order, 'tok_ok');
    expect(summary(late)).toBe('VOIDED succeeded refused:payment_voided');
    expect(await payments.charges(order)).toEqual([]);
    expect((await payments.events(order)).map(({ version }) => version)).toEqual([1n]);
  });
});

describe('a key', () => {
  test('answers what the payment is now, and refuses another request and another order', async () => {
    const order = newOrder();
    const first = await payments.authorize(order, 'tok_ok');
    expect(await payments.authorize(order, 'tok_ok')).toEqual(first);
    const other = (promise: Promise<unknown>) => promise.catch(statusOf);
    expect(await other(payments.authorize(order, 'tok_slow'))).toBe('ALREADY_EXISTS');
    expect(await other(payments.authorize(order, 'tok_ok', { amount: 1n }))).toBe('ALREADY_EXISTS');
    const another = newOrder();
    const key = `${order}/a`;
    expect(await other(payments.authorize(another, 'tok_ok', { key }))).toBe('ALREADY_EXISTS');
    await expect(payments.get(another).catch(statusOf)).resolves.toBe('NOT_FOUND');
  });

  test('that comes ten times at once acts once', async () => {
    const order = newOrder();
    const all = await Promise.all(
      Array.from({ length: 10 }, () => payments.authorize(order, 'tok_slow')),
    );
    expect(new Set(all.map(summary))).toEqual(new Set(['AUTHORIZED succeeded']));
    expect(await payments.charges(order)).toHaveLength(1);
    expect(await payments.events(order)).toHaveLength(2);
  });
});

describe('money', () => {
  test.each([2n ** 53n + 1n, 999_999_999_999_999_999n])(
    'of %d minor units is exact',
    async (amount) => {
      const [order, currency] = [newOrder(), amount > 2n ** 54n ? 'KWD' : 'JPY'];
      await payments.authorize(order, 'tok_ok', { amount, currency });
      expect((await payments.capture(order)).amount?.minorUnits).toBe(amount);
      expect(await payments.charges(order)).toMatchObject([{ captured: String(amount) }]);
      expect(await balances(currency)).toEqual({ provider: amount, sales: -amount });
      const refunded = await payments.refund(order, `${order}/r`, amount, currency);
      expect(refunded.refunded?.minorUnits).toBe(amount);
      await expect(
        payments.refund(order, `${order}/x`, 1n, currency).catch(statusOf),
      ).resolves.toBe('FAILED_PRECONDITION');
    },
  );

  test('that no balance can hold is told of, and moves all the same', async () => {
    // The most that a request can say; ten of them are more than an int64 can.
    const amount = 999_999_999_999_999_999n;
    const most = Array.from({ length: 10 }, async () => {
      const order = newOrder();
      await payments.authorize(order, 'tok_ok', { amount, currency: 'XTS' });
      await payments.capture(order);
    });
    await Promise.all(most);
    await expect(balances('XTS').catch(statusOf)).resolves.toBe('OUT_OF_RANGE');
  });

  test.each([
    [{ amount: 0n }, 'INVALID_ARGUMENT'],
    [{ amount: -5n }, 'INVALID_ARGUMENT'],
    [{ currency: 'eur' }, 'INVALID_ARGUMENT'],
    [{ key: 'x'.repeat(65) }, 'INVALID_ARGUMENT'],
  ])('%j is refused', async (given, expected) => {
    const order = newOrder();
    await expect(payments.authorize(order, 'tok_ok', given).catch(statusOf)).resolves.toBe(
      expected,
    );
  });

  test('of another currency is not given back', async () => {
    const order = newOrder();
    await payments.authorize(order, 'tok_ok');
    await payments.capture(order);
    await expect(payments.refund(order, `${order}/r`, 1n, 'USD').catch(statusOf)).resolves.toBe(
      'FAILED_PRECONDITION',
    );
  });
});

test('two refunds at once of more than there is: one is given back', async () => {
  const order = newOrder();
  await payments.authorize(order, 'tok_ok_refund_slow');
  await payments.capture(order);
  const outcomes = await Promise.all(
    [1, 2, 3].map((number) =>
      payments.refund(order, `${order}/r${number}`, 600n).then(() => 'OK', statusOf),
    ),
  );
  expect(outcomes.toSorted()).toEqual(['FAILED_PRECONDITION', 'FAILED_PRECONDITION', 'OK']);
  await eventually(async () => expect((await payments.get(order)).refunded?.minorUnits).toBe(600n));
});

test('a token is in the database until the outcome is known, and in no event or log line', async () => {
  const order = newOrder();
  const token = 'tok_timeout-secret-of-mine';
  const holds = async () => {
    const { rows } = await payments.pool.query(
      "SELECT FROM operations WHERE order_id = $1 AND operations::text LIKE '%secret-of-mine%'",
      [order],
    );
    return rows.length > 0;
  };
  payments.receiver.paused = true;
  await payments.authorize(order, token);
  expect(await holds()).toBe(true);
  payments.receiver.paused = false;
  await becomes(order, 'AUTHORIZED succeeded');
  expect(await holds()).toBe(false);
  const { rows } = await payments.pool.query<{ payload: Buffer }>('SELECT payload FROM outbox');
  expect(rows.some(({ payload }) => payload.includes('secret-of-mine'))).toBe(false);
  expect(JSON.stringify(payments.replica.process.lines)).not.toContain('secret-of-mine');
});

test('all payments are listed page by page, and those that never were are left out', async () => {
  const barred = newOrder();
  await payments.void(barred);
  const { handlers } = payments.replica;
  const listed: string[] = [];
  let pageToken = '';
  do {
    const request = create(ListPaymentsRequestSchema, { pageSize: 7, pageToken });
    const page = await handlers.listPayments(request, callOf());
    listed.push(...(page.payments ?? []).map(({ orderId }) => orderId ?? ''));
    pageToken = page.nextPageToken ?? '';
  } while (pageToken !== '');
  const { rows } = await payments.pool.query<{ order_id: string }>(
    'SELECT order_id FROM payments WHERE version > 0 ORDER BY order_id',
  );
  expect(listed).toEqual(rows.map(({ order_id: id }) => id));
  expect(listed).not.toContain(barred);
});
