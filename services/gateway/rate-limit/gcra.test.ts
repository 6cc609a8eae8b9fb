import { describe, expect, test } from '@jest/globals';
import type { RateLimit } from '@meridian/language/rate-limit.ts';
import { decide } from './gcra.ts';

const LIMIT: RateLimit = { requests: 10, windowSeconds: 1, burst: 5 };

/** Asks at each of these times; gives whether it was let through. */
function ask(times: readonly number[], limit = LIMIT) {
  let wholeAtMs: number | undefined;
  return times.map((nowMs) => {
    const answer = decide(limit, wholeAtMs, nowMs);
    wholeAtMs = answer.wholeAtMs;
    return answer.decision;
  });
}

describe('the generic cell rate algorithm', () => {
  test('lets a burst through, and no more', () => {
    const decisions = ask([0, 0, 0, 0, 0, 0]);
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, true, true, false]);
    expect(decisions.map(({ remaining }) => remaining)).toEqual([4, 3, 2, 1, 0, 0]);
    expect(decisions.at(-1)).toMatchObject({ retryAfterMs: 100, resetMs: 500 });
  });

  test('lets the next one through when it said so, and not before', () => {
    expect(ask([0, 0, 0, 0, 0, 99]).at(-1)).toMatchObject({ allowed: false, retryAfterMs: 1 });
    expect(ask([0, 0, 0, 0, 0, 100]).at(-1)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('lets the rate through for ever, and forgets after a pause', () => {
    const steady = Array.from({ length: 1000 }, (_, index) => index * 100);
    expect(ask(steady).every(({ allowed }) => allowed)).toBe(true);
    expect(ask([0, 0, 0, 0, 0, 60_000]).at(-1)).toMatchObject({ remaining: 4 });
  });

  test('counts the same whatever fractions the clock has', () => {
    const limit = { requests: 1, windowSeconds: 3_600, burst: 3 };
    for (let start = 0.1; start < 1e9; start *= 1.7) {
      const decisions = ask([start, start, start, start], limit);
      expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
      expect(decisions.map(({ resetMs }) => resetMs / 3_600_000)).toEqual([1, 2, 3, 3]);
    }
  });

  test('takes nothing for what it refuses', () => {
    const refused = Array.from({ length: 50 }, () => 0);
    expect(ask([...refused, 100]).at(-1)).toMatchObject({ allowed: true });
  });
});
