import { describe, expect, test } from '@jest/globals';
import { failureOf } from './outcome.ts';

describe('failureOf a call that was cancelled', () => {
  const statusWhen = (deadlineMs: number): string =>
    failureOf(undefined, { cancelled: true, deadlineMs }).error.status;

  test('is DEADLINE_EXCEEDED when its timer fired, though the wall clock is a tick behind', () => {
    expect(statusWhen(Date.now() + 1)).toBe('DEADLINE_EXCEEDED');
    expect(statusWhen(Date.now() - 1)).toBe('DEADLINE_EXCEEDED');
  });

  test("is DEADLINE_EXCEEDED when the caller's own ended first, as the call was on its way for so long", () => {
    expect(statusWhen(Date.now() + 40)).toBe('DEADLINE_EXCEEDED');
  });

  test('is CANCELLED when there was time left', () => {
    expect(statusWhen(Date.now() + 60_000)).toBe('CANCELLED');
    expect(statusWhen(Infinity)).toBe('CANCELLED');
  });
});
