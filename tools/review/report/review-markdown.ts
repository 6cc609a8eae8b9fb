import { isReviewed } from '../stack-review.ts';
import type { ReviewResult } from '../stack-review.ts';
import { foldOf } from './fold.ts';
import type { StackFold } from './fold.ts';
import { linesWithin, REPORT_BYTES } from './report-size.ts';
import type { ReportOptions } from './report-size.ts';
import { NOTHING_REVIEWED, restLines, verdictLine } from './review-text.ts';
import { revisionsText } from './verdict.ts';

/** Besides its lines each stack has a heading, two fences, its revisions and an empty line. */
const AROUND = 5;

/**
 * A review as GitHub Flavored Markdown, ending in a line break. Whatever is of the change stands in code: there
 * nothing is a link, an image, HTML or a heading, and GitHub notifies nobody and refers to nothing.
 */
export function reviewMarkdown(
  results: readonly ReviewResult[],
  { isWhole = false }: ReportOptions = {},
): string {
  if (results.length === 0) return `### ${NOTHING_REVIEWED}\n`;
  const folds = foldOf(results, { around: AROUND });
  const room = isWhole ? Infinity : REPORT_BYTES;
  const above = folds.map((fold) => stackMarkdown(fold, room / folds.length)).join('\n');
  const left = room - Buffer.byteLength(above) - DETAILS_BYTES;
  const rest = trimmed(restLines(folds));
  if (rest.length === 0) return above;
  return `${above}\n<details><summary>The rest of it, by sections</summary>\n\n${codeBlock(linesWithin(rest, left))}\n</details>\n`;
}

/** What stands around the rest, and a fence that is longer than usual. */
const DETAILS_BYTES = 400;

function stackMarkdown(fold: StackFold, bytesMax: number): string {
  const { result, lines } = fold;
  const first = isReviewed(result) ? [revisionsText(result)] : [];
  const told = linesWithin([...first, ...lines], bytesMax - DETAILS_BYTES);
  return `### ${headingOf(verdictLine(fold))}\n${codeBlock(told)}`;
}

/** The name of a stack is plain where it can be nothing else than a word, and code where it could. */
function headingOf(line: string): string {
  const [, name = '', verdict = ''] = /^(.*)(: .*?)$/s.exec(line) ?? [];
  return /^[a-z][a-z0-9-]*$/.test(name) ? `${name}${verdict}` : `${codeSpan(name)}${verdict}`;
}

/** CommonMark 6.1: nothing inside is parsed, as long as its fences are longer than any run of backticks in it. */
export function codeSpan(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  return `${fence} ${text} ${fence}`;
}

/** CommonMark 4.5: lines as they are, between fences that are longer than any run of backticks in them. */
export function codeBlock(lines: readonly string[]): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}text`, ...lines, fence, ''].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function trimmed(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === '' ? trimmed(lines.slice(0, -1)) : lines;
}
