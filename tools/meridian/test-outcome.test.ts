import { describe, expect, test } from '@jest/globals';
import type { SuiteCost } from './suite-cost.ts';
import { outcomeOf, type Run } from './test-outcome.ts';

const costOf = (suite: string, cpuSeconds: number): SuiteCost => ({
  ...{ suite, cpuSeconds, seconds: cpuSeconds / 2 },
  engines: {},
  skipped: [],
});
const costs = [costOf('a.test.ts', 10), costOf('b.test.ts', 2)];
const suites = ['a.test.ts', 'b.test.ts'];
const good: Run = {
  checked: { passed: 6, failed: 0 },
  tested: { passed: 40, failed: 0, failures: [], suites, costs },
  budgets: { floor: 2, suites: { 'a.test.ts': 10 } },
  withoutSuites: false,
};
const slow = [costOf('a.test.ts', 30), costOf('b.test.ts', 2)];

describe('a run', () => {
  test('passes when checks and tests do, and counts both', () => {
    expect(outcomeOf(good)).toEqual({
      passed: 46,
      failed: 0,
      marks: new Map(),
      failures: [],
      exitCode: 0,
    });
  });

  test('fails with a check or a test, and counts both', () => {
    const checked = { passed: 5, failed: 1 };
    const tested = { ...good.tested, passed: 38, failed: 2 };
    expect(outcomeOf({ ...good, checked })).toMatchObject({ passed: 45, failed: 1, exitCode: 1 });
    expect(outcomeOf({ ...good, tested })).toMatchObject({ passed: 44, failed: 2, exitCode: 1 });
    expect(outcomeOf({ ...good, checked, tested })).toMatchObject({ passed: 43, failed: 3 });
  });

  test('fails when a suite took three times its budget', () => {
    const outcome = outcomeOf({ ...good, tested: { ...good.tested, costs: slow } });
    expect(outcome).toMatchObject({ passed: 46, failed: 1, exitCode: 1 });
    expect(outcome.failures).toEqual([
      expect.stringContaining("Suite 'a.test.ts': must take less than 3 times its budget"),
    ]);
  });

  test('only notes a suite that took less than that', () => {
    const tested = { ...good.tested, costs: [costOf('a.test.ts', 29), costOf('b.test.ts', 2)] };
    expect(outcomeOf({ ...good, tested })).toMatchObject({
      failed: 0,
      marks: new Map([['a.test.ts', 'over its budget of 10 CPU s']]),
      exitCode: 0,
    });
  });

  test.each([
    ['one suite', costs.slice(0, 1), 1],
    ['all of them', [], 2],
  ])('fails when nothing has measured %s', (_which, measured, failed) => {
    const outcome = outcomeOf({ ...good, tested: { ...good.tested, costs: measured } });
    expect(outcome).toMatchObject({ passed: 46, failed, exitCode: 1 });
    expect(outcome.failures.at(-1)).toBe(
      "Suite 'b.test.ts': must be measured while it runs, got no cost; see that tests/costs/measured-environment.js is its environment and writes one",
    );
  });

  test('of a campaign has no budgets, and is measured all the same', () => {
    const campaign = { ...good, budgets: undefined };
    const of = (measured: readonly SuiteCost[]) =>
      outcomeOf({ ...campaign, tested: { ...good.tested, costs: measured } });
    expect(of(slow)).toMatchObject({ failed: 0, marks: new Map(), exitCode: 0 });
    expect(of([])).toMatchObject({ failed: 2, exitCode: 1 });
  });

  test('of suites without a single test fails, and one that had no suites to run does not', () => {
    const tested = { passed: 0, failed: 0, failures: [], suites: [], costs: [] };
    expect(outcomeOf({ ...good, tested })).toMatchObject({ failed: 0, exitCode: 1 });
    expect(outcomeOf({ ...good, tested, withoutSuites: true })).toMatchObject({ exitCode: 0 });
  });
});
