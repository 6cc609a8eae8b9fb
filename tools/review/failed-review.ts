import { CodedError } from '@meridian/language/coded-error.ts';
import type { Position } from './finding.ts';
import type { ChangedLines } from './positions/changed-lines.ts';
import { placeByWords } from './positions/place-of.ts';
import type { FailedReview } from './stack-review.ts';

/** Why a stack could not be reviewed; what is not of the change is thrown again. */
export function failedReview(stack: string, cause: unknown, changed: ChangedLines): FailedReview {
  if (!(cause instanceof CodedError)) throw cause;
  const { code, message, problems } = cause;
  if (code !== 'REHEARSAL_REFUSED') return { stack, code, message };
  const first = problems[0] ?? message;
  const at = positionIn(first, changed);
  const place = at === undefined ? {} : { at };
  return ASKS.test(first)
    ? { stack, code: 'HEAD_ASKS_OUTSIDE', message: first, ...place }
    : { stack, code: 'HEAD_NOT_BUILT', message: first, ...place };
}

/** What the providers that rehearse say of a program that would look at the world. */
const ASKS = /\bThe program (?:reads nothing|makes no provider invoke|has only plain resources)/;

/** Where a message names a file of the program, with a line or without. */
const PLACE = /\b((?:[\w.-]+\/)+[\w.-]+\.(?:ts|js|proto|sql|yaml))(?:(?::|', line |: line )(\d+))?/;

function positionIn(message: string, changed: ChangedLines): Position | undefined {
  const [, file, line] = PLACE.exec(message) ?? [];
  if (file === undefined) return undefined;
  if (line !== undefined) return { file, line: Number(line) };
  const words = message.match(/[A-Za-z]\w{3,}/g) ?? [];
  const own = changed.get(file);
  const found = own === undefined ? undefined : placeByWords(words, new Map([[file, own]]));
  return found ?? { file, line: 1 };
}
