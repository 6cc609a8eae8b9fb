import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CORPUS } from '../../tools/review/corpus/corpus.ts';
import type { CorpusChange } from '../../tools/review/corpus/corpus-change.ts';
import { isReviewed } from '../../tools/review/stack-review.ts';
import type { ReviewResult, StackReview } from '../../tools/review/stack-review.ts';
import { ReviewClone, SECRET_MARKER } from './review-clone.ts';

const DEADLINE_MS = 300_000;

const changeOf = (name: string): CorpusChange => {
  const change = CORPUS.find((one) => one.name === name);
  if (change === undefined) throw new Error(`The corpus has no change '${name}'`);
  return change;
};

/** The real command, engine and program: what a reviewer gets of a branch, from a clone alone. */
describe('meridian review', () => {
  let clone: ReviewClone;

  beforeAll(async () => {
    clone = await ReviewClone.create();
  }, DEADLINE_MS);

  afterAll(() => clone[Symbol.dispose]());

  const review = (...args: readonly string[]) => clone.review(...args);

  test(
    'tells a danger with its line, what it leaves alone, and no secret',
    async () => {
      await clone.git('switch', '--quiet', '--create', 'products');
      clone.apply(changeOf('anybody adds products'));
      await clone.git('commit', '--quiet', '--all', '--message', 'Anybody adds products');
      const out = path.join(clone.root, 'report');
      const { exitCode, stdout, stderr } = await review(
        ...['main..products', '--stack', 'staging', '--out', out],
      );
      expect([exitCode, stderr]).toEqual([20, '']);
      const head = await clone.git('rev-parse', 'products');
      await clone.takeBack();
      expect(stdout).toContain(`..${head.slice(0, 7)}`);
      expect(stdout).toMatch(
        /DANGER\n1 NEWLY REACHABLE {2}anonymous → POST \/v1\/products → catalog\.CreateProduct/,
      );
      expect(stdout).toMatch(/services\/catalog\/access\.ts:\d+/);
      const [result] = (
        JSON.parse(readFileSync(path.join(out, 'review.json'), 'utf8')) as {
          readonly reviews: readonly ReviewResult[];
        }
      ).reviews;
      expect(result !== undefined && isReviewed(result)).toBe(true);
      const { digest, findings, base, judge } = result as StackReview;
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(judge).toBe(base);
      expect(findings.filter(({ level }) => level === 'danger')).toHaveLength(1);
      for (const file of ['review.json', 'review.md', 'operations-staging.json']) {
        expect(readFileSync(path.join(out, file), 'utf8')).not.toContain(SECRET_MARKER);
      }
      expect(stdout).not.toContain(SECRET_MARKER);
    },
    DEADLINE_MS,
  );

  test(
    'says of a refactor that nothing changes for anyone, committed or not',
    async () => {
      clone.apply(changeOf('the methods of a call change places'));
      const { exitCode, stdout } = await review('main..WORKTREE', '--stack', 'staging');
      await clone.takeBack();
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('no change for anyone')]);
    },
    DEADLINE_MS,
  );

  test('is called wrongly with status 2, and says how to call it', async () => {
    const [range, stack, option] = await Promise.all([
      review('main', '--stack', 'staging'),
      review('main..main', '--stack', 'nothing'),
      review('main..main'),
    ]);
    expect(range).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Revisions 'main': must be <base>..<head>"),
    });
    expect(stack).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(
        "Stack 'nothing': must be one of 'local', 'prod', 'staging', 'all'",
      ),
    });
    expect(option).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("required option '--stack <stack>'"),
    });
  });

  test('knows a revision that there is not before it looks at anything, and says so with status 2', async () => {
    for (const range of ['no-such-thing..main', 'main..no-such-thing']) {
      expect(await review(range, '--stack', 'staging')).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: expect.stringContaining("Revision 'no-such-thing': must be a commit"),
      });
    }
  });

  test('is never green where it could not look: no judge', async () => {
    await clone.git('switch', '--quiet', '--orphan', 'older');
    await clone.git('commit', '--quiet', '--allow-empty', '--message', 'Before there were reviews');
    await clone.git('switch', '--quiet', 'main');
    expect(await review('older..main', '--stack', 'staging')).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringContaining('name one that has with --judge <revision>'),
    });
  });
});
