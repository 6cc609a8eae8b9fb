import { CodedError } from '@meridian/language/coded-error.ts';
import type { Position } from './finding.ts';
import type { FailedReview } from './stack-review.ts';

/** Why a stack could not be reviewed; what is not of the change is thrown again. */
export function failedReview(stack: string, cause: unknown): FailedReview {
  if (!(cause instanceof CodedError)) throw cause;
  const { code, message, problems } = cause;
  if (code !== 'REHEARSAL_REFUSED') return { stack, code, message };
  const first = problems[0] ?? message;
  const at = positionIn(first);
  return {
    stack,
    code: ASKS.test(first) ? 'HEAD_ASKS_OUTSIDE' : 'HEAD_NOT_BUILT',
    message: first,
    ...(at === undefined ? {} : { at }),
  };
}

/** What the providers that rehearse say of a program that would look at the world. */
const ASKS = /\bThe program (?:reads nothing|makes no provider invoke|has only plain resources)/;

/** Where a message names a file of the program, with a line or without. */
const PLACE = /\b((?:[\w.-]+\/)+[\w.-]+\.(?:ts|js|proto|sql|yaml))(?:(?::|', line |: line )(\d+))?/;

function positionIn(message: string): Position | undefined {
  const [, file, line = '1'] = PLACE.exec(message) ?? [];
  return file === undefined ? undefined : { file, line: Number(line) };
}
