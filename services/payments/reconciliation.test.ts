import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  ReconcileStatementRequestSchema,
  StatementDifferenceReason,
} from './contract/gen/meridian/payments/v1/payments_pb.js';
import { differencesOf, parseStatement } from './reconciliation.ts';
import type { StatementLine } from './reconciliation.ts';
import { PaymentsUnderTest, callOf, newOrder, statusOf } from './testing/payments-under-test.ts';

let under: PaymentsUnderTest;

beforeAll(async () => {
  under = await PaymentsUnderTest.start();
}, 90_000);

afterAll(() => under.stop());

const HEAD = 'operation,charge,reference,kind,amount,currency,created';
const LINE: StatementLine = {
  ...{ key: 'k', orderId: 'o', kind: 'capture' },
  ...{ currency: 'EUR', minorUnits: 5n },
};

function reconcile(date: string) {
  const request = create(ReconcileStatementRequestSchema, { date });
  return under.replica.handlers.reconcileStatement(request, callOf());
}

test('the statement of a day is what the ledger has, until the provider moves money by itself', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const order = newOrder();
  await under.authorize(order, 'tok_ok');
  await under.capture(order);
  await under.refund(order, `${order}/r`, 300n);
  expect(await reconcile(today)).toMatchObject({
    ...{ lineCount: 2, postingCount: 2, differenceCount: 0 },
  });
  const body = { reference: order, amount: '7', currency: 'EUR', source: 'tok_ok' };
  const charged = await under.standIn.fetch('/v1/charges', { key: 'stranger/a', body });
  const { id } = (await charged.json()) as { id: string };
  await under.standIn.fetch(`/v1/charges/${id}/capture`, { key: 'stranger/c' });
  expect(await reconcile(today)).toMatchObject({
    ...{ lineCount: 3, differenceCount: 1 },
    differences: [
      {
        reason: StatementDifferenceReason.NOT_IN_LEDGER,
        idempotencyKey: 'stranger/c',
        inStatement: { currencyCode: 'EUR', minorUnits: 7n },
      },
    ],
  });
  expect(await reconcile('2001-02-03')).toMatchObject({ lineCount: 0, differenceCount: 0 });
  await expect(Promise.resolve(reconcile('2026-02-30')).catch(statusOf)).resolves.toBe(
    'INVALID_ARGUMENT',
  );
});

test('each line that differs is told, by how', () => {
  const none = new Set<string>();
  expect(differencesOf([LINE], [LINE], none)).toEqual([]);
  const reasons = (...given: Parameters<typeof differencesOf>) =>
    differencesOf(...given).map(({ reason, key }) => `${key} ${reason}`);
  expect(reasons([LINE], [], none)).toEqual(['k not-in-ledger']);
  expect(reasons([LINE], [], new Set(['k']))).toEqual(['k still-open']);
  expect(reasons([], [LINE], none)).toEqual(['k not-in-statement']);
  for (const change of [{ minorUnits: 6n }, { currency: 'USD' }, { kind: 'refund' as const }]) {
    expect(reasons([{ ...LINE, ...change }], [LINE], none)).toEqual(['k different']);
  }
});

test('a statement is read to the last comma, or refused by its line', () => {
  const line = '"a,""b""",ch,o,capture,9223372036854775807,EUR,2026-11-27T00:00:00Z';
  const expected = { ...LINE, key: 'a,"b"', minorUnits: 2n ** 63n - 1n };
  expect(parseStatement(`${HEAD}\r\n${line}\r\n`)).toEqual([expected]);
  expect(parseStatement(`${HEAD}\n`)).toEqual([]);
  expect(() => parseStatement('other\r\n')).toThrow(/line 1/);
  expect(() => parseStatement(`${HEAD}\r\n${line}\r\nk,ch,o,payout,1,EUR,t`)).toThrow(/line 3/);
  expect(() => parseStatement(`${HEAD}\r\nk,ch,o,capture,1.5,EUR,t`)).toThrow(/line 2/);
  expect(() => parseStatement(`${HEAD}\r\nk,ch,o,capture,1,EUR`)).toThrow(/line 2/);
});
