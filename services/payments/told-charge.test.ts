import { describe, expect, test } from '@jest/globals';
import { chargeMeant, declineCodeOf, timeTold } from './told-charge.ts';
import type { MeantOperation } from './told-charge.ts';

const told = {
  ...{ id: 'ch_1', reference: 'order-1', currency: 'EUR', amount: '500' },
  ...{ captured: '500', refunded: '300' },
};

function meant(kind: MeantOperation['kind'], change: Partial<MeantOperation> = {}): MeantOperation {
  const minorUnits = kind === 'refund' ? 300n : 500n;
  const charge = kind === 'authorize' ? undefined : 'ch_1';
  return { kind, orderId: 'order-1', currency: 'EUR', minorUnits, charge, ...change };
}

const KINDS = ['authorize', 'capture', 'void', 'refund'] as const;

test.each(KINDS)('what was done of %s as it was asked for is believed', (kind) => {
  expect(chargeMeant(meant(kind), told)).toBe('ch_1');
  expect(chargeMeant(meant(kind, { charge: 'ch_1' }), told)).toBe('ch_1');
});

describe.each(KINDS)('of %s', (kind) => {
  test.each([
    [{ reference: 'order-2' }],
    [{ currency: 'USD' }],
    [{ id: '' }],
    [{ id: 'ch_\0' }],
    [{ id: 'c'.repeat(256) }],
    [{ id: undefined }],
  ])('what is said with %j is not believed', (change) => {
    expect(chargeMeant(meant(kind), { ...told, ...change })).toBeUndefined();
  });

  test('what is said of another charge is not believed, nor what says nothing', () => {
    expect(chargeMeant(meant(kind, { charge: 'ch_2' }), told)).toBeUndefined();
    for (const nothing of [undefined, null, 'ch_1', 5, []]) {
      expect(chargeMeant(meant(kind), nothing)).toBeUndefined();
    }
  });
});

test.each([
  ['authorize', { amount: '499' }],
  ['authorize', { amount: 500 }],
  ['authorize', { amount: '5e2' }],
  ['capture', { amount: '499' }],
  ['capture', { captured: '499' }],
  ['capture', { captured: '-500' }],
  ['refund', { refunded: '299' }],
  ['refund', { refunded: undefined }],
] as const)('of %s with %j less or other money moved than was asked for', (kind, change) => {
  expect(chargeMeant(meant(kind), { ...told, ...change })).toBeUndefined();
});

test('a refund that is told with others before it is believed, and sums end where an int64 does', () => {
  expect(chargeMeant(meant('refund'), { ...told, refunded: '500' })).toBe('ch_1');
  const minorUnits = 2n ** 63n - 1n;
  const most = { ...told, amount: String(minorUnits), captured: String(minorUnits) };
  expect(chargeMeant(meant('capture', { minorUnits }), most)).toBe('ch_1');
});

test('codes and moments that cannot be kept are none', () => {
  expect(declineCodeOf('insufficient_funds')).toBe('insufficient_funds');
  expect(declineCodeOf('x'.repeat(200))).toBe('x'.repeat(100));
  for (const odd of ['', 'a\0', 'é', 5, null, undefined])
    expect(declineCodeOf(odd)).toBe('declined');
  expect(timeTold(1_000)).toEqual(new Date(1_000));
  for (const odd of [1e300, 'x', undefined, {}]) expect(timeTold(odd)).toBeUndefined();
});
