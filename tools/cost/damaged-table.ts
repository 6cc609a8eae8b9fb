import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

/**
 * What is said of a table of prices that cannot be read: where, and how it is put back. Looking prices up cannot make it again, as rows
 * of other sources are in it alone.
 *
 * @param error what reading it came to
 */
export function damagedTable(file: string, text: string, error: unknown): CodedError {
  const line = lineOf(text, error);
  const place = line === undefined ? '' : `, line ${String(line)}`;
  const name = path.relative(process.cwd(), file);
  return new CodedError(
    'PRICES_TABLE_DAMAGED',
    `Table of prices '${name}'${place}: must be JSON of prices with their sources, got ${foundIn(text, line, error)}; put it back as it was: git checkout HEAD -- ${name}, and then look prices up with npm run prices, which cannot do without it, as it keeps the rows of other sources`,
    { cause: error },
  );
}

/** As git begins the lines that it puts between two versions. */
const CONFLICT = /^(<{7}|\|{7}|={7}|>{7})( |$)/;

function lineOf(text: string, error: unknown): number | undefined {
  const conflict = text.split('\n').findIndex((line) => CONFLICT.test(line));
  if (conflict >= 0) return conflict + 1;
  const isShape = error instanceof z.ZodError;
  if (!(isShape || error instanceof SyntaxError)) return undefined;
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  if (!isShape) {
    const position = /at position (\d+)/.exec(error.message)?.[1];
    return position === undefined
      ? document.errors[0]?.linePos?.[0].line
      : lineCounter.linePos(Number(position)).line;
  }
  // What is missing has no place: then what it is missing in.
  const at = error.issues[0]?.path.map(String) ?? [];
  for (let length = at.length; length > 0; length -= 1) {
    const node = document.getIn(at.slice(0, length), true);
    if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
  }
  return undefined;
}

function foundIn(text: string, line: number | undefined, error: unknown): string {
  const lines = text.split('\n');
  const found = lines[(line ?? 0) - 1] ?? '';
  if (CONFLICT.test(found)) return `what a merge has left in conflict ('${found}')`;
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `'${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}`;
  }
  return `'${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}'`;
}
