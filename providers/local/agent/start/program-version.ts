import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = join(import.meta.dirname, '..', '..');

/** What an agent is made of, beside the package's dependencies. */
const SOURCES = [
  'agent/**/*.ts',
  'machine/*.ts',
  'pki/*.ts',
  'folders.ts',
  'process-spec.ts',
  '../../language/**/*.ts',
];

/**
 * The version of the agent's code that lies here: the package's version and the first 12 hex digits of
 * a digest over its sources. A running agent reports the one it was started from.
 */
export function currentProgramVersion(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const hash = createHash('sha256');
  for (const file of globSync(SOURCES, {
    cwd: PACKAGE,
    exclude: ['**/*.test.ts', '**/testing'],
  }).sort()) {
    hash.update(`${file}\0`).update(readFileSync(join(PACKAGE, file)));
  }
  return `${version}+${hash.digest('hex').slice(0, 12)}`;
}
