import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CORPUS } from '../../tools/review/corpus/corpus.ts';
import type { ExpectedFinding } from '../../tools/review/corpus/corpus-change.ts';
import type { Finding } from '../../tools/review/finding.ts';
import { ReviewClone } from '../end-to-end/review-clone.ts';

const DEADLINE_MS = 600_000;

/** Every change of the corpus by the real command, engine and sandbox; `npm test` holds them against declarations. */
describe('meridian review of each change of the corpus', () => {
  let clone: ReviewClone;

  beforeAll(async () => {
    clone = await ReviewClone.create();
  }, DEADLINE_MS);
  afterEach(() => clone.takeBack());
  afterAll(() => clone[Symbol.dispose]());

  const isTold = ({ kind, subject, at }: ExpectedFinding, findings: readonly Finding[]): boolean =>
    findings.some(
      (found) =>
        found.kind === kind &&
        found.subject.includes(subject) &&
        (at === undefined || found.at?.file === at[0]),
    );

  test.each(CORPUS.filter(({ group }) => group === 'refactor'))(
    '$name: no change for anyone',
    async (change) => {
      clone.apply(change);
      const { isSame, findings, digest } = await clone.reviewOf('main..WORKTREE');
      // Code that is written otherwise is told, as nobody looks at what it does.
      const told = findings.filter(({ kind }) => kind !== 'code-changed');
      expect({ isSame, told }).toEqual({ isSame: true, told: [] });
      expect(digest).toMatch(/^sha256:/);
    },
    DEADLINE_MS,
  );

  test.each(CORPUS.filter(({ group }) => group === 'benign'))(
    '$name: told, and no danger',
    async (change) => {
      clone.apply(change);
      const { findings } = await clone.reviewOf('main..WORKTREE');
      expect(findings.filter(({ level }) => level === 'danger')).toEqual([]);
      expect(change.declared.filter((expected) => !isTold(expected, findings))).toEqual([]);
    },
    DEADLINE_MS,
  );

  test.each(CORPUS.filter(({ group }) => group === 'dangerous'))(
    '$name: a danger, by its line',
    async (change) => {
      clone.apply(change);
      const { findings } = await clone.reviewOf('main..WORKTREE');
      expect(findings[0]?.level).toBe('danger');
      expect(change.declared.filter((expected) => !isTold(expected, findings))).toEqual([]);
    },
    DEADLINE_MS,
  );
});
