import { expect, test } from '@jest/globals';
import { expectDrawn } from '@meridian/kit/testing/drawn-document.ts';
import fc from 'fast-check';
import { OPERATIONS_MAX, noPayment, transition } from './payment-machine.ts';
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
const CAPTURED = run([
  AUTHORIZE,
  { type: 'answer', key: 'a', answer: { status: 'succeeded', charge: 'ch' } },
  { type: 'capture', key: 'c' },
  { type: 'answer', key: 'c', answer: { status: 'succeeded', charge: 'ch' } },
]);

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

test('a payment with as many operations as an event can hold can still be given up', () => {
  const attempts = Array.from({ length: OPERATIONS_MAX }, (_, index): PaymentMessage[] => [
    { ...AUTHORIZE, key: `a${index}` },
    { type: 'answer', key: `a${index}`, answer: { status: 'refused', declineCode: 'no' } },
  ]).flat();
  const state = run(attempts);
  expect(state.operations).toHaveLength(OPERATIONS_MAX - 1);
  expect(transition(state, { ...AUTHORIZE, key: 'last' })).toEqual({
    type: 'refused',
    reason: 'TOO_MANY_OPERATIONS',
  });
  expect(statusOf(run([{ type: 'void', key: 'v' }], state))).toBe('voided');
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
