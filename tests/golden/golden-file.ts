import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '@meridian/components/model/serialise.ts';

/**
 * A value as its golden file has it. With UPDATE_GOLDENS=1 in the environment the file is written
 * first; the difference is then reviewed in version control.
 */
export function goldenText(name: string, value: unknown): GoldenText {
  return goldenFile(`${name}.golden.json`, canonicalJson(value));
}

/** What was made, and what was reviewed. */
interface GoldenText {
  readonly given: string;
  readonly golden: string;
}

/** The same for a text and the whole name of its file. */
export function goldenFile(file: string, given: string): GoldenText {
  const path = fileURLToPath(new URL(file, import.meta.url));
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(path, given);
  return { given, golden: existsSync(path) ? readFileSync(path, 'utf8') : '' };
}
