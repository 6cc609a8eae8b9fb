import type { Level } from '@meridian/policies/severity.ts';
import { isReviewed } from '../stack-review.ts';
import type { ReviewResult } from '../stack-review.ts';
import { levelOf } from './level-of.ts';

/** With what `meridian review` ends: by the worst that it found; 3 where a stack could not be reviewed. */
export type ReviewExitCode = 0 | 3 | 10 | 20;

const CODES: Readonly<Record<Level, ReviewExitCode>> = { danger: 20, check: 10, note: 0 };

/** The exit code of a review: 3 also where nothing was looked at, since that is never green. */
export function exitCodeOf(results: readonly ReviewResult[]): ReviewExitCode {
  const reviews = results.filter(isReviewed);
  if (reviews.length === 0 || reviews.length < results.length) return 3;
  const codes = reviews.flatMap(({ findings }) => findings.map((found) => CODES[levelOf(found)]));
  return codes.reduce((worst, code) => (code > worst ? code : worst), 0);
}
