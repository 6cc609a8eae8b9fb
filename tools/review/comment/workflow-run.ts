import { CodedError } from '@meridian/language/coded-error.ts';
import { z } from 'zod';

/** The workflow whose runs are told of. */
export const REVIEW_WORKFLOW = '.github/workflows/review.yml';

const event = z.object({
  repository: z.object({ full_name: z.string(), default_branch: z.string() }),
  workflow_run: z.object({
    id: z.int(),
    event: z.string(),
    path: z.string(),
    head_sha: z.string().regex(/^[0-9a-f]{40}$/),
    head_branch: z.string(),
    // Of a fork that has been deleted there is none.
    head_repository: z
      .object({ full_name: z.string(), owner: z.object({ login: z.string() }) })
      .nullable(),
    html_url: z.url({ protocol: /^https?$/ }),
  }),
});

/** A run of the first half of the review, as GitHub tells of it: nothing here is what a job wrote. */
export interface WorkflowRun {
  readonly id: number;
  /** The repository with the pull request, 'owner/name'. */
  readonly repository: string;
  readonly defaultBranch: string;
  /** The commit of the pull request. */
  readonly headCommit: string;
  readonly headBranch: string;
  readonly headOwner: string;
  readonly headRepository: string;
  /** Its page on GitHub. */
  readonly page: string;
}

/**
 * Reads the payload of a workflow_run event.
 *
 * @throws {CodedError} REVIEW_EVENT_UNUSABLE where it is of something else than a review of a pull request
 */
export function workflowRunOf(payload: unknown): WorkflowRun {
  const parsed = event.safeParse(payload);
  if (!parsed.success) throw unusable(z.prettifyError(parsed.error).split('\n')[0] ?? 'nothing');
  const { repository, workflow_run: run } = parsed.data;
  // GitHub may add the revision of the file, such as 'review.yml@refs/pull/7/merge'.
  const [file] = run.path.split('@');
  if (file !== REVIEW_WORKFLOW || run.event !== 'pull_request') {
    throw unusable(`a run of ${run.path} for ${run.event}`);
  }
  if (run.head_repository === null) throw unusable('a run of a repository that is gone');
  return {
    id: run.id,
    repository: repository.full_name,
    defaultBranch: repository.default_branch,
    headCommit: run.head_sha,
    headBranch: run.head_branch,
    headOwner: run.head_repository.owner.login,
    headRepository: run.head_repository.full_name,
    page: run.html_url,
  };
}

function unusable(got: string): CodedError {
  return new CodedError(
    'REVIEW_EVENT_UNUSABLE',
    `Event: must be the workflow_run of ${REVIEW_WORKFLOW} for a pull request, got ${got}; it is what review-comment.yml runs for`,
  );
}
