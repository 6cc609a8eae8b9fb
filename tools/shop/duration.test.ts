import { expect, test } from '@jest/globals';
import { secondsOf } from './duration.ts';

test('durations are seconds, minutes or hours', () => {
  expect(['1s', '90s', '5m', '24h'].map(secondsOf)).toEqual([1, 90, 300, 86_400]);
});

test.each(['', '60', '0s', '-1s', '1.5m', '1d', '25h', '1 m', 's'])('%j is refused', (given) => {
  expect(() => secondsOf(given)).toThrow(
    expect.objectContaining({
      code: 'SHOP_OPTION_UNUSABLE',
      message: expect.stringContaining(`'${given}'`),
    }),
  );
});
