import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { reviewFiles } from '../report/review-files.ts';
import { refundsReview, reviewOf } from '../report/testing/sample-review.ts';
import { commentOnRun } from './comment-on-run.ts';
import type { GitHubAccess } from './github-api.ts';
import { GitHubStandIn } from './testing/github-stand-in.ts';
import type { Fault, PullRequest } from './testing/github-stand-in.ts';
import { zipOf } from './testing/zip-of.ts';
import { workflowRunOf } from './workflow-run.ts';
import { COMMENT_MARK } from './write-comment.ts';

const HEAD = 'a81b03d4'.padEnd(40, '7');
const PAGE = 'https://github.example/acme/shop/actions/runs/9';

const payload = {
  repository: { full_name: 'acme/shop', default_branch: 'main' },
  workflow_run: {
    ...{ id: 9, event: 'pull_request', path: '.github/workflows/review.yml', html_url: PAGE },
    ...{ head_sha: HEAD, head_branch: 'fix/a b&state=closed' },
    head_repository: { full_name: 'mallory/shop', owner: { login: 'mallory' } },
  },
};
const run = workflowRunOf(payload);

const pull = (changes: Partial<PullRequest> = {}): PullRequest => ({
  ...{ number: 7, state: 'open', label: 'mallory:fix/a b&state=closed' },
  ...{ head: { sha: HEAD }, base: { ref: 'main' }, files: [{ filename: 'services/a.ts' }] },
  ...changes,
});

let github: GitHubStandIn;
let waited: number[];
let access: GitHubAccess;

beforeEach(async () => {
  github = await GitHubStandIn.start();
  waited = [];
  const { url, token } = github;
  access = { url, token, wait: (ms) => Promise.resolve(void waited.push(ms)) };
  github.pulls.push(pull());
  upload(zipOf(Object.entries(reviewFiles([refundsReview]))));
});
afterEach(async () => await github.stop());

function upload(zip: Buffer, id = 1): void {
  github.artifacts.push({ id, name: 'review', expired: false, zip });
}

const comment = () => commentOnRun(access, run);
const bodies = () => github.comments.map(({ body }) => body);
const other = (login: string, body: string, type = 'User') => {
  github.comments.push({ id: github.comments.length + 1, body, user: { login, type } });
};

test('a review is written once, and written over for what comes after it', async () => {
  expect(await comment()).toBe('The comment of pull request 7 was written.');
  expect(bodies()).toEqual([expect.stringContaining('1 NEWLY REACHABLE  anonymous')]);
  upload(zipOf(Object.entries(reviewFiles([reviewOf({ isSame: true })]))), 2);
  expect(await comment()).toBe('The comment of pull request 7 was updated.');
  expect(bodies()).toEqual([expect.stringContaining('staging: no change for anyone')]);
  expect(bodies()[0]).toMatch(new RegExp(`^${COMMENT_MARK}\n### staging.*${HEAD}, by \\[`, 's'));
});

test('comments of others are left alone, whatever they say, on whichever page', async () => {
  other('mallory', `${COMMENT_MARK}\nfine`);
  other('github-actions[bot]', `${COMMENT_MARK}\nfine`);
  other('github-actions[bot]', 'of another workflow', 'Bot');
  other('github-actions[bot]', `not first ${COMMENT_MARK}`, 'Bot');
  const before = [...github.comments];
  await comment();
  await comment();
  expect(github.comments.slice(0, 4)).toEqual(before);
  expect(github.comments).toHaveLength(5);
});

describe('the pull request is found by the head of the run', () => {
  test('on whichever page it is', async () => {
    github.pulls.splice(
      ...[0, 1],
      ...Array.from({ length: 5 }, (_, index) =>
        pull({ number: 100 + index, head: { sha: String(index).repeat(40) } }),
      ),
      pull({ number: 8 }),
    );
    expect(await comment()).toMatch(/pull request 8 was written/);
  });

  test.each<readonly [string, PullRequest]>([
    ['it has another head by now', pull({ head: { sha: 'f'.repeat(40) } })],
    ['it was closed', pull({ state: 'closed' })],
    ['it is for another branch', pull({ base: { ref: 'release' } })],
    ['it is of another fork', pull({ label: 'eve:fix/a b&state=closed' })],
  ])('and none is where %s', async (_why, one) => {
    github.pulls.splice(0, 1, one);
    expect(await comment()).toMatch(/^No open pull request has the head a81b03d4/);
    expect(github.comments).toEqual([]);
  });

  test('and two of them are refused', async () => {
    github.pulls.push(pull({ number: 8 }));
    await expect(comment()).rejects.toMatchObject({
      code: 'PULL_REQUEST_AMBIGUOUS',
      message: expect.stringContaining('(7, 8)') as unknown,
    });
    expect(github.comments).toEqual([]);
  });

  test('and nothing is written where it goes on meanwhile', async () => {
    github.before = (asked) => {
      if (asked.endsWith('/zip'))
        github.pulls.splice(0, 1, pull({ head: { sha: 'e'.repeat(40) } }));
    };
    expect(await comment()).toMatch(/^No open pull request/);
    expect(github.comments).toEqual([]);
  });
});

describe('what a run says is not told', () => {
  test.each([
    ['where the change has a workflow of its own', [{ filename: '.github/workflows/review.yml' }]],
    ['where it adds an action', [{ filename: 'a' }, { filename: 'b' }, { filename: '.github/x' }]],
    [
      'where it moves a workflow away',
      [{ filename: 'a', previous_filename: '.github/workflows/a' }],
    ],
  ])('%s', async (_why, files) => {
    github.pulls.splice(0, 1, pull({ files }));
    await comment();
    expect(bodies()[0]).toContain('### DANGER: this pull request changes what reviews it');
    expect(bodies()[0]).toContain('.github/');
    expect(bodies()[0]).not.toContain('payments.Refund');
    expect(github.asked.filter((asked) => asked.includes('artifacts'))).toEqual([]);
  });

  test('where so many files change that GitHub does not list all of them', async () => {
    github.pageSize = 100;
    const files = Array.from({ length: 3000 }, (_, index) => ({ filename: `f${index}` }));
    github.pulls.splice(0, 1, pull({ files }));
    await comment();
    expect(bodies()[0]).toContain('more than 2999 files');
  });
});

test.each<readonly [string, () => void, RegExp]>([
  ['ended without a report', () => void github.artifacts.splice(0), /run ended without a report/],
  ['has one that is too large', () => upload(Buffer.alloc(1024 * 1024 + 1), 5), /at most 1048576/],
  [
    'has one that is not an archive',
    () => upload(Buffer.from('<b>@all</b>'), 5),
    /must be a ZIP archive/,
  ],
])(
  'a run that %s is told of as not reviewed, over the earlier comment',
  async (_what, arrange, why) => {
    await comment();
    github.artifacts.splice(0);
    arrange();
    await comment();
    expect(bodies()).toEqual([expect.stringContaining('### NOT REVIEWED: nothing is known')]);
    expect(bodies()[0]).toMatch(why);
    expect(bodies()[0]).not.toContain('payments.Refund');
  },
);

describe('GitHub', () => {
  const POST = 'POST /repos/acme/shop/issues/7/comments';

  test.each<readonly [string, readonly Fault[], readonly number[]]>([
    [
      'fails for a while',
      [
        { to: 'GET', status: 502 },
        { to: 'GET', status: 503 },
      ],
      [1000, 2000],
    ],
    ['breaks off', [{ to: 'GET', status: 0 }], [1000]],
    ['finds a conflict', [{ to: POST, status: 409 }], [1000]],
    [
      'has a secondary rate limit',
      [{ to: POST, status: 403, headers: { 'retry-after': '60' } }],
      [60_000],
    ],
    [
      'has one that says no time',
      [{ to: POST, status: 403, body: '{"message":"You have exceeded a secondary rate limit."}' }],
      [60_000],
    ],
    [
      'has too many questions',
      [{ to: 'GET', status: 429, headers: { 'retry-after': '2' } }],
      [2000],
    ],
    ['fails when it writes', [{ to: POST, status: 502 }], [1000]],
    ['loses its answer when it has written', [{ to: POST, status: 0, isDone: true }], [1000]],
  ])('%s, and is waited for', async (_what, faults, waits) => {
    github.faults.push(...faults);
    await comment();
    expect(bodies()).toEqual([expect.stringContaining('1 NEWLY REACHABLE')]);
    expect(waited).toEqual(waits);
  });

  test('has a limit that is over at a time, and is waited for until then', async () => {
    const reset = String(Math.ceil(Date.now() / 1000) + 120);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    github.faults.push({ to: 'GET', status: 403, headers });
    await comment();
    expect(waited).toHaveLength(1);
    expect(Math.abs((waited[0] ?? 0) - 120_000)).toBeLessThan(10_000);
  });

  test('has deleted the comment that was found, and gets another', async () => {
    await comment();
    github.before = (asked) => {
      if (asked.startsWith('PATCH')) github.comments.splice(0);
    };
    expect(await comment()).toMatch(/was written/);
    expect(github.comments).toHaveLength(1);
  });

  test.each<readonly [string, Fault, object]>([
    ['refuses', { to: POST, status: 403 }, { code: 'GITHUB_REFUSED', status: 403 }],
    [
      'knows no such repository',
      { to: 'GET', status: 404 },
      { code: 'GITHUB_REFUSED', status: 404 },
    ],
    [
      'has a limit of an hour',
      { to: 'GET', status: 403, headers: { 'retry-after': '3600' } },
      { code: 'GITHUB_REFUSED' },
    ],
  ])('%s, and is told with what it said', async (_what, fault, error) => {
    github.faults.push(fault);
    await expect(comment()).rejects.toMatchObject(error);
    expect(waited).toEqual([]);
    expect(github.comments).toEqual([]);
  });

  test('never answers, and is given up on', async () => {
    github.faults.push(...Array.from({ length: 9 }, () => ({ to: 'GET', status: 500 })));
    await expect(comment()).rejects.toMatchObject({ code: 'GITHUB_UNREACHABLE' });
    expect(waited).toEqual([1000, 2000, 4000, 8000]);
  });

  test('leads to a page of another host, which is not asked with the token', async () => {
    const link = '<https://evil.example/repos?page=2>; rel="next"';
    github.faults.push({
      to: 'GET /repos/acme/shop/pulls',
      status: 200,
      headers: { link },
      body: '[]',
    });
    expect(await comment()).toMatch(/^No open pull request/);
  });

  test('says nothing of the token in what is told', async () => {
    const { token } = github;
    github.faults.push(...Array.from({ length: 5 }, () => ({ to: 'files', status: 500 })));
    const error: unknown = await comment().catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(token);
  });
});

test('the process that a workflow runs is told by its environment, and prints what it did', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'comment-'));
  const event = path.join(folder, 'event.json');
  writeFileSync(event, JSON.stringify(payload));
  const { url, token } = github;
  const main = path.join(import.meta.dirname, 'main.ts');
  const start = (env: Readonly<Record<string, string>>) =>
    promisify(execFile)(process.execPath, [main], { env: { PATH: '/usr/bin', ...env } });
  const env = { GITHUB_EVENT_PATH: event, GITHUB_API_URL: url, GITHUB_TOKEN: token };
  try {
    const { stdout, stderr } = await start(env);
    expect(stdout).toBe('The comment of pull request 7 was written.\n');
    expect(stderr).not.toContain(token);
    await expect(start({ ...env, GITHUB_TOKEN: '' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Variable GITHUB_TOKEN: must be set') as unknown,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['of another workflow', { path: '.github/workflows/other.yml' }],
  ['of a push', { event: 'push' }],
  ['of a commit that is none', { head_sha: 'HEAD' }],
  ['of a fork that is gone', { head_repository: null }],
  ['with a page that is a script', { html_url: 'javascript:alert(1)' }],
])('a run %s is refused', (_what, changes) => {
  const broken = { ...payload, workflow_run: { ...payload.workflow_run, ...changes } };
  expect(() => workflowRunOf(broken)).toThrow(/^Event: must be the workflow_run of/);
});
