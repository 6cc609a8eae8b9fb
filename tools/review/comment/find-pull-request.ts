import { CodedError } from '@meridian/language/coded-error.ts';
import { z } from 'zod';
import { askForJson, rowsOf } from './github-api.ts';
import type { GitHubAccess } from './github-api.ts';
import type { WorkflowRun } from './workflow-run.ts';

const pullRequest = z.object({
  number: z.int().min(1),
  state: z.string(),
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string() }),
});

/**
 * The number of the open pull request whose head is the commit that a run was for: by what GitHub says of the run,
 * since a job may write any number. Asked by branch, because a commit of a fork is one of no branch here, and
 * GitHub's own list by commit has nothing of it.
 *
 * @returns undefined where there is none any more: it was closed, or has another head by now
 * @throws {CodedError} PULL_REQUEST_AMBIGUOUS, GITHUB_REFUSED, GITHUB_UNREACHABLE
 */
export async function findPullRequest(
  access: GitHubAccess,
  run: WorkflowRun,
): Promise<number | undefined> {
  const query = new URLSearchParams({
    state: 'open',
    head: `${run.headOwner}:${run.headBranch}`,
    base: run.defaultBranch,
    per_page: '100',
  });
  const found: number[] = [];
  for await (const row of rowsOf(access, `/repos/${run.repository}/pulls?${query.toString()}`)) {
    // GitHub leaves a filter out that it cannot read.
    if (isOf(run, row)) found.push(pullRequest.parse(row).number);
  }
  if (found.length > 1) {
    throw new CodedError(
      'PULL_REQUEST_AMBIGUOUS',
      `Commit ${run.headCommit}: must be the head of one open pull request, got ${found.length} (${found.join(', ')}); close all but one, and run the review again`,
    );
  }
  return found[0];
}

/** Whether a pull request is still what a run was for. */
export async function isStillOf(
  access: GitHubAccess,
  run: WorkflowRun,
  number: number,
): Promise<boolean> {
  return isOf(run, await askForJson(access, { path: `/repos/${run.repository}/pulls/${number}` }));
}

function isOf({ headCommit, defaultBranch }: WorkflowRun, row: unknown): boolean {
  const { state, head, base } = pullRequest.parse(row);
  return state === 'open' && head.sha === headCommit && base.ref === defaultBranch;
}
