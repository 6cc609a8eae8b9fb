import { SEVERITIES } from '@meridian/policies/severity.ts';
import type { ChangeKind } from '@meridian/policies/severity.ts';
import { expect, test } from '@jest/globals';
import { exitCodeOf } from './exit-code.ts';
import { judged, refundsReview, reviewOf } from './testing/sample-review.ts';

const failed = { stack: 'local', code: 'HEAD_NOT_BUILT', message: 'it does not build' };

test.each(Object.keys(SEVERITIES) as readonly ChangeKind[])('%s ends by its level', (kind) => {
  const expected = { danger: 20, check: 10, note: 0 }[SEVERITIES[kind].level];
  expect(exitCodeOf([reviewOf({ findings: [judged({ kind })] })])).toBe(expected);
});

test('the worst of several stacks counts', () => {
  expect(exitCodeOf([reviewOf({ isSame: true }), refundsReview])).toBe(20);
});

test('a stack that could not be reviewed is never green, nor is a review of nothing', () => {
  expect(exitCodeOf([reviewOf({ isSame: true }), failed])).toBe(3);
  expect(exitCodeOf([refundsReview, failed])).toBe(3);
  expect(exitCodeOf([])).toBe(3);
});

test('a finding raises its level and never lowers it, and one of no kind that is known is a check', () => {
  const played = { ...judged({ kind: 'data-deleted' }), level: 'note' as const };
  expect(exitCodeOf([reviewOf({ findings: [played] })])).toBe(20);
  const raised = { ...judged({ kind: 'scale-changed' }), level: 'danger' as const };
  expect(exitCodeOf([reviewOf({ findings: [raised] })])).toBe(20);
  const unknown = { ...played, kind: 'constructor' as ChangeKind };
  expect(exitCodeOf([reviewOf({ findings: [unknown] })])).toBe(10);
});
