import { SEVERITIES } from '@meridian/policies/severity.ts';
import type { ChangeKind } from '@meridian/policies/severity.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReviewResult } from '../stack-review.ts';
import { REPORT_BYTES } from './report-size.ts';
import { reviewText } from './review-text.ts';
import { hostileReview } from './testing/hostile-review.ts';
import { judged, refundsReview, reviewOf } from './testing/sample-review.ts';

/** What stands above the fold: everything before the sections, which begin after an empty line. */
function foldOf(results: readonly ReviewResult[]): readonly string[] {
  const blocks = reviewText(results).trimEnd().split('\n\n').slice(0, results.length);
  return blocks.join('\n\n').split('\n');
}

const times = (count: number, kind: ChangeKind, apart = false) =>
  Array.from({ length: count }, (_, index) =>
    judged({
      kind,
      subject: `thing-${index}`,
      property: 'min replicas',
      before: '3',
      after: '2',
      ...(apart ? { consequence: `consequence ${index}` } : {}),
      at: { file: `services/thing-${index}/service.ts`, line: index + 1 },
    }),
  );

test('a review says its verdict, dangers and checks with their lines, and what is left of it', () => {
  expect(reviewText([refundsReview])).toBe(`\
staging: 1 DANGER, 2 checks, 1 note                              4f2c9e1..a81b03d, judged by 4f2c9e1
214 resources: 1 replaced, 5 changed, 2 new, 206 same.
Approve with sha256:${'9c1e'.repeat(16)}
DANGER
1 NEWLY REACHABLE  anonymous → POST /v1/refunds → payments.Refund    services/payments/service.ts:58
    role support → authorisation removed; anybody on the internet gives money back
CHECK
2 CALL ADDED  search → payments.ListPayments                           services/search/service.ts:22
    opens a NetworkPolicy and an allow-list; no path from a user uses it
3 OBJECTIVE  catalog: reads p99 200 → 400 ms; its page comes later    services/catalog/service.ts:71
NOTES  1 alert added
ZONES unchanged, proof not assessed   ALERTS 1 loosened, 0 blind   COST not assessed

Alerts and sight
  alert added  SearchSlow: it differs

Not assessed
  ZONES: the proof needs a change of its own
  COST: no prices

What to do about each of them: docs/review-findings.md
`);
});

describe('no change for anyone', () => {
  const said = /no change for anyone/i;

  test('is said where graph and resources are equal', () => {
    expect(reviewText([reviewOf({ isSame: true })])).toMatch(said);
  });

  test.each([
    ['a resource differs', { isSame: false }],
    ['something was found', { isSame: true, findings: [judged({ kind: 'lockfile-changed' })] }],
    [
      'a resource is replaced whatever is said of the graph',
      { isSame: true, totals: { replaced: 1, changed: 0, new: 0, deleted: 0, same: 3 } },
    ],
  ])('is not said where %s', (_why, given) => {
    expect(reviewText([reviewOf(given)])).not.toMatch(said);
  });
});

test('checks that differ in their subject alone are one, whose stacks come worst first', () => {
  const capacity = reviewOf({ stack: 'prod', findings: times(12, 'capacity-down') });
  const failed = { stack: 'zulu', code: 'HEAD_NOT_BUILT', message: 'a.ts:3: no\n1 DANGER' };
  const text = reviewText([reviewOf({ stack: 'same', isSame: true }), capacity, failed]);
  expect(text).toContain('1 CAPACITY  12 services: min replicas 3 → 2');
  expect(text).toContain('services/thing-0/service.ts:1 +11');
  expect(text.match(/^\w+(?=: )/gm)).toEqual(['zulu', 'prod', 'same']);
  expect(text).toContain('zulu: NOT REVIEWED\nNothing is known');
  expect(text).toContain('\n    1 DANGER\n');
});

test('dangers that differ in their subject alone are one line with a few names, and below each is by itself', () => {
  const text = reviewText([reviewOf({ findings: times(56, 'trust-changed') })]);
  expect(text).toContain(
    '1 TRUST CHANGED  56 services (thing-0, thing-1, thing-2 and 53 more): min replicas  ',
  );
  expect(text.match(/^\d+ TRUST CHANGED/gm)).toHaveLength(1);
  expect(text).toMatch(/^staging: 56 DANGERS /m);
  expect(text).toMatch(/^DANGER {2}56 told as 1$/m);
  expect(text.match(/^ {2}TRUST CHANGED {2}thing-\d+/gm)).toHaveLength(56);
});

test('what follows from a finding is counted with it, and named below', () => {
  const follows = ['Rollout a', 'Rollout b', 'Rollout c', 'Rollout d'];
  const named = judged({ kind: 'trust-changed', subject: 'meridian', follows });
  const text = reviewText([reviewOf({ findings: [named] })]);
  expect(text).toContain('staging: 1 DANGER ');
  expect(text).toContain(
    '1 TRUST CHANGED  meridian (+4: Rollout a, Rollout b, Rollout c and 1 more)',
  );
  expect(text).toContain(follows.join(', '));
});

test('a review that has no digest says that nobody can approve it', () => {
  const { digest, ...review } = refundsReview;
  expect(reviewText([review])).not.toContain(digest);
  expect(reviewText([review])).toMatch(/cannot be approved/);
  expect(reviewText([])).toMatch(/NOT REVIEWED/);
});

test('problems that the base has already are counted by rule', () => {
  expect(reviewText([reviewOf({ olderViolations: { 'images-are-by-digest': 3 } })])).toContain(
    'Policies\n  3 that the base has already: images-are-by-digest 3',
  );
});

describe('above the fold', () => {
  test.each([
    ['thirty dangers', times(30, 'data-deleted', true), 30],
    ['a thousand dangers of one kind', times(1000, 'data-deleted', true), 0],
    ['a thousand checks', times(1000, 'call-added', true), 0],
    [
      'some of every kind',
      (Object.keys(SEVERITIES) as ChangeKind[]).flatMap((kind) => times(9, kind, true)),
      0,
    ],
  ])('%s take no more lines than a person reads', (_what, findings, numbered) => {
    const fold = foldOf([reviewOf({ findings })]);
    const dangers = findings.filter(({ level }) => level === 'danger').length;
    if (dangers < 100) expect(fold.length).toBeLessThanOrEqual(40);
    expect(fold[0]).toContain(dangers === 0 ? '' : `${dangers} DANGERS`);
    expect(Math.max(...fold.map(({ length }) => length))).toBeLessThanOrEqual(140);
    if (numbered > 0)
      expect(fold.filter((line) => /^\d+ DATA DELETED/.test(line))).toHaveLength(30);
    expect(Buffer.byteLength(reviewText([reviewOf({ findings })]))).toBeLessThanOrEqual(
      REPORT_BYTES,
    );
  });

  test('every danger is named where even their names take more lines than that', () => {
    const fold = foldOf([
      reviewOf({ findings: [...times(700, 'data-deleted', true), ...times(50, 'replaced', true)] }),
    ]).join(' ');
    for (let index = 0; index < 700; index += 1)
      expect(fold).toMatch(new RegExp(`thing-${index}\\b`));
    expect(fold).toContain('CHECKS  50 REPLACED');
  });

  test('what is cut is counted, and the whole has all of it', () => {
    const findings = times(3000, 'call-added', true);
    expect(reviewText([reviewOf({ findings })])).toMatch(
      /\(\d+ lines more: all of it is in review\.md and review\.json/,
    );
    const whole = reviewText([reviewOf({ findings })], { isWhole: true });
    expect(whole).toContain('thing-2999');
    expect(whole).not.toContain('lines more');
  });
});

test('nothing that a hostile change says begins a line, or reaches a terminal', () => {
  fc.assert(
    fc.property(hostileReview, (review) => {
      const text = reviewText([review, { stack: review.stack, code: 'X', message: review.stack }]);
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      const [, ...lines] = foldOf([review]);
      const begun = lines.filter((line) => !line.startsWith('    ') && line !== '');
      const allowed =
        /^(\d+ resources?[:.]|Approve with |It cannot be approved|(?:DANGER|CHECK)(?: {2}\d+ told as \d+)?$|CHECKS {2}|NOTES {2}|ZONES |\d+ [A-Z -]+ {2})/;
      expect(begun.filter((line) => !allowed.test(line))).toEqual([]);
      const numbers = begun.filter((line) => /^\d+ [A-Z -]+ {2}/.test(line));
      expect(numbers.length).toBeLessThanOrEqual(review.findings.length);
    }),
    { numRuns: 100 },
  );
});
