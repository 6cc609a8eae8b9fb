import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(path.dirname(import.meta.dirname));

/** What a file of the program says besides its comments. */
export function codeOf(file: string): string {
  const source = readFileSync(path.join(root, file), 'utf8');
  return source.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/(^|\s)\/\/[^\n]*/g, '');
}

/** The different texts of a file, besides its comments, that match; the pattern is global. */
export function namesIn(file: string, pattern: RegExp): readonly string[] {
  return [...new Set(codeOf(file).match(pattern) ?? [])];
}
