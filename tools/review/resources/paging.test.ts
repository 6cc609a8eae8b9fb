import { describe, expect, test } from '@jest/globals';
import { pagingChanges } from './paging.ts';

const pager = (severity: string) => ({
  routing_key_file: '/keys/search',
  severity,
  url: 'https://a',
});
const receivers = [
  { name: 'page-search', pagerduty_configs: [pager('critical')] },
  { name: 'page-audit', pagerduty_configs: [pager('critical')] },
  { name: 'ticket-search', pagerduty_configs: [pager('warning')] },
  { name: 'nobody' },
];
const route = (severity: string, owner: string, receiver: string, more: object = {}) => ({
  receiver,
  matchers: [`severity="${severity}"`, `owner="${owner}"`],
  group_wait: '5s',
  ...more,
});
const of = (routes: readonly object[], more: object = {}) => ({
  route: { receiver: 'ticket-search', group_by: ['alertname'], group_wait: '30s', routes },
  receivers,
  ...more,
});
const page = route('critical', 'search', 'page-search');
const ticket = route('warning', 'search', 'ticket-search');
const base = of([page, ticket]);

function told(after: unknown, before: unknown = base): readonly string[] {
  return pagingChanges(before, after).map(
    ({ kind, subject = '', property = '', before: was = '', after: is = '' }) =>
      `${kind} ${subject} ${property} ${was} → ${is}`,
  );
}

describe('where pages go', () => {
  test.each([
    [
      'by no route of their own',
      of([ticket]),
      'page-lost pages of search receiver page-search → ticket-search',
    ],
    [
      'to a receiver that tells nobody',
      of([{ ...page, receiver: 'nobody' }, ticket]),
      'page-lost pages of search receiver page-search → nobody',
    ],
    [
      'to another owner',
      of([{ ...page, receiver: 'page-audit' }, ticket]),
      'page-rerouted pages of search receiver page-search → page-audit',
    ],
    [
      'later',
      of([{ ...page, group_wait: '3h' }, ticket]),
      'page-late pages of search group_wait 5s → 3h',
    ],
    [
      'at some times only',
      of([{ ...page, active_time_intervals: ['office'] }, ticket]),
      'page-lost pages of search times none → only in office',
    ],
    [
      'to a route before their own',
      of([{ receiver: 'nobody', matchers: ['alertname="EngineAway"'] }, page, ticket]),
      'page-lost pages of search with alertname=EngineAway receiver page-search → nobody',
    ],
    [
      'by a pattern that nobody can compare',
      of([{ ...page, matchers: ['owner=~"s.*"'] }, page, ticket]),
      'page-rerouted  routes  → ',
    ],
    [
      'nowhere while others are on',
      of([page, ticket], { inhibit_rules: [{ target_matchers: ['severity=critical'] }] }),
      'page-lost  inhibit_rules none → {"target":["severity=critical"]}',
    ],
    ['by no configuration', 'no such thing', 'page-lost  routes there → none'],
  ])('is told: %s', (_where, after, line) => {
    expect(told(after)).toContain(line);
  });

  test('is told as a ticket of what wakes nobody', () => {
    expect(told(of([page, { ...ticket, receiver: 'nobody' }]))).toEqual([
      'ticket-lost tickets of search receiver ticket-search → nobody',
    ]);
  });

  test('is told of what was there, where another owner has routes too', () => {
    const kinds = told(of([page, ticket, route('critical', 'audit', 'page-audit')]));
    expect(kinds).toEqual(['alert-changed pages of audit receiver ticket-search → page-audit']);
  });

  test('is the same where routes are written another way', () => {
    const nested = of([
      { matchers: ['severity="critical"'], routes: [page] },
      { ...ticket, match: { severity: 'warning', owner: 'search' }, matchers: [] },
    ]);
    expect(told(nested).filter((line) => !line.startsWith('alert-changed'))).toEqual([]);
    expect(told(base)).toEqual([]);
  });

  test('is read of receivers without their addresses', () => {
    const [first, ...others] = receivers;
    const changed = (more: object) =>
      told(
        of([page, ticket], {
          receivers: [
            { ...first, pagerduty_configs: [{ ...pager('critical'), ...more }] },
            ...others,
          ],
        }),
      );
    const [address] = changed({ url: 'https://name:word@b' });
    expect(address).toMatch(/^page-rerouted receiver page-search url sha256:\w{8} → sha256:\w{8}$/);
    expect(changed({ routing_key_file: '/keys/audit' })).toEqual([
      'page-rerouted receiver page-search routing_key_file /keys/search → /keys/audit',
    ]);
    expect(changed({ severity: 'info' })).toEqual([
      'page-lost receiver page-search severity critical → info',
    ]);
    expect(changed({ description: 'other' })).toEqual([
      'words-changed receiver page-search words  → ',
    ]);
  });
});
