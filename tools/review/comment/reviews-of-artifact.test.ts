import { describe, expect, test } from '@jest/globals';
import { exitCodeOf } from '../report/exit-code.ts';
import { reviewFiles } from '../report/review-files.ts';
import { reviewMarkdown } from '../report/review-markdown.ts';
import { judged, refundsReview, reviewOf } from '../report/testing/sample-review.ts';
import { reviewsOfArtifact } from './reviews-of-artifact.ts';
import { zipOf } from './testing/zip-of.ts';

const files = Object.entries(reviewFiles([refundsReview]));
const refusal = (message: RegExp) => ({
  code: 'REVIEW_ARTIFACT_REFUSED',
  message: expect.stringMatching(message) as unknown,
});
const artifact = (json: unknown) => zipOf([['review.json', JSON.stringify(json)]]);
const withFinding = (changes: object) => {
  const finding = { ...judged({ kind: 'data-deleted' }), ...changes };
  return artifact({ reviews: [{ ...reviewOf({}), findings: [finding] }], exitCode: 0 });
};

test('an artifact gives the reviews that were written into it', async () => {
  const failed = {
    stack: 'local',
    code: 'HEAD_NOT_BUILT',
    message: 'a.ts:3',
    at: { file: 'a', line: 3 },
  };
  expect(await reviewsOfArtifact(zipOf(files))).toEqual([refundsReview]);
  expect(await reviewsOfArtifact(artifact({ reviews: [failed], exitCode: 3 }))).toEqual([failed]);
});

describe('an artifact is refused', () => {
  test.each<readonly [string, Buffer, RegExp]>([
    ['that is not an archive', Buffer.from('PK'), /must be a ZIP archive/],
    ['without the review', zipOf([['review.md', '# fine']]), /review\.json once, got 0/],
    ['with two reviews', zipOf([...files, ...files]), /review\.json once, got 2/],
    ['whose review climbs out', zipOf([['../review.json', '{}']]), /must be a ZIP archive/],
    ['that is of backslashes', zipOf([['..\\review.json', '{}']]), /must be a ZIP archive/],
    [
      'of very many files',
      zipOf(Array.from({ length: 500 }, (_, index) => [`file-${index}`, ''] as const)),
      /at most 20 files/,
    ],
    ['that is not JSON', zipOf([['review.json', '{"reviews": [']]), /must have JSON/],
    ['that is not UTF-8', zipOf([['review.json', Buffer.from([0xff, 0xfe])]]), /must have JSON/],
    ['of no review', artifact({ reviews: [], exitCode: 0 }), /must tell of a stack/],
    ['of something else', artifact({ exitCode: 0 }), /got reviews/],
    [
      'with a text for a number',
      artifact({ reviews: [{ ...refundsReview, schemaVersion: '1' }], exitCode: 0 }),
      /as docs\/schemas/,
    ],
    ['with a level that there is not', withFinding({ level: 'fine' }), /as docs\/schemas/],
    [
      'with a line before the first',
      withFinding({ at: { file: 'a', line: 0 } }),
      /as docs\/schemas/,
    ],
    ['with a list for a name', withFinding({ subject: ['a'] }), /as docs\/schemas/],
    ['that is too large', Buffer.alloc(1024 * 1024 + 1), /at most 1048576 bytes/],
  ])('%s', async (_what, zip, message) => {
    await expect(reviewsOfArtifact(zip)).rejects.toMatchObject(refusal(message));
  });

  test('that unpacks to more than it may, whether it says so or not', async () => {
    const bomb = [['review.json', Buffer.alloc(16 * 1024 * 1024, ' ')]] as const;
    expect(zipOf(bomb).length).toBeLessThan(1024 * 1024);
    await expect(reviewsOfArtifact(zipOf(bomb))).rejects.toMatchObject(
      refusal(/unpack to at most/),
    );
    await expect(reviewsOfArtifact(zipOf(bomb, { size: 2_000 }))).rejects.toMatchObject(
      refusal(/must be a ZIP archive with review\.json, got/),
    );
  });

  test('of any bytes, and never with another error', async () => {
    const good = zipOf(files);
    for (let at = 0; at < good.length; at += 7) {
      const broken = Buffer.from(good);
      broken[at] = (broken[at] ?? 0) ^ 0x5a;
      const outcome = await reviewsOfArtifact(broken).catch((error: unknown) => error);
      if (!Array.isArray(outcome)) expect(outcome).toMatchObject(refusal(/^Artifact 'review'/));
    }
  });
});

test('what an artifact says of levels and kinds does not make it greener', async () => {
  const reviews = await reviewsOfArtifact(withFinding({ level: 'note' }));
  expect(exitCodeOf(reviews)).toBe(20);
  const [unknown] = await reviewsOfArtifact(withFinding({ kind: '__proto__', level: 'note' }));
  expect(unknown).toMatchObject({ findings: [{ kind: 'unknown-change' }] });
  expect(reviewMarkdown(reviews)).toContain('1 DANGER');
});
