import { expect, test } from '@jest/globals';
import { RestartPolicy } from './restart-policy.ts';

const exits = (policy: RestartPolicy, readyMs: readonly number[]) =>
  readyMs.map((ms) => policy.exited(ms));

test('the delay doubles from 0.2 s to 10 s', () => {
  const delays = exits(new RestartPolicy(), Array<number>(8).fill(0)).map((exit) => exit.delayMs);
  expect(delays).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
});

test('the delay begins again after 30 s of being ready, not before', () => {
  const delays = exits(new RestartPolicy(), [0, 0, 29_999, 30_000, 0]).map((exit) => exit.delayMs);
  expect(delays).toEqual([200, 400, 800, 200, 400]);
});

test('five exits in a row are a crash loop; being ready for 10 s begins a new row', () => {
  const loops = (readyMs: readonly number[]) =>
    exits(new RestartPolicy(), readyMs).map((exit) => exit.crashLooping);
  expect(loops([0, 9999, 0, 0, 0, 0])).toEqual([false, false, false, false, true, true]);
  expect(loops([0, 0, 0, 0, 10_000, 0, 0, 0, 0])).toEqual([...Array<boolean>(8).fill(false), true]);
});
