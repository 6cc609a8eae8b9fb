import { CodedError } from '@meridian/language/coded-error.ts';
import { changedWorkflows } from './changed-workflows.ts';
import { commentBody } from './comment-body.ts';
import type { Told } from './comment-body.ts';
import { downloadArtifact } from './download-artifact.ts';
import { findPullRequest, isStillOf } from './find-pull-request.ts';
import type { GitHubAccess } from './github-api.ts';
import { reviewsOfArtifact } from './reviews-of-artifact.ts';
import type { WorkflowRun } from './workflow-run.ts';
import { writeComment } from './write-comment.ts';

/**
 * Tells of a run in the one comment of its pull request, and says what it did. A run without a review is told of as
 * well, so that the comment of an earlier commit does not stay.
 *
 * @throws {CodedError} PULL_REQUEST_AMBIGUOUS, GITHUB_REFUSED, GITHUB_UNREACHABLE
 */
export async function commentOnRun(access: GitHubAccess, run: WorkflowRun): Promise<string> {
  const number = await findPullRequest(access, run);
  const none = `No open pull request has the head ${run.headCommit} any more, so nothing was written.`;
  if (number === undefined) return none;
  const told = await toldOf(access, run, number);
  // What was looked at may have gone on meanwhile; what is written must be of what was looked at.
  if (!(await isStillOf(access, run, number))) return none;
  const { repository } = run;
  const written = await writeComment(access, { repository, number }, commentBody(run, told));
  return `The comment of pull request ${number} was ${written}.`;
}

async function toldOf(access: GitHubAccess, run: WorkflowRun, number: number): Promise<Told> {
  const changed = await changedWorkflows(access, run, number);
  if (changed.length > 0) return { changedWorkflows: changed };
  try {
    const artifact = await downloadArtifact(access, run);
    if (artifact === undefined) return { problem: 'The run ended without a report.' };
    return { reviews: await reviewsOfArtifact(artifact) };
  } catch (error) {
    if (error instanceof CodedError && error.code === 'REVIEW_ARTIFACT_REFUSED') {
      return { problem: `${error.message} [${error.code}]` };
    }
    throw error;
  }
}
