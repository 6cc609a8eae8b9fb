import { chmodSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';

/** Removes a folder with all that lies in it, also in folders that their owner has closed to itself. */
export function removeFolder(folder: string): void {
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    remove();
  } catch (error) {
    if (!isSystemError(error, 'EACCES')) throw error;
    openFolders(folder);
    remove();
  }
}

/** One of another user stays closed, and the error names it. */
function openFolders(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(path.join(folder, entry.name));
  }
}
