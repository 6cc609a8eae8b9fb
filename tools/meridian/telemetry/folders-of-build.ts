import type { Folders } from '@meridian/provider-local/folders.ts';
import { localFolders } from '../places.ts';
import { accountFolders } from '../system-account.ts';

/** Folders of the platform that a build is for: root builds for the account. */
export function foldersOfBuild(): Folders {
  return process.getuid?.() === 0 ? accountFolders() : localFolders();
}
