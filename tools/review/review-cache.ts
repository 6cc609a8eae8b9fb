import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { codeOf } from '@meridian/language/thrown.ts';
import { cacheFolder, isWritable } from '../engines/cache.ts';
import { cacheHome } from '../meridian/cache-home.ts';

/** Where reviews keep what they lay out: the cache of engines, or the user's own where that is somebody else's. */
export function reviewCache(): string {
  const shared = cacheFolder();
  return mayKeep(path.join(shared, 'review')) ? shared : cacheHome('meridian');
}

/**
 * The folder for one kind of what is kept, which others may not read, as the clone that it comes from may be for its
 * user alone. The one above it is open: whoever shares the cache looks for links in each of its folders.
 */
export function reviewFolder(cache: string, kind: 'bases' | 'packages' | 'trees'): string {
  const folder = path.join(cache, 'review', kind);
  mkdirSync(folder, { recursive: true });
  chmodSync(path.dirname(folder), 0o755);
  chmodSync(folder, 0o700);
  return folder;
}

function mayKeep(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    return isWritable(folder);
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes(String(codeOf(error)))) return false;
    throw error;
  }
}
