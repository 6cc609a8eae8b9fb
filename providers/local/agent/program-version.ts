import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = join(import.meta.dirname, '..');

/**
 * The version of the agent's code that lies here: the package's version and the first 12 hex digits of
 * a digest over its sources. A running agent reports the one it was started from.
 */
export function currentProgramVersion(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const hash = createHash('sha256');
  for (const folder of ['agent', 'pki', '.', '../../language']) {
    const sources = readdirSync(join(PACKAGE, folder))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .filter((file) => folder !== '.' || SHARED_SOURCES.has(file))
      .sort();
    for (const file of sources) {
      hash.update(`${folder}/${file}\0`).update(readFileSync(join(PACKAGE, folder, file)));
    }
  }
  return `${version}+${hash.digest('hex').slice(0, 12)}`;
}

const SHARED_SOURCES = new Set(['folders.ts', 'process-spec.ts', 'system-trouble.ts']);
