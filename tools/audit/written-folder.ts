import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';

/**
 * Does work that writes into a new folder. Where it fails nothing is left of the folder, so that the same can be given
 * again.
 *
 * @throws {CodedError} AUDIT_FOLDER_IN_USE
 */
export async function inNewFolder<Done>(folder: string, work: () => Promise<Done>): Promise<Done> {
  try {
    mkdirSync(folder);
  } catch (cause) {
    throw new CodedError(
      'AUDIT_FOLDER_IN_USE',
      `Folder '${folder}': must be a new one in a folder that can be written, got ${messageOf(cause)}; name another, such as one below /tmp where the account that this runs as may not write there`,
      { cause },
    );
  }
  try {
    return await work();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Does work that writes an archive into a folder that is new, or empty, or that an archive was written into, whole or
 * not. Where nothing was written a new folder goes again.
 *
 * @throws {CodedError} AUDIT_FOLDER_IN_USE
 */
export async function inArchiveFolder<Done>(
  folder: string,
  work: () => Promise<Done>,
): Promise<Done> {
  const isNew = makeOrFind(folder);
  try {
    return await work();
  } catch (error) {
    if (isNew && readdirSync(folder).length === 0) rmdirSync(folder);
    throw error;
  }
}

/** Whether it was made. */
function makeOrFind(folder: string): boolean {
  try {
    const isNew = mkdirSync(folder, { recursive: true }) !== undefined;
    const others = readdirSync(folder).filter((name) => !['tile', 'checkpoint'].includes(name));
    if (others.length > 0) throw new Error(`one with ${others[0] ?? ''}`);
    if (!existsSync(path.join(folder, 'checkpoint'))) accessSync(folder, constants.W_OK);
    return isNew;
  } catch (cause) {
    const { username } = userInfo();
    throw new CodedError(
      'AUDIT_FOLDER_IN_USE',
      `Folder '${folder}': must be a new one or one that 'audit archive' wrote, in a folder that '${username}' can write, as whom this runs, got ${messageOf(cause)}; name another on a disk that lasts, or have root make it first: install -d -o ${username} '${folder}'`,
      { cause },
    );
  }
}
