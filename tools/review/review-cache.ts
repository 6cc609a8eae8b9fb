import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { codeOf } from '@meridian/language/thrown.ts';
import { cacheFolder, isWritable } from '../engines/cache.ts';
import { cacheHome } from '../meridian/cache-home.ts';

/** Where reviews keep what they lay out: the cache of engines, or the user's own where that is somebody else's. */
export function reviewCache(): string {
  const shared = cacheFolder();
  return mayKeep(path.join(shared, 'review')) ? shared : cacheHome('meridian');
}

function mayKeep(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isWritable(folder);
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes(String(codeOf(error)))) return false;
    throw error;
  }
}
