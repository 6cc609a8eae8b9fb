import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CORPUS } from '../../tools/review/corpus/corpus.ts';
import { editedFiles } from '../../tools/review/corpus/corpus-change.ts';
import { isReviewed } from '../../tools/review/stack-review.ts';
import type { ReviewResult, StackReview } from '../../tools/review/stack-review.ts';
import { ProgramClone } from './program-clone.ts';

const DEADLINE_MS = 300_000;
const MARKER = 'marker-of-a-secret';

/** The real command, engine and program: what a reviewer gets of a branch, from a clone alone. */
describe('meridian review', () => {
  let clone: ProgramClone;

  beforeAll(async () => {
    clone = new ProgramClone();
    clone.settings('staging', { 'kubernetes:kubeconfig': { secure: `v1:${MARKER}` } });
    await clone.commitAll();
  }, DEADLINE_MS);

  afterAll(() => clone[Symbol.dispose]());

  const review = (...args: readonly string[]) =>
    // A reviewer has all sorts of things in the environment.
    clone.meridian(['review', ...args], {
      AWS_SECRET_ACCESS_KEY: MARKER,
      KUBECONFIG: `/${MARKER}`,
      XDG_CACHE_HOME: path.join(clone.root, 'cache'),
    });

  /** Makes a branch with a change of the corpus. */
  async function branchWith(name: string): Promise<string> {
    const change = CORPUS.find((one) => one.name === name);
    if (change === undefined) throw new Error(`The corpus has no change '${name}'`);
    const branch = name.replaceAll(/\W+/g, '-');
    await clone.git('switch', '--quiet', '--create', branch, 'main');
    const read = (file: string) => readFileSync(path.join(clone.folder, file), 'utf8');
    for (const [file, text] of Object.entries(editedFiles(change, read))) {
      writeFileSync(path.join(clone.folder, file), text);
    }
    await clone.git('commit', '--quiet', '--all', '--message', name);
    await clone.git('switch', '--quiet', 'main');
    return branch;
  }

  test(
    'tells a danger with its line, what it leaves alone, and no secret',
    async () => {
      const branch = await branchWith('anybody adds products');
      const out = path.join(clone.root, 'report');
      const { exitCode, stdout, stderr } = await review(
        ...[`main..${branch}`, '--stack', 'staging', '--out', out],
      );
      expect([exitCode, stderr]).toEqual([20, '']);
      const head = await clone.git('rev-parse', branch);
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
        expect(readFileSync(path.join(out, file), 'utf8')).not.toContain(MARKER);
      }
      expect(stdout).not.toContain(MARKER);
    },
    DEADLINE_MS,
  );

  test(
    'says of a refactor that it is no change for anyone, committed or not',
    async () => {
      const branch = await branchWith('the methods of a call change places');
      await clone.git('switch', '--quiet', branch);
      await clone.git('reset', '--quiet', 'main');
      const { exitCode, stdout } = await review('main..WORKTREE', '--stack', 'staging');
      await clone.git('checkout', '--quiet', '.');
      await clone.git('switch', '--quiet', 'main');
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('no change for anyone')]);
    },
    DEADLINE_MS,
  );

  test(
    'tells where a program cannot be made, and nothing else',
    async () => {
      await clone.git('switch', '--quiet', '--create', 'broken', 'main');
      const restore = clone.edit(
        'services/catalog/service.ts',
        /^/,
        "import { orders } from '@meridian/orders/service.ts';\nvoid orders;\n",
      );
      const { exitCode, stdout } = await review('main..WORKTREE', '--stack', 'staging');
      restore();
      await clone.git('switch', '--quiet', 'main');
      expect(exitCode).toBe(3);
      expect(stdout).toContain('HEAD_NOT_BUILT');
      expect(stdout).toContain('must not form a cycle, got catalog → orders → catalog');
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
      stderr: expect.stringContaining("Stack 'nothing': must be one of 'local', 'staging', 'all'"),
    });
    expect(option).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("required option '--stack <stack>'"),
    });
  });

  test('is never green where it could not look: no revision, no judge', async () => {
    await clone.git('switch', '--quiet', '--orphan', 'older');
    await clone.git('commit', '--quiet', '--allow-empty', '--message', 'Before there were reviews');
    await clone.git('switch', '--quiet', 'main');
    const [unknown, older] = await Promise.all([
      review('no-such-thing..main', '--stack', 'staging'),
      review('older..main', '--stack', 'staging'),
    ]);
    expect(unknown).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringContaining('[REVISION_UNKNOWN]'),
    });
    expect(older).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringContaining('name one that has with --judge <revision>'),
    });
  });
});
