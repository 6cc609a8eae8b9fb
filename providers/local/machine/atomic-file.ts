import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';
import { onDisk, systemTrouble } from './system-trouble.ts';
import { identify, isSameProcess } from './process-table.ts';

/** Makes a folder (and its parents) that only its owner can enter. */
export async function ensureFolder(path: string): Promise<void> {
  await onDisk(path, () => mkdir(path, { recursive: true, mode: 0o700 }));
}

/**
 * Replaces a file in one step: readers see the old content or the new, also after a crash, and once
 * this has returned the new one, also after a power cut. The folder must be there.
 * @throws {CodedError} DISK_FULL, FILE_REFUSED, FILES_EXHAUSTED
 */
export async function writeFileAtomic(path: string, content: string, mode = 0o600): Promise<void> {
  await replace(path, content, { mode, isSynced: true });
  await syncFolder(dirname(path));
}

/** As `writeFileAtomic`, for a file that is compared and made again at each start: a power cut may tear it. */
export async function replaceFile(path: string, content: string): Promise<void> {
  await replace(path, content, { mode: 0o600, isSynced: false });
}

/** Removes a file for good: a power cut does not bring it back. */
export async function removeFileDurably(path: string): Promise<void> {
  await onDisk(path, () => rm(path, { force: true }));
  await syncFolder(dirname(path));
}

/** Renames a file for good, within its folder. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await onDisk(to, () => rename(from, to));
  await syncFolder(dirname(to));
}

/** Points a symbolic link at another target in one step, as Kubernetes does with mounted Secrets. */
export async function replaceSymlink(path: string, target: string): Promise<void> {
  await byRename(path, (temporary) => symlink(target, temporary));
}

/**
 * The file's text, or undefined when there is no such file.
 * @throws {CodedError} FILE_REFUSED, which names the file: a failed read does not
 */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) {
      return undefined;
    }
    throw systemTrouble(thrown, path) ?? thrown;
  }
}

/** As `readIfThere`, at once. @throws {CodedError} FILE_REFUSED */
export function readIfThereSync(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) {
      return undefined;
    }
    throw systemTrouble(thrown, path) ?? thrown;
  }
}

/**
 * The file as `read` makes sense of its text, or undefined when there is no such file or `read` throws:
 * what a power cut or a careless hand has torn is not there.
 * @param torn hears of a file that is there and makes no sense
 */
export async function readUnlessTorn<T>(
  path: string,
  read: (text: string) => T | Promise<T>,
  torn: (path: string, thrown: unknown) => void = () => undefined,
): Promise<T | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) {
    return undefined;
  }
  try {
    return await read(text);
  } catch (thrown) {
    torn(path, thrown);
    return undefined;
  }
}

/** Whether a name was given to a temporary file by this module. */
export function isTemporary(name: string): boolean {
  return TEMPORARY_NAME.test(name);
}

/**
 * Removes the temporary files in a folder whose writers were killed; those of living ones stay.
 * @param options.below also in the folders below it
 */
export async function sweepTemporaries(
  folder: string,
  options: { readonly below: boolean } = { below: false },
): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: options.below })) {
    const [, pid, startTime] = TEMPORARY_NAME.exec(entry.name) ?? [];
    if (
      pid !== undefined &&
      startTime !== undefined &&
      !isSameProcess({ pid: Number(pid), startTime })
    ) {
      await rm(join(entry.parentPath, entry.name), { force: true });
    }
  }
}

/** `.<name>.<pid>-<start time>-<random>.tmp`: by its writer one tells whether it is left over. */
const TEMPORARY_NAME = /^\..+\.(\d+)-(\d+)-[0-9a-f]{12}\.tmp$/;

function temporaryBeside(path: string): string {
  const { pid, startTime } = identify(process.pid) ?? { pid: process.pid, startTime: '0' };
  const writer = `${pid}-${startTime}-${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${writer}.tmp`);
}

async function replace(
  path: string,
  content: string,
  { mode, isSynced }: { readonly mode: number; readonly isSynced: boolean },
): Promise<void> {
  await byRename(path, async (temporary) => {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      if (isSynced) await file.sync();
    } finally {
      await file.close();
    }
    // The mode at creation is subject to the umask.
    await chmod(temporary, mode);
  });
}

async function byRename(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryBeside(path);
  await onDisk(path, async () => {
    try {
      await make(temporary);
      await rename(temporary, path);
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw thrown;
    }
  });
}

/** What was renamed or removed in a folder outlasts a power cut only after this (fsync(2)). */
async function syncFolder(path: string): Promise<void> {
  await onDisk(path, async () => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  });
}
