import { codeBlock, reviewMarkdown } from '../report/review-markdown.ts';
import { shownText } from '../report/shown-text.ts';
import type { ReviewResult } from '../stack-review.ts';
import type { WorkflowRun } from './workflow-run.ts';
import { COMMENT_MARK } from './write-comment.ts';

/** What a comment tells: a review, or why there is none. */
export type Told =
  | { readonly reviews: readonly ReviewResult[] }
  | { readonly changedWorkflows: readonly string[] }
  | { readonly problem: string };

/** The comment of a run; all but the review itself is of GitHub's own words and ours. */
export function commentBody(run: WorkflowRun, told: Told): string {
  return [
    COMMENT_MARK,
    textOf(told).trimEnd(),
    '',
    `Of commit ${run.headCommit}, by [this run](${run.page}), whose artifact review-whole has all of it.`,
    '',
  ].join('\n');
}

function textOf(told: Told): string {
  if ('reviews' in told) return reviewMarkdown(told.reviews);
  if ('problem' in told) {
    return `### NOT REVIEWED: nothing is known of this change, good or bad\n${codeBlock([shownText(told.problem, 400)])}`;
  }
  const files = told.changedWorkflows.slice(0, 10).map((file) => shownText(file));
  return [
    '### DANGER: this pull request changes what reviews it',
    '',
    'A pull request runs by its own workflows, so whatever this run says of itself is not told here.',
    'Read these files, and review the change by hand, as docs/review.md says:',
    '',
    codeBlock(files),
  ].join('\n');
}
