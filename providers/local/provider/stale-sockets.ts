import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from '../folders.ts';
import { isSystemError } from '@meridian/language/thrown.ts';

/**
 * When the last zone has gone: removes the sockets that killed processes left in the runtime folder,
 * with their lock files (`<socket>.lock`, as PostgreSQL has them), and the folders of ours that are empty.
 */
export async function removeStaleSockets(folders: Folders): Promise<void> {
  const zones = join(folders.state, 'zones');
  if (!(await removeIfEmpty(zones))) return;
  // Zones that go side by side may all be the last one.
  for (const name of (await unlessGone(readdir(folders.runtime))) ?? []) {
    const path = join(folders.runtime, name);
    const found = await unlessGone(lstat(path));
    if (found?.isSocket() === true) {
      await rm(path, { force: true });
      await rm(`${path}.lock`, { force: true });
    }
  }
  await removeIfEmpty(folders.runtime);
}

/** What is read of a file or folder, or undefined when it is not there any more. */
async function unlessGone<Read>(reading: Promise<Read>): Promise<Read | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
}

/** Removes a folder that holds nothing; false when it holds something. */
export async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOTEMPTY')) {
      return false;
    }
    if (isSystemError(thrown, 'ENOENT')) {
      return true;
    }
    throw thrown;
  }
}
