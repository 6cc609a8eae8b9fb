import { describe, expect, test } from '@jest/globals';
import { RetryBudget } from './retry-budget.ts';

describe('the budget for sending calls again', () => {
  let nowMs = 5_000;

  function budget(minimumPerSecond: number): RetryBudget {
    return new RetryBudget({ percentOfCalls: 10, minimumPerSecond }, () => nowMs);
  }
  function note(count: number, target: RetryBudget): void {
    for (let index = 0; index < count; index++) target.noteCall();
  }
  /** How often it gives before it refuses. */
  function taken(target: RetryBudget): number {
    let count = 0;
    while (target.tryTake()) count++;
    return count;
  }

  test('is a tenth of the calls of the last ten seconds', () => {
    const target = budget(0);
    expect(taken(target)).toBe(0);
    note(105, target);
    expect(taken(target)).toBe(10);
    nowMs += 9_000;
    note(100, target);
    expect(taken(target)).toBe(10);
    // The first calls, and what was sent again for them, are out of sight.
    nowMs += 1_000;
    expect(taken(target)).toBe(0);
    note(100, target);
    expect(taken(target)).toBe(10);
  });

  test('leaves some for what needs it more', () => {
    const target = budget(2);
    while (target.tryTake(0.5));
    expect(taken(target)).toBe(10);
  });

  test('has something for a quiet process, and forgets a long pause', () => {
    const target = budget(2);
    expect(taken(target)).toBe(20);
    note(100, target);
    expect(taken(target)).toBe(0);
    nowMs += 3_600_000;
    expect(taken(target)).toBe(20);
  });
});
