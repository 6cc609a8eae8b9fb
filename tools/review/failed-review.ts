import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Position } from './finding.ts';
import { hasWord } from './positions/blamed-hunk.ts';
import { firstChangedLine } from './positions/changed-lines.ts';
import type { ChangedFile, ChangedLines } from './positions/changed-lines.ts';
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
const PLACE =
  /\b((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs|json|js|proto|sql|yaml))\b(?:(?::|', line |: line )(\d+))?/;

/**
 * The line that a message is about: the one that it names where it changed, else the changed line that has its words, of the
 * file that it names first, then of those beside it, then of all. A file that did not change is not to blame.
 */
function positionIn(message: string, changed: ChangedLines): Position | undefined {
  const [, file = '', given] = PLACE.exec(message) ?? [];
  const line = given === undefined ? undefined : Number(given);
  if (line !== undefined && (changed.size === 0 || hasLine(changed.get(file), line))) {
    return { file, line };
  }
  const own = changed.get(file);
  const beside = [...changed.values()].filter(
    (one) => file !== '' && path.dirname(one.file) === path.dirname(file),
  );
  const words = [...new Set(message.replace(PLACE, '').match(/[A-Za-z]\w{3,}/g) ?? [])];
  for (const files of [own === undefined ? [] : [own], beside, [...changed.values()]]) {
    const found = placeByWords(words, files);
    if (found !== undefined) return found;
  }
  if (own !== undefined) return { file, line: firstChangedLine(own) };
  const [only, ...others] = beside.length > 0 ? beside : changed.values();
  if (only !== undefined && others.length === 0) {
    return { file: only.file, line: firstChangedLine(only) };
  }
  return line === undefined ? undefined : { file, line };
}

function hasLine(file: ChangedFile | undefined, line: number): boolean {
  return file?.added.some((one) => one.line === line) === true;
}

/** The changed line that has most of these words; undefined where one of another file has as many. */
function placeByWords(
  words: readonly string[],
  files: readonly ChangedFile[],
): Position | undefined {
  const lines = files.flatMap(({ file, added, removed }) =>
    [...added, ...removed].map(({ line, text }) => ({ file, line, text })),
  );
  const rated = lines.map(({ text, ...place }) => ({
    place,
    count: words.filter((word) => hasWord(text, word)).length,
  }));
  const most = Math.max(0, ...rated.map(({ count }) => count));
  const [best, ...others] = rated.filter(({ count }) => count === most);
  const isAlone = others.every(({ place }) => place.file === best?.place.file);
  return most > 0 && isAlone ? best?.place : undefined;
}
