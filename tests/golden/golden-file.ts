import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '@meridian/components/model/serialise.ts';

/**
 * A value as its golden file has it. With UPDATE_GOLDENS=1 in the environment the file is written
 * first; the difference is then reviewed in version control.
 */
export function goldenText(name: string, value: unknown): { given: string; golden: string } {
  const path = fileURLToPath(new URL(`${name}.golden.json`, import.meta.url));
  const given = canonicalJson(value);
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(path, given);
  return { given, golden: existsSync(path) ? readFileSync(path, 'utf8') : '' };
}
