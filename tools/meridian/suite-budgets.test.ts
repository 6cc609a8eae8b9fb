import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { programFolder } from './places.ts';
import { budgetsFile, budgetsFrom, judge, readBudgets, sumOf } from './suite-budgets.ts';
import { costTable, type SuiteCost } from './suite-cost.ts';

const costOf = (suite: string, cpuSeconds: number): SuiteCost => ({
  ...{ suite, cpuSeconds, seconds: cpuSeconds / 2 },
  engines: {},
  skipped: [],
});
const budgets = { floor: 2, suites: { 'a.test.ts': 10 } };

describe('a budget', () => {
  test('that holds says nothing', () => {
    const { marks, failures } = judge([costOf('a.test.ts', 10), costOf('b.test.ts', 2)], budgets);
    expect([...marks]).toEqual([]);
    expect(failures).toEqual([]);
  });

  test('that is exceeded is a note in the table', () => {
    const costs = [costOf('a.test.ts', 29.9), costOf('b.test.ts', 1)];
    const { marks, failures } = judge(costs, budgets);
    expect(failures).toEqual([]);
    expect(costTable(costs, { rows: 15, marks })).toBe(
      `seconds   CPU s  suite
   14.9    29.9  a.test.ts  (over its budget of 10 CPU s)
    0.5     1.0  b.test.ts`,
    );
  });

  test('that is exceeded three times fails the run and says where to change it', () => {
    const { failures } = judge([costOf('a.test.ts', 30), costOf('b.test.ts', 6.2)], budgets);
    expect(failures).toEqual([
      "Suite 'a.test.ts': must take less than 3 times its budget of 10 CPU seconds, took 30.0; make it cheaper, or change tests/budget.json and say in the commit what the seconds buy",
      "Suite 'b.test.ts': must take less than 3 times its budget of 2 CPU seconds, took 6.2; make it cheaper, or change tests/budget.json and say in the commit what the seconds buy",
    ]);
  });
});

describe('budgets of a measured run', () => {
  test('have a line for each suite above the floor, with headroom, sorted', () => {
    const costs = [costOf('z.test.ts', 5), costOf('b.test.ts', 1.5), costOf('a.test.ts', 20)];
    expect(budgetsFrom({ floor: 2, suites: { 'gone.test.ts': 3 } }, costs, true)).toEqual({
      floor: 2,
      suites: { 'a.test.ts': 24, 'z.test.ts': 6 },
    });
  });

  test('of a part leave the others as they are', () => {
    const written = budgetsFrom(budgets, [costOf('z.test.ts', 5)], false);
    expect(written).toEqual({ floor: 2, suites: { 'a.test.ts': 10, 'z.test.ts': 6 } });
    expect(Object.keys(budgetsFrom(written, [costOf('z.test.ts', 1)], false).suites)).toEqual([
      'a.test.ts',
    ]);
  });

  test('are summed up', () => {
    expect(sumOf(budgets, ['a.test.ts', 'b.test.ts', 'c.test.ts'])).toBe(
      'Budget: 10 CPU s for 1 suites, up to 2 for each of 2 others',
    );
  });
});

test('the table shows the slowest first, with engines, and how many more there are', () => {
  const costs = [
    costOf('a.test.ts', 1),
    { ...costOf('b.test.ts', 9), engines: { postgres: 1, redis: 2 } },
    costOf('c.test.ts', 3),
  ];
  expect(costTable(costs, { rows: 2, marks: new Map() })).toBe(
    `seconds   CPU s  suite
    4.5     9.0  b.test.ts  (postgres, redis ×2)
    1.5     3.0  c.test.ts
                 and 1 more`,
  );
});

test("the program's own budgets are sorted, above the floor, and of suites that exist", () => {
  const { floor, suites } = readBudgets();
  expect(Object.keys(suites)).toEqual(Object.keys(suites).toSorted());
  for (const [suite, budget] of Object.entries(suites)) {
    expect(budget).toBeGreaterThan(floor);
    expect([suite, existsSync(path.join(programFolder, suite))]).toEqual([suite, true]);
  }
  // As prettier and write-budget.ts have it.
  expect(readFileSync(path.join(programFolder, budgetsFile), 'utf8')).toBe(
    `${JSON.stringify({ floor, suites }, undefined, 2)}\n`,
  );
});
