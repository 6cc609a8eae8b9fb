import { describe, expect, test } from '@jest/globals';
import { ruleReach } from './rule-reach.ts';

/** The bounds of an expression, beside a record of 0 or 1 and one of a service alone. */
const boundsOf = (expression: string) =>
  ruleReach([
    { record: 'a:burning:is_1', expr: 'sum(errors) > bool 3' },
    { record: 'a:alert:is_1', expr: 'vector(1)', labels: { service: 'orders' } },
    { record: 'a:own:is_1', expr: 'a:own:is_1 + 1' },
  ]).bounds(expression);

describe('between which values an expression is', () => {
  test.each([
    ['14.4', 14.4, 14.4],
    ['up', -Infinity, Infinity],
    ['rate(errors{job="orders"}[5m]) * 5m', 0, Infinity],
    ['a:burning:is_1', 0, 1],
    ['clamp_max(a:burning:is_1 + a:burning:is_1, 1)', 0, 1],
    ['clamp_max(a:burning:is_1, 0)', 0, 0],
    ['a:burning:is_1 * 0', 0, 0],
    ['-2 * a:burning:is_1 + 5', 3, 5],
    ['count_over_time((up == 0)[2m:12s]) >= bool 10', 0, 1],
    ['count_over_time((up == 0)[1m:12s]) >= bool 10', 0, 0],
    ['(max by (zone) (a:burning:is_1) or vector(0)) == bool 2', 0, 0],
    ['sum without (zone) (a:burning:is_1) unless on (zone) up', 0, Infinity],
    ['a:alert:is_1{service=~"orders|audit"} offset 5m', 1, 1],
    ['a:own:is_1', -Infinity, Infinity],
    ['what is this', -Infinity, Infinity],
    ['histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))', -Infinity, Infinity],
  ])('%s', (expression, low, high) => {
    expect(boundsOf(expression)).toEqual({ low, high });
  });

  test.each([
    ['a record that nobody makes', 'max(a:burnt:is_1)'],
    ['a record of somebody else', 'a:alert:is_1{service="audit"}'],
    ['what is more than it can be', 'a:burning:is_1 > 1'],
    ['what is less than it can be', '0 > a:burning:is_1'],
    ['nothing in what is something', 'a:burnt:is_1 * up'],
    ['counts of nothing', 'count_over_time((a:burning:is_1 == 2)[5m:1m])'],
  ])('are none of %s', (_what, expression) => {
    expect(boundsOf(expression)).toBeUndefined();
  });
});
