import { escaped } from '../../meridian/output/printable.ts';
import type { ReviewResult } from '../stack-review.ts';
import { exitCodeOf } from './exit-code.ts';
import type { ReviewExitCode } from './exit-code.ts';
import { reviewMarkdown } from './review-markdown.ts';

/** What `meridian review --json` prints. */
export interface ReviewOutput {
  readonly reviews: readonly ReviewResult[];
  readonly exitCode: ReviewExitCode;
}

/** A review for programs, as docs/schemas/review.schema.json has it. */
export function reviewOutput(reviews: readonly ReviewResult[]): ReviewOutput {
  return { reviews, exitCode: exitCodeOf(reviews) };
}

/** What `--out` keeps of a review, by the names of the files: for programs, and whole for people. */
export function reviewFiles(results: readonly ReviewResult[]): Readonly<Record<string, string>> {
  return {
    'review.json': `${escaped(JSON.stringify(reviewOutput(results), undefined, 2))}\n`,
    'review.md': reviewMarkdown(results, { isWhole: true }),
  };
}
