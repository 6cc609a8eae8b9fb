import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { deployApproved } from '../../review/approval/deploy-approved.ts';
import { RealDeployment } from '../../review/approval/real-deployment.ts';
import type { PlannedOperation } from '../../review/digest/planned-operation.ts';
import { reviewedByJudge } from '../../review/judge.ts';
import { operationsFile } from '../../review/operations-file.ts';
import { isReviewed } from '../../review/stack-review.ts';
import type { ReviewResult, StackReview } from '../../review/stack-review.ts';
import { WORKTREE } from '../../review/trees/lay-out-tree.ts';
import { clusterStack } from '../cluster-stack.ts';
import { localStack, programFolder } from '../places.ts';

/** What is to be deployed, and by whose word. */
export interface ApprovedUpOptions {
  readonly stack: string;
  /** Digest of the review that was approved. */
  readonly approved: string;
  /** The revision that the review was held against. */
  readonly base: string;
  /** Digest of a drift that is accepted, too. */
  readonly accept?: string;
  /** A revision whose tool judges. @default the base */
  readonly judge?: string;
}

/**
 * Deploys a stack in a cluster as it was approved: reviews the tree again, asks the real providers, and refuses what was
 * not reviewed.
 *
 * @throws {CodedError} APPROVAL_DIFFERS, DRIFT_NOT_ACCEPTED, DEPLOYMENT_FAILED, REVIEW_FAILED, and what clusterStack throws
 */
export async function upApproved(options: ApprovedUpOptions): Promise<number> {
  const { stack, approved, accept } = options;
  if (stack === localStack) {
    throw new CodedError(
      'UP_OPTION_UNUSABLE',
      `Option '--stack': must be a stack in a cluster with --approved, got '${stack}'; the one of this machine is brought up by npm start`,
    );
  }
  await clusterStack(stack, {});
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-review-'));
  try {
    const { review, operations } = await reviewOf(options, folder);
    using deployment = new RealDeployment(programFolder, stack);
    await deployApproved(
      {
        stack,
        approved,
        operations,
        ...(accept === undefined ? {} : { accepted: accept }),
        ...(review.digest === undefined ? {} : { digest: review.digest }),
      },
      deployment,
      (line) => process.stdout.write(`${line}\n`),
    );
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The review of the files as they are, by its judge. */
async function reviewOf(
  { stack, base, judge }: ApprovedUpOptions,
  folder: string,
): Promise<{
  readonly review: StackReview;
  readonly operations: readonly PlannedOperation[];
}> {
  const options = { stack, out: folder, ...(judge === undefined ? {} : { judge }) };
  await reviewedByJudge(programFolder, { base, head: WORKTREE }, options, { quiet: true });
  const { reviews } = read(folder, 'review.json') as { readonly reviews: readonly ReviewResult[] };
  const [review] = reviews;
  if (review === undefined || !isReviewed(review)) {
    throw new CodedError(
      'REVIEW_FAILED',
      `Stack '${stack}': must be reviewed before it is deployed as approved, and could not be (${review?.code ?? 'nothing was reviewed'}: ${review?.message ?? 'see above'})`,
    );
  }
  return {
    review,
    operations: read(folder, operationsFile(stack)) as readonly PlannedOperation[],
  };
}

function read(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}
