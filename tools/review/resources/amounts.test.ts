import { describe, expect, test } from '@jest/globals';
import { quantityOf, secondsOf } from './amounts.ts';

describe('an amount', () => {
  test.each([
    [3, 3],
    ['500m', 0.5],
    ['20Gi', 20 * 2 ** 30],
    ['49GiB', 49 * 2 ** 30],
    ['3072MB', 3072 * 2 ** 20],
    ['50%', undefined],
    [undefined, undefined],
  ])('%s is %s', (given, amount) => {
    expect(quantityOf(given)).toBe(amount);
  });

  test.each([
    ['90d', 7_776_000],
    ['87600h0m0s', 315_360_000],
    ['500ms', 0.5],
    ['1w', 604_800],
    ['soon', undefined],
    ['20Gi', undefined],
  ])('of time %s is %s seconds', (given, seconds) => {
    expect(secondsOf(given)).toBe(seconds);
  });
});
