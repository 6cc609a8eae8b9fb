import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs, restUntilAborted, settledWithin } from './patience.ts';

test('each wait is twice the one before up to a bound, half of it at random', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (attempts) => {
      const longestMs = Math.min(100 * 2 ** (attempts - 1), 5_000);
      const waitMs = backoffMs(attempts, 100, 5_000);
      expect(waitMs).toBeGreaterThanOrEqual(longestMs / 2);
      expect(waitMs).toBeLessThanOrEqual(longestMs);
    }),
  );
});

test('a rest ends when it is aborted, and does not begin after that', async () => {
  const stop = new AbortController();
  const resting = restUntilAborted(3_600_000, stop.signal);
  stop.abort();
  await resting;
  await restUntilAborted(3_600_000, stop.signal);
  expect(stop.signal.aborted).toBe(true);
});

test('work that hangs is left behind, and what fails in time is told', async () => {
  await settledWithin(new Promise(() => undefined), 1);
  await settledWithin(undefined, 3_600_000);
  await expect(settledWithin(Promise.reject(new Error('it failed')), 3_600_000)).rejects.toThrow(
    'it failed',
  );
});
