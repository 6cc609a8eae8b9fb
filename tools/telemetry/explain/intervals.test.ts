import { describe, expect, test } from '@jest/globals';
import { isApart, quantileInterval, shareInterval, valuesNeeded } from './intervals.ts';

describe('the interval of a share', () => {
  test('is that of Wilson, which is known for 50 of 100 at 99 %', () => {
    const { low, high } = shareInterval(50, 100);
    expect(low).toBeCloseTo(0.3753, 3);
    expect(high).toBeCloseTo(0.6247, 3);
  });

  test('begins at 0 where nothing failed, and is wide where little was seen', () => {
    expect(shareInterval(0, 10)).toEqual({ low: 0, high: expect.closeTo(0.3989, 3) });
    expect(shareInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(shareInterval(10, 10).high).toBe(1);
  });
});

describe('the interval of a quantile', () => {
  const bounds = [0.1, 0.2, 0.4, Infinity];

  test('lies between the buckets of two ranks', () => {
    // Ranks 36 and 64 of 100 for the median at 99 %.
    expect(quantileInterval({ bounds, counts: [35, 28, 37, 0] }, 0.5)).toEqual({
      low: 0.1,
      high: 0.4,
    });
    expect(quantileInterval({ bounds, counts: [0, 100, 0, 0] }, 0.5)).toEqual({
      low: 0.1,
      high: 0.2,
    });
  });

  test('does not exist for too few values, and it is known how many are needed', () => {
    expect(quantileInterval({ bounds, counts: [0, 0, 5, 0] }, 0.5)).toBeUndefined();
    for (const quantile of [0.5, 0.99]) {
      const needed = valuesNeeded(quantile);
      const of = (count: number) =>
        quantileInterval({ bounds, counts: [count, 0, 0, 0] }, quantile);
      expect(of(needed)).toBeDefined();
      expect(of(needed - 1)).toBeUndefined();
    }
    expect(valuesNeeded(0.99)).toBeGreaterThan(500);
  });
});

test('buckets that touch have no value in common, and those that share one do', () => {
  expect(isApart({ low: 0.1, high: 0.2 }, { low: 0.2, high: 0.4 })).toBe(true);
  expect(isApart({ low: 0.1, high: 0.3 }, { low: 0.2, high: 0.4 })).toBe(false);
});
