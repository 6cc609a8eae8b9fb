import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ARTIFACT_FILE, ARTIFACT_NAME } from '../../tools/review/comment/artifact-limits.ts';
import { REVIEW_WORKFLOW } from '../../tools/review/comment/workflow-run.ts';
import { workflowOf, workflowRules } from './workflow-rules.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const files = globSync('.github/workflows/*.{yml,yaml}', { cwd: root }).toSorted();
const brokenRules = (text: string): readonly string[] =>
  Object.entries(workflowRules)
    .filter(([, holds]) => !holds(workflowOf(text)))
    .map(([rule]) => rule);

test.each(files)('%s breaks no rule', (file) => {
  expect(brokenRules(read(file))).toEqual([]);
});

/** For each rule the changes of a workflow that break it, and no other. */
const breaks: readonly (readonly [
  rule: RegExp,
  file: string,
  from: string | RegExp,
  to: string,
])[] = [
  [/pinned by commit/, 'review', /checkout@[0-9a-f]{40}/, 'checkout@v7'],
  [/pinned by commit/, 'review', ' # v7.0.1', ''],
  [/rights of the base/, 'review-comment', 'on:\n', 'on:\n  pull_request_target:\n'],
  [/does not name/, 'review', 'permissions: {}', 'permissions: read-all'],
  [/does not name/, 'review', '    permissions:\n      contents: read\n', ''],
  [/can write nothing/, 'review', 'contents: read', 'contents: write'],
  [/can write nothing/, 'review', '${{ github.token }}', '${{ secrets.DEPLOY }}'],
  [/no expression/, 'review', '"$MERGE^2"', '"${{ github.sha }}^2"'],
  [/a job ends/, 'review', '    timeout-minutes: 30\n', ''],
  [/not the latest/, 'review', 'ubuntu-24.04', 'ubuntu-latest'],
  [/no token is left/, 'review', '          persist-credentials: false\n', ''],
  [/cache/, 'review', '          package-manager-cache: false\n', ''],
  [
    /cache/,
    'review',
    'package-manager-cache: false',
    'package-manager-cache: false\n          cache: npm',
  ],
  [
    /lays nothing of a change out/,
    'review-comment',
    'persist-credentials: false',
    'persist-credentials: false\n          ref: ${{ github.event.workflow_run.head_sha }}',
  ],
  [/lays nothing of a change out/, 'review-comment', 'npm ci', 'git fetch origin; npm ci'],
];

describe('each rule about workflows', () => {
  test.each(breaks)('%s is broken by a change of %s.yml', (rule, file, from, to) => {
    const text = read(`.github/workflows/${file}.yml`);
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(brokenRules(changed)).toEqual([expect.stringMatching(rule)]);
  });

  test('is broken by one of them', () => {
    const unbroken = Object.keys(workflowRules).filter(
      (rule) => !breaks.some(([pattern]) => pattern.test(rule)),
    );
    expect(unbroken).toEqual([]);
  });
});

test('the comment is of the workflow that reviews, and of what it uploads', () => {
  const review = workflowOf(read(REVIEW_WORKFLOW));
  const comment = workflowOf(read('.github/workflows/review-comment.yml'));
  expect(comment.on['workflow_run']).toMatchObject({ workflows: [review.name] });
  const uploads = Object.values(review.jobs).flatMap(({ steps = [] }) =>
    steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact@')),
  );
  expect(uploads).toMatchObject([
    { with: { name: ARTIFACT_NAME, path: expect.stringMatching(`/${ARTIFACT_FILE}$`) as unknown } },
    { with: { name: 'review-whole' } },
  ]);
});

describe('scripts of the review', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'workflow-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The script of a step, by its name. */
  function scriptOf(name: string): string {
    const { jobs } = workflowOf(read(REVIEW_WORKFLOW));
    const steps = Object.values(jobs).flatMap(({ steps: all = [] }) => all);
    return steps.find((step) => 'name' in step && step.name === name)?.run ?? 'exit 99';
  }

  /** Runs a script as GitHub does: bash that ends at the first failure. */
  async function start(name: string, env: Readonly<Record<string, string>>, cwd = folder) {
    const script = path.join(folder, 'script.sh');
    writeFileSync(script, scriptOf(name));
    return await promisify(execFile)('bash', ['-e', script], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: folder, ...env },
    });
  }

  test.each([
    ['0', 0],
    ['10', 0],
    ['20', 1],
    ['3', 1],
    ['2', 1],
    ['1', 1],
    ['', 1],
  ])('make the end %s of a review the end %i of the job', async (code, end) => {
    const outcome = start('Verdict', { CODE: code });
    if (end === 0) await expect(outcome).resolves.toBeDefined();
    else await expect(outcome).rejects.toMatchObject({ code: end });
  });

  test('fetch a change as objects, and lay out the base that it was merged into', async () => {
    const git = async (cwd: string, ...argv: readonly string[]): Promise<string> => {
      const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
      const { stdout } = await promisify(execFile)('git', [...author, ...argv], { cwd });
      return stdout.trim();
    };
    const origin = path.join(folder, 'origin');
    await git(folder, 'init', '--quiet', '-b', 'main', origin);
    const commit = async (file: string): Promise<string> => {
      writeFileSync(path.join(origin, file), file);
      await git(origin, 'add', '.');
      await git(origin, 'commit', '--quiet', '-m', file);
      return await git(origin, 'rev-parse', 'HEAD');
    };
    const stale = await commit('first');
    await git(origin, 'switch', '--quiet', '-c', 'change');
    const head = await commit('changed');
    await git(origin, 'switch', '--quiet', 'main');
    const base = await commit('second');
    await git(origin, 'switch', '--quiet', '--detach');
    await git(origin, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'change');
    const merge = await git(origin, 'rev-parse', 'HEAD');
    await git(origin, 'update-ref', 'refs/pull/1/merge', merge);
    await git(origin, 'switch', '--quiet', 'main');
    await git(origin, 'branch', '--quiet', '-D', 'change');
    await git(folder, 'clone', '--quiet', origin, 'clone');
    const clone = path.join(folder, 'clone');
    await git(clone, 'switch', '--quiet', '--detach', stale);

    const output = path.join(folder, 'output');
    const env = { MERGE: merge, GH_TOKEN: 'none', GITHUB_OUTPUT: output };
    await start('Fetch the change, as objects', { ...env, HEAD: head }, clone);
    expect(readFileSync(output, 'utf8')).toBe(`base=${base}\n`);
    expect(globSync('*', { cwd: clone }).toSorted()).toEqual(['first', 'second']);
    expect(await git(clone, 'cat-file', '-t', `${merge}:changed`)).toBe('blob');
    await expect(
      start('Fetch the change, as objects', { ...env, HEAD: base }, clone),
    ).rejects.toMatchObject({ code: 1 });
  });
});
