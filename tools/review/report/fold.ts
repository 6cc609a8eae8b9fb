import { isReviewed } from '../stack-review.ts';
import type { FailedReview, JudgedFinding, ReviewResult, StackReview } from '../stack-review.ts';
import { entriesOf, placeOf } from './entry.ts';
import type { Entry, Merging } from './entry.ts';
import { fullLines, INDENT, namedLines, shortLines } from './entry-lines.ts';
import { severityOf } from './level-of.ts';
import { LONGEST_LINE, shownText, wrapped } from './shown-text.ts';
import { summaryLine } from './summary-line.ts';
import { approvalText, isUnchanged, totalsText } from './verdict.ts';
import { byLevel, worstFirst } from './worst-first.ts';

/** So many lines a person reads without scrolling, whatever the size of the change. */
export const FOLD_LINES = 40;

/** What is told of a stack above the fold. */
export interface StackFold {
  readonly result: ReviewResult;
  /** Below its first line, which says the verdict. */
  readonly lines: readonly string[];
  /** What is told there with all that is known of it; the sections tell the rest. */
  readonly told: ReadonlySet<JudgedFinding>;
}

/** How an entry is told: with what comes of it, without it, or by the names of all. */
type Lines = 'full' | 'short' | 'named';

/** How much is told of each level; each is shorter than the one before. */
interface Density {
  readonly dangers: { readonly merging: Merging; readonly lines: Lines };
  /** Counts are one line for all checks together. */
  readonly checks: { readonly merging: Merging; readonly lines: 'full' | 'short' } | 'counts';
}

const DENSITIES: readonly [Density, ...Density[]] = [
  {
    dangers: { merging: 'few', lines: 'full' },
    checks: { merging: 'alike', lines: 'full' },
  },
  {
    dangers: { merging: 'few', lines: 'full' },
    checks: { merging: 'alike', lines: 'short' },
  },
  {
    dangers: { merging: 'few', lines: 'full' },
    checks: { merging: 'kind', lines: 'short' },
  },
  {
    dangers: { merging: 'few', lines: 'short' },
    checks: { merging: 'kind', lines: 'short' },
  },
  { dangers: { merging: 'few', lines: 'short' }, checks: 'counts' },
  { dangers: { merging: 'alike', lines: 'named' }, checks: 'counts' },
  { dangers: { merging: 'kind', lines: 'named' }, checks: 'counts' },
];

/** Names of dangers are told as far as this many characters of them in all; how many there are always is. */
const NAMES_MAX = 10_000;

/**
 * What stands above the fold, worst stacks first: as much as fits in so many lines. If even the shortest does not,
 * dangers go on, as they are never cut.
 *
 * @param around how many lines each stack takes besides
 */
export function foldOf(
  results: readonly ReviewResult[],
  { around }: { readonly around: number },
): readonly StackFold[] {
  const ordered = worstFirst(results);
  const room = FOLD_LINES - ordered.length * around;
  let shortest: readonly StackFold[] = [];
  for (const density of DENSITIES) {
    shortest = ordered.map((result) => stackFold(result, density, ordered.length));
    if (shortest.reduce((lines, stack) => lines + stack.lines.length, 0) <= room) break;
  }
  return shortest;
}

function stackFold(result: ReviewResult, density: Density, stacks: number): StackFold {
  if (!isReviewed(result)) return { result, lines: failureLines(result), told: new Set() };
  if (isUnchanged(result)) {
    return { result, lines: [totalsText(result), approvalText(result)], told: new Set() };
  }
  return { result, ...reviewFold(result, density, stacks) };
}

/** Nothing is claimed but why nothing is. */
function failureLines({ code, message, at }: FailedReview): readonly string[] {
  const lines = message.split(/\r\n|[\n\r\u{2028}\u{2029}]/u).filter((line) => line.trim() !== '');
  const shown = lines.slice(0, MESSAGE_LINES).map((line) => shownText(line, 400));
  const place = placeOf({ ...(at === undefined ? {} : { at }) });
  return [
    `Nothing is known of this change, good or bad [${shownText(code, 40)}]${place === '' ? '' : `  ${place}`}`,
    ...shown.flatMap((line) => wrapped(`${INDENT}${line}`, LONGEST_LINE, INDENT)),
    ...(lines.length > shown.length
      ? [`${INDENT}(${lines.length - shown.length} lines more)`]
      : []),
  ];
}

const MESSAGE_LINES = 6;

function reviewFold(
  review: StackReview,
  { dangers, checks }: Density,
  stacks: number,
): Omit<StackFold, 'result'> {
  const { danger, check, note } = byLevel(review.findings);
  const dangerEntries = entriesOf(danger, dangers.merging);
  const checkEntries = checks === 'counts' ? [] : entriesOf(check, checks.merging);
  const namesMax = NAMES_MAX / stacks / Math.max(1, dangerEntries.length);
  const linesOf = (entry: Entry, index: number, how: Lines): readonly string[] => {
    const number = String(index + 1);
    if (how === 'named') return namedLines(number, entry, namesMax);
    return how === 'full' ? fullLines(number, entry) : shortLines(number, entry);
  };
  const counts = countsLine('CHECKS', checks === 'counts' ? check : []);
  const told = [
    ...(dangers.lines === 'full' ? dangerEntries : []),
    ...(checks !== 'counts' && checks.lines === 'full' ? checkEntries : []),
  ].filter(({ findings: [{ follows = [] }, ...more] }) => more.length === 0 && follows.length <= 3);
  return {
    lines: [
      totalsText(review),
      approvalText(review),
      ...titled(
        titleOf('DANGER', danger, dangerEntries),
        dangerEntries.flatMap((entry, index) => linesOf(entry, index, dangers.lines)),
      ),
      ...titled(
        titleOf('CHECK', check, checkEntries),
        checkEntries.flatMap((entry, index) =>
          checks === 'counts' ? [] : linesOf(entry, index + dangerEntries.length, checks.lines),
        ),
      ),
      ...counts,
      ...countsLine('NOTES', note),
      summaryLine(review),
    ],
    told: new Set(told.flatMap(({ findings }) => findings)),
  };
}

/** The first line of the report counts findings, and those that are alike have one number here: how many of them is told. */
function titleOf(
  title: string,
  findings: readonly JudgedFinding[],
  entries: readonly Entry[],
): string {
  return entries.length === findings.length
    ? title
    : `${title}  ${findings.length} told as ${entries.length}`;
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function countsLine(title: string, findings: readonly JudgedFinding[]): readonly string[] {
  if (findings.length === 0) return [];
  const counts = [...Map.groupBy(findings, ({ kind }) => severityOf(kind).what)];
  const text = counts.map(([what, found]) => `${found.length} ${what}`).join(', ');
  return wrapped(`${title}  ${text}`, LONGEST_LINE, INDENT);
}
