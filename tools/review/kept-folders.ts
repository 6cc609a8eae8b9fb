import { readdirSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';
import { removeFolder } from '../meridian/remove-folder.ts';

/** Longer than any review takes: another one may be reading what it has used since. */
const IN_USE_MS = 60 * 60 * 1_000;

/** Folders that are made once for each content, which their names are a hash of. */
const HASH = /^[0-9a-f]{40,64}$/;

/** Notes that a folder is used, and removes those beside it that nobody has used for longest, but `kept` in all. */
export function keepUsed(folder: string, kept: number): void {
  const now = Date.now();
  utimesSync(folder, now / 1_000, now / 1_000);
  const beside = path.dirname(folder);
  const others = readdirSync(beside)
    .filter((name) => name !== path.basename(folder) && HASH.test(name))
    .map((name) => ({ name, usedAt: usedAt(path.join(beside, name)) }))
    .toSorted((one, other) => other.usedAt - one.usedAt);
  for (const old of others.slice(kept - 1)) {
    if (now - old.usedAt > IN_USE_MS) removeFolder(path.join(beside, old.name));
  }
}

function usedAt(folder: string): number {
  try {
    return statSync(folder).mtimeMs;
  } catch (error) {
    // Another review has removed it.
    if (!isSystemError(error, 'ENOENT')) throw error;
    return 0;
  }
}
