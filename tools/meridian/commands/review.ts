import { existsSync, statSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';
import { reportError } from '../report-error.ts';
import { programFolder } from '../places.ts';
import { givenReview, reviewedByJudge } from '../../review/judge.ts';
import { reviewRange } from '../../review/review-range.ts';

/** Options of `meridian review`. */
export interface ReviewOptions {
  /** A stack, or 'all'. */
  readonly stack: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  /** A folder for the whole report. */
  readonly out?: string;
  /** A revision whose tool judges. @default the base */
  readonly judge?: string;
}

/** With what a review ends that was called wrongly. */
const USAGE = 2;
/** With what one ends that could not be made: never green. */
const NOT_REVIEWED = 3;

/**
 * Says what a change of the program does to a stack, from its two revisions alone: 0 where nobody has to look, 10 where
 * somebody has to have meant it, 20 where something can be lost.
 */
export async function review(range: string, options: ReviewOptions): Promise<number> {
  try {
    const { base, head } = reviewRange(range);
    refuseUnusable(options);
    const given = givenReview(process.env);
    // What judges is the base's, so that no change judges itself.
    if (given === undefined) return await reviewedByJudge(programFolder, { base, head }, options);
    const { reviewStacks } = await import('../../review/review-stacks.ts');
    return await reviewStacks(given, { base, head }, options);
  } catch (cause) {
    reportError(cause);
    return cause instanceof CodedError && USAGE_CODES.includes(cause.code) ? USAGE : NOT_REVIEWED;
  }
}

/** @throws {CodedError} REVIEW_OPTION_UNUSABLE */
function refuseUnusable({ json, markdown, out }: ReviewOptions): void {
  if (json === true && markdown === true) {
    throw unusable(
      'markdown',
      'given without --json',
      'both; leave one out, or have both in a folder by --out',
    );
  }
  if (out !== undefined && existsSync(out) && !statSync(out).isDirectory()) {
    throw unusable('out', 'a folder, there or not', `the file '${out}'; name another place`);
  }
}

function unusable(option: string, rule: string, given: string): CodedError {
  return new CodedError(
    'REVIEW_OPTION_UNUSABLE',
    `Option '--${option}': must be ${rule}, got ${given}`,
  );
}

const USAGE_CODES: readonly string[] = [
  'REVIEW_RANGE_INVALID',
  'REVIEW_OPTION_UNUSABLE',
  'STACK_UNKNOWN',
  'REVISION_UNKNOWN',
];
