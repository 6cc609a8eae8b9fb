import { expect, test } from '@jest/globals';
import { recordsIn } from './alert-rules.ts';
import { burnChanges } from './burn-changes.ts';

const rules = (fast: number, slow: number) =>
  recordsIn({
    groups: [
      {
        rules: [
          { record: 'slo:error_budget:ratio', expr: 'events * 0 + 0.005', labels: { slo: 'a' } },
          {
            record: 'slo:burning_page:is_1',
            expr: `clamp_max((a > bool ${fast} * slo:error_budget:ratio) + (b > bool ${slow} * slo:error_budget:ratio), 1)`,
          },
        ],
      },
    ],
  });

test.each([
  [1440, 6, 'page-blind'],
  [20, 6, 'alert-loosened'],
  [10, 6, 'alert-changed'],
])('a page at %d and %d times what is allowed is %s', (fast, slow, kind) => {
  expect(burnChanges(rules(14.4, 6), rules(fast, slow))).toMatchObject([
    { kind, subject: 'pages on budgets', before: '14.4, 6', after: `${fast}, ${slow}` },
  ]);
  expect(burnChanges(rules(fast, slow), rules(fast, slow))).toEqual([]);
});
