import { isReviewed } from '../stack-review.ts';
import type { ReviewResult } from '../stack-review.ts';
import { aligned } from './entry-lines.ts';
import { foldOf } from './fold.ts';
import type { StackFold } from './fold.ts';
import { linesWithin, REPORT_BYTES } from './report-size.ts';
import type { ReportOptions } from './report-size.ts';
import { sectionLines } from './section-lines.ts';
import { LONGEST_LINE, shownText, wrapped } from './shown-text.ts';
import { revisionsText, verdictOf } from './verdict.ts';
import { byLevel } from './worst-first.ts';

/** What is said where no stack was looked at. */
export const NOTHING_REVIEWED = 'NOT REVIEWED: no stack was looked at, so nothing is known.';

/** A review for people at a terminal, ending in a line break: what matters first, within 40 lines, then the rest. */
export function reviewText(
  results: readonly ReviewResult[],
  { isWhole = false }: ReportOptions = {},
): string {
  const folds = foldOf(results, { around: 2 });
  const above = folds.flatMap((fold) => [...firstLines(fold), ...fold.lines, '']);
  const lines = [...(above.length === 0 ? [NOTHING_REVIEWED, ''] : above), ...restLines(folds)];
  const told = isWhole ? lines : linesWithin(lines, REPORT_BYTES);
  return `${told.join('\n').trimEnd()}\n`;
}

/** What is below the fold of all stacks: by stack, if there are several. */
export function restLines(folds: readonly StackFold[]): readonly string[] {
  const sections = folds.flatMap(({ result, told }) => {
    const lines = isReviewed(result) ? sectionLines(result, told) : [];
    const title = folds.length > 1 && lines.length > 0 ? [shownText(result.stack, 40), ''] : [];
    return [...title, ...lines];
  });
  return folds.some(({ result }) => isToDecide(result)) ? [...sections, WHAT_TO_DO, ''] : sections;
}

/** Where a reviewer finds what to do; a row for each finding that somebody has to decide about. */
const WHAT_TO_DO = 'What to do about each of them: docs/review-findings.md';

function isToDecide(result: ReviewResult): boolean {
  if (!isReviewed(result)) return false;
  const { danger, check } = byLevel(result.findings);
  return danger.length + check.length > 0;
}

/** How a stack is judged, in one line without its revisions. */
export function verdictLine({ result }: StackFold): string {
  const verdict = isReviewed(result) ? verdictOf(result) : 'NOT REVIEWED';
  return `${shownText(result.stack, 40)}: ${verdict}`;
}

function firstLines(fold: StackFold): readonly string[] {
  const { result } = fold;
  const verdict = verdictLine(fold);
  if (!isReviewed(result)) return [verdict];
  return wrapped(aligned(verdict, revisionsText(result)), LONGEST_LINE, '    ');
}
