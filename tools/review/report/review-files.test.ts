import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outputProblems } from '../../meridian/output/testing/output-problems.ts';
import { reviewFiles } from './review-files.ts';
import { hostileReview } from './testing/hostile-review.ts';
import { judged, refundsReview, reviewOf } from './testing/sample-review.ts';

const failed = { stack: 'local', code: 'HEAD_NOT_BUILT', message: 'a', at: { file: 'a', line: 3 } };

test('what is kept for programs is as the published schema has it', () => {
  const from = { declaration: 'service catalog', member: 'access', word: 'refund' };
  const located = reviewOf({ findings: [judged({ kind: 'limits-changed', from })] });
  const files = reviewFiles([refundsReview, located, failed]);
  expect(outputProblems('review', files['review.json'] ?? '')).toBe('');
  expect(JSON.parse(files['review.json'] ?? '')).toEqual({
    reviews: [refundsReview, located, failed],
    exitCode: 3,
  });
});

test('what is kept for people has all of it, however much that is', () => {
  const findings = Array.from({ length: 3000 }, (_, index) =>
    judged({ kind: 'call-added', subject: `call-${index}-`, consequence: `c${index}` }),
  );
  const { 'review.md': whole = '' } = reviewFiles([reviewOf({ findings })]);
  expect(findings.filter(({ subject }) => !whole.includes(subject))).toEqual([]);
});

test('no control character of a change is in what is kept', () => {
  fc.assert(
    fc.property(hostileReview, (review) => {
      for (const text of Object.values(reviewFiles([review]))) {
        expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
      }
    }),
  );
});
