import fc from 'fast-check';
import type { PaymentMessage } from '../payment-machine.ts';

const KEYS = ['a1', 'a2', 'c1', 'c2', 'v1', 'v2', 'r1', 'r2', 'r3'] as const;

/** Keys are few, so that requests and answers meet; some are asked for under a key of another kind. */
const key = fc.constantFrom(...KEYS);

const amount = fc.record({
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD'),
  minorUnits: fc.constantFrom(1n, 400n, 600n, 1000n),
});

const asked: fc.Arbitrary<PaymentMessage> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('authorize' as const),
      key: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('a1', 'a2') }, key),
      amount: fc.constantFrom(
        { currency: 'EUR', minorUnits: 1000n },
        { currency: 'EUR', minorUnits: 1000n },
        { currency: 'EUR', minorUnits: 999n },
      ),
      source: fc.constantFrom('one', 'one', 'two'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('capture' as const), key }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('void' as const), key }) },
  {
    weight: 3,
    arbitrary: fc.record(
      { type: fc.constant('refund' as const), key, amount },
      {
        requiredKeys: ['type', 'key'],
      },
    ),
  },
);

const told: fc.Arbitrary<PaymentMessage> = fc.record({
  type: fc.constant('answer' as const),
  key,
  answer: fc.oneof(
    { weight: 4, arbitrary: fc.constant({ status: 'succeeded' as const, charge: 'ch_1' }) },
    { weight: 1, arbitrary: fc.constant({ status: 'refused' as const, declineCode: 'no' }) },
    { weight: 1, arbitrary: fc.constant({ status: 'unknown' as const }) },
  ),
});

const TEN = { currency: 'EUR', minorUnits: 1000n };
const succeeded = (key: string): PaymentMessage => ({
  type: 'answer',
  key,
  answer: { status: 'succeeded', charge: 'ch_1' },
});

/** How far a payment has come before anything may happen: by chance few would be captured. */
const BEGINNINGS: readonly (readonly PaymentMessage[])[] = [
  [],
  [{ type: 'authorize', key: 'a1', amount: TEN, source: 'one' }, succeeded('a1')],
  [
    { type: 'authorize', key: 'a1', amount: TEN, source: 'one' },
    succeeded('a1'),
    { type: 'capture', key: 'c1' },
    succeeded('c1'),
  ],
];

/** What may happen to one payment, likely or not. */
export function messageHistories(maxLength = 30): fc.Arbitrary<readonly PaymentMessage[]> {
  const rest = fc.array(fc.oneof({ weight: 2, arbitrary: asked }, { weight: 3, arbitrary: told }), {
    maxLength,
    size: 'max',
  });
  return fc
    .tuple(fc.constantFrom(...BEGINNINGS), rest)
    .map(([beginning, following]) => [...beginning, ...following]);
}
