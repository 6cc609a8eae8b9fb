import { once } from 'node:events';
import { copyFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { ReviewClone } from '../end-to-end/review-clone.ts';

const DEADLINE_MS = 900_000;
const DECLARATION = 'services/catalog/service.ts';
const PROGRAM = 'infra/index.ts';

/** Each by the real command, engine and sandbox: what cannot be reviewed is said, and never green. */
describe('meridian review', () => {
  let clone: ReviewClone;

  beforeAll(async () => {
    clone = await ReviewClone.create();
  }, DEADLINE_MS);
  afterEach(() => clone.takeBack());
  afterAll(() => clone[Symbol.dispose]());

  test(
    'reviews against nothing where the base cannot be made, as a danger',
    async () => {
      await clone.git('switch', '--quiet', '--create', 'broken');
      clone.edit(DECLARATION, 'availabilityPercent: 99.9', 'availabilityPercent: 200');
      await clone.git('commit', '--quiet', '--all', '--message', 'A base that cannot be made');
      await clone.takeBack();
      const { findings, totals } = await clone.reviewOf('broken..main');
      expect(findings[0]).toMatchObject({ level: 'danger', kind: 'base-unusable' });
      expect(findings[0]?.consequence).toContain('availabilityPercent');
      expect(totals).toMatchObject({ changed: 0, same: 0 });
    },
    DEADLINE_MS,
  );

  test(
    'tells where a program cannot be made, and nothing else',
    async () => {
      clone.edit(
        'services/catalog/service.ts',
        /^/,
        "import { orders } from '@meridian/orders/service.ts';\nvoid orders;\n",
      );
      const { exitCode, stdout } = await clone.review('main..WORKTREE', '--stack', 'staging');
      expect(exitCode).toBe(3);
      expect(stdout).toContain('HEAD_NOT_BUILT');
      expect(stdout).toContain('must not form a cycle, got catalog → orders → catalog');
    },
    DEADLINE_MS,
  );

  test(
    'leaves nothing behind when somebody breaks it off',
    async () => {
      const child = clone.beginReview('main..main', '--stack', 'staging');
      const ended = once(child, 'close');
      const made = () =>
        readdirSync(path.join(clone.root, 'tmp')).filter((name) => name.startsWith('meridian-'));
      await eventually(
        () => Promise.resolve(made()),
        (names) => names.length > 0,
        DEADLINE_MS,
      );
      child.kill('SIGTERM');
      expect(await ended).toEqual([143, null]);
      expect(made()).toEqual([]);
    },
    DEADLINE_MS,
  );

  test(
    'says that a stack is new which the base does not have',
    async () => {
      clone.edit(
        'stacks/stacks.ts',
        '  staging: async',
        "  copy: async () => (await import('./staging.ts')).stagingSettings,\n  staging: async",
      );
      copyFileSync(
        path.join(clone.folder, 'Pulumi.staging.yaml'),
        path.join(clone.folder, 'Pulumi.copy.yaml'),
      );
      const { exitCode, stdout } = await clone.review('main..WORKTREE', '--stack', 'copy');
      expect([exitCode, stdout]).toEqual([10, expect.stringContaining('NEW STACK')]);
    },
    DEADLINE_MS,
  );

  test(
    'gives no digest to a program that is not the same twice, and says where',
    async () => {
      clone.edit(
        DECLARATION,
        "summary: 'Products, prices and stock'",
        'summary: `Products ${Math.random()}`',
      );
      const { findings, digest } = await clone.reviewOf('main..WORKTREE');
      expect(digest).toBeUndefined();
      const found = findings.find(({ kind }) => kind === 'not-deterministic');
      expect(found?.consequence).toMatch(
        /two runs of the program differ in .+; there is no digest to approve/,
      );
    },
    DEADLINE_MS,
  );

  test.each([
    [
      'an invoke',
      "import { runtime } from '@pulumi/pulumi';\n",
      "\nawait runtime.invoke('kubernetes:yaml:decode', { text: 'a: 1' });\n",
    ],
    [
      'a read',
      "import { core } from '@pulumi/kubernetes';\n",
      "\ncore.v1.Secret.get('found', 'meridian/found');\n",
    ],
  ])(
    'refuses %s, by which a program would depend on more than itself',
    async (_what, imported, added) => {
      clone.edit(PROGRAM, /^/, imported);
      clone.edit(PROGRAM, /$/, added);
      expect(await clone.found('main..WORKTREE')).toMatchObject({ code: 'HEAD_ASKS_OUTSIDE' });
    },
    DEADLINE_MS,
  );

  test(
    'ends a program that takes memory without end',
    async () => {
      clone.edit(
        DECLARATION,
        /$/,
        '\nconst taken: Buffer[] = [];\nfor (;;) taken.push(Buffer.alloc(64 * 1024 * 1024, 1));\n',
      );
      const { exitCode, stdout } = await clone.review('main..WORKTREE', '--stack', 'staging');
      expect([exitCode, stdout]).toEqual([
        3,
        expect.stringMatching(/SANDBOX_LIMIT|HEAD_NOT_BUILT/),
      ]);
    },
    DEADLINE_MS,
  );

  test(
    'names the file and line where a program cannot be read',
    async () => {
      clone.edit(DECLARATION, /$/, '\nthrow new Error("not today");\n');
      const result = await clone.found('main..WORKTREE');
      expect(result).toMatchObject({ code: 'HEAD_NOT_BUILT', at: { file: DECLARATION } });
    },
    DEADLINE_MS,
  );
});
