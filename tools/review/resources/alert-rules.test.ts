import { describe, expect, test } from '@jest/globals';
import { alertChanges, recordsIn } from './alert-rules.ts';

const groups = (...rules: readonly object[]) => ({ groups: [{ name: 'a', rules }] });
const page = {
  alert: 'EngineAway',
  expr: 'up == 0',
  for: '1m',
  labels: { severity: 'critical', service: 'redis' },
  annotations: { summary: 'It is away' },
};
const recorded = {
  record: 'service:alert:is_1',
  expr: 'max(x) == 1',
  labels: { alert: 'NothingSeen', service: 'meridian', severity: 'page' },
};

function kindsOf(before: object, after: object): readonly string[] {
  return alertChanges(before, after).map(({ kind }) => kind);
}

describe('rules of alerts', () => {
  test.each([
    ['a page that is gone', groups(page), groups(), 'page-lost'],
    ['a record of a page that is gone', groups(recorded), groups(), 'page-lost'],
    [
      'a ticket that is gone',
      groups({ ...page, labels: { severity: 'warning' } }),
      groups(),
      'ticket-lost',
    ],
    ['a new alert', groups(), groups(page), 'alert-added'],
    [
      'a page that only writes a ticket',
      groups(page),
      groups({ ...page, labels: { ...page.labels, severity: 'warning' } }),
      'page-lost',
    ],
    ['a page that comes later', groups(page), groups({ ...page, for: '5m' }), 'alert-loosened'],
    [
      'a page of a time that nobody can read',
      groups(page),
      groups({ ...page, for: 'x' }),
      'alert-loosened',
    ],
    ['a page that comes sooner', groups(page), groups({ ...page, for: '30s' }), 'alert-changed'],
    ['another expression', groups(page), groups({ ...page, expr: 'up == 1' }), 'unknown-change'],
    [
      'other words',
      groups(page),
      groups({ ...page, annotations: { summary: 'Gone' } }),
      'alert-changed',
    ],
  ])('tell of %s', (_what, before, after, kind) => {
    expect(kindsOf(before, after)).toEqual([kind]);
  });

  test('tell of nothing where rules stand in another order', () => {
    expect(kindsOf(groups(page, recorded), groups(recorded, page))).toEqual([]);
  });

  test('are not records, which are counted apart', () => {
    const record = { record: 'service:up:ratio', expr: 'avg(up)', labels: { service: 'redis' } };
    expect([...recordsIn(groups(page, recorded, record)).values()]).toEqual([
      { name: 'service:up:ratio', service: 'redis', expression: 'avg(up)' },
    ]);
  });
});
