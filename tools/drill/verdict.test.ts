import { expect, test } from '@jest/globals';
import type { Expected } from './fault.ts';
import type { Told } from './pager.ts';
import { verdictOf } from './verdict.ts';

const expected: Expected = {
  ...{ severity: 'page', alert: 'EngineAway', about: 'kafka', runbook: 'engine-away' },
};
const page: Told = {
  ...{ key: 'one', severity: 'page', alert: 'EngineAway', about: 'kafka' },
  ...{ summary: 'kafka is away', runbook: 'docs/runbooks/engine-away.md' },
  ...{ at: 1_000, resolvedAt: 2_000 },
};

test('one page that is resolved, with its runbook, is what a drill is to end in', () => {
  expect(verdictOf(expected, [page])).toEqual({ outcome: 'passed', problems: [] });
});

test.each<[string, readonly Told[], RegExp]>([
  ['nothing', [], /^Nobody was told of EngineAway about kafka$/],
  [
    'a second alert',
    [page, { ...page, alert: 'OutboxStuck', about: 'orders' }],
    /^A page of OutboxStuck about orders came/,
  ],
  ['the same twice', [page, { ...page, key: 'two' }], /^It was told 2 times/],
  ['a ticket', [{ ...page, severity: 'ticket' }], /^It must be a page, got a ticket$/],
  ['no severity', [{ ...page, severity: undefined }], /^It must be a page, got a message$/],
  ['the same alert about another', [{ ...page, about: 'redis' }], /about kafka$/],
  [
    'another runbook',
    [{ ...page, runbook: 'docs/runbooks/outbox-stuck.md' }],
    /^Its runbook must be engine-away.md/,
  ],
  ['no resolution', [{ ...page, resolvedAt: undefined }], /^It was not resolved$/],
])('a drill that ends in %s has failed, and says why', (_, told, problem) => {
  const { outcome, problems } = verdictOf(expected, told);
  expect(outcome).toBe('failed');
  expect(problems[0]).toMatch(problem);
});
