import { expect, test } from '@jest/globals';
import { expectDrawn } from '@meridian/kit/testing/drawn-document.ts';
import fc from 'fast-check';
import { AUTHORIZATIONS_MAX, OPERATIONS_MAX, noPayment, transition } from './payment-machine.ts';
import type { PaymentMessage } from './payment-machine.ts';
import {
  hasSucceeded,
  operationsUnderWay,
  refundableOf,
  refundedOf,
  statusOf,
} from './payment-state.ts';
import type { PaymentState } from './payment-state.ts';
import { DRAWN, RACES, drawTables, endsOf, run } from './payment-table.ts';
import { messageHistories } from './testing/histories.ts';

const TEN = { currency: 'EUR', minorUnits: 1000n };
const AUTHORIZE = { type: 'authorize', key: 'a', amount: TEN, source: 's' } as const;
const PAYING: readonly PaymentMessage[] = [
  AUTHORIZE,
  { type: 'answer', key: 'a', answer: { status: 'succeeded', charge: 'ch' } },
  { type: 'capture', key: 'c' },
  { type: 'answer', key: 'c', answer: { status: 'succeeded', charge: 'ch' } },
];
const AUTHORIZED = run(PAYING.slice(0, 2));
const CAPTURED = run(PAYING);

test.each(RACES)('$name: $why', (race) => {
  expect(endsOf(race)).toEqual(race.ends);
});

test('docs/payments.md shows what the machine does', () => {
  expectDrawn('docs/payments.md', DRAWN, drawTables());
});

test('a key answers its own request again, and no other', () => {
  const state = run([AUTHORIZE]);
  expect(transition(state, AUTHORIZE)).toEqual({ type: 'unchanged', state, effects: [] });
  const other = { type: 'refused', reason: 'KEY_OF_ANOTHER_REQUEST' };
  expect(transition(state, { ...AUTHORIZE, source: 't' })).toEqual(other);
  expect(transition(state, { ...AUTHORIZE, amount: { ...TEN, currency: 'USD' } })).toEqual(other);
  expect(transition(state, { type: 'capture', key: 'a' })).toEqual(other);
});

test('a refund of all that is left is told from one of the same amount under its key', () => {
  const all = { type: 'refund', key: 'r' } as const;
  const state = run([all], CAPTURED);
  expect(refundableOf(state)).toBe(0n);
  expect(transition(state, all).type).toBe('unchanged');
  expect(transition(state, { ...all, amount: TEN })).toEqual({
    type: 'refused',
    reason: 'KEY_OF_ANOTHER_REQUEST',
  });
});

test('a refund of one unit more than there is, or of another currency, is refused', () => {
  const refund = (amount: typeof TEN) => transition(CAPTURED, { type: 'refund', key: 'r', amount });
  expect(refund({ ...TEN, minorUnits: 1001n })).toEqual({
    type: 'refused',
    reason: 'MORE_THAN_LEFT',
  });
  expect(refund({ ...TEN, currency: 'USD' })).toEqual({
    type: 'refused',
    reason: 'AMOUNT_DIFFERS',
  });
  expect(refund(TEN).type).toBe('changed');
});

const REFUSED = { status: 'refused', declineCode: 'no' } as const;
/** The same that often, each time under another key and refused. */
const refusedTimes = (times: number, asked: PaymentMessage): PaymentMessage[] =>
  Array.from({ length: times }, (_, index): PaymentMessage[] => {
    const key = `${asked.key}${index}`;
    return [
      { ...asked, key },
      { type: 'answer', key, answer: REFUSED },
    ];
  }).flat();
const TOO_MANY = { type: 'refused', reason: 'TOO_MANY_OPERATIONS' };

test('however often a customer was declined, what a later attempt paid can be given back in parts', () => {
  const declined = run(refusedTimes(AUTHORIZATIONS_MAX - 1, AUTHORIZE));
  const paid = run(PAYING, declined);
  expect(statusOf(paid)).toBe('captured');
  const part = { type: 'refund', key: 'part', amount: { ...TEN, minorUnits: 400n } } as const;
  expect(transition(paid, part).type).toBe('changed');
  const full = run(
    [
      { ...AUTHORIZE, key: 'a20' },
      { type: 'answer', key: 'a20', answer: REFUSED },
    ],
    declined,
  );
  expect(transition(full, { ...AUTHORIZE, key: 'a21' })).toEqual(TOO_MANY);
  expect(statusOf(run([{ type: 'void', key: 'v' }], full))).toBe('voided');
});

test('however often the provider refused to give an amount back or free, it can be asked again', () => {
  const part = { type: 'refund', key: 'r', amount: { ...TEN, minorUnits: 400n } } as const;
  const refused = run(refusedTimes(OPERATIONS_MAX, part), CAPTURED);
  expect(transition(refused, part)).toEqual(TOO_MANY);
  expect(transition(refused, { ...part, amount: TEN }).type).toBe('changed');
  const held = run(refusedTimes(OPERATIONS_MAX, { type: 'void', key: 'v' }), AUTHORIZED);
  expect(held.operations.length).toBeGreaterThan(OPERATIONS_MAX);
  expect(transition(held, { type: 'void', key: 'v' })).toMatchObject({
    effects: [{ type: 'send', key: 'v' }],
  });
});

/** What holds of every payment, whatever came in whatever order. */
function check(state: PaymentState): void {
  const succeeded = (kind: string): number =>
    state.operations.filter((one) => one.kind === kind && one.status === 'succeeded').length;
  expect(succeeded('authorize')).toBeLessThanOrEqual(1);
  expect(succeeded('capture')).toBeLessThanOrEqual(1);
  expect(hasSucceeded(state, 'capture') && hasSucceeded(state, 'void')).toBe(false);
  expect(refundedOf(state)).toBeLessThanOrEqual(state.amount?.minorUnits ?? 0n);
  expect(refundableOf(state)).toBeGreaterThanOrEqual(0n);
  // Two at once only where they cannot take the same money.
  const open = operationsUnderWay(state).filter(({ kind }) => kind !== 'refund');
  expect(open.length).toBeLessThanOrEqual(1);
}

test('no history takes an amount twice, gives back more than it, or takes and frees it', () => {
  fc.assert(
    fc.property(messageHistories(), (history) => {
      let state = noPayment('order');
      for (const message of history) {
        const result = transition(state, message);
        if (result.type === 'refused') continue;
        state = result.state;
        check(state);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('once nothing is open, a payment that is to be void is void or was taken', () => {
  fc.assert(
    fc.property(messageHistories(), (history) => {
      let state = run([...history, { type: 'void', key: 'last' }]);
      while (operationsUnderWay(state).length > 0) {
        const answers = operationsUnderWay(state).map(
          ({ key }) =>
            ({ type: 'answer', key, answer: { status: 'succeeded', charge: 'ch' } }) as const,
        );
        state = run(answers, state);
      }
      expect(['voided', 'captured', 'refunded', undefined]).toContain(statusOf(state));
      expect(state.operations.every(({ status }) => status !== 'pending')).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
