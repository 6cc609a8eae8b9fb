import { statfsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError, messageOf } from '@meridian/language/thrown.ts';

const MEBIBYTE = 1024 * 1024;

/** With less room than this engines fail in ways of their own: PostgreSQL writes its log in files of 16 MiB. */
const LITTLE_ROOM_BYTES = 32 * MEBIBYTE;

/** What the C library says (strerror(3), in the locale C.UTF-8 that every child has), by what it is. */
const WORDS_OF_A_FULL_DISK = /No space left on device|Disk quota exceeded/;

/** What must be otherwise where the system refuses a file, by the code of its error (errno(3)). */
const WAYS_OUT: Readonly<Record<string, () => string>> = {
  EACCES: () => `it must belong to user '${userInfo().username}' and be open to it`,
  EFBIG: () => "the limit of a file's size must be higher ('ulimit -f' shows it)",
  EISDIR: () => 'it must be a file, and a folder lies there; move that away',
  EIO: () => "the disk must work ('dmesg' tells what it reports); what lay there may be lost",
  ENOTDIR: () => 'a file lies where a folder above it must be; move that away',
  EPERM: () => `it must belong to user '${userInfo().username}' and be open to it`,
  EROFS: () => 'its file system must be writable (a disk that fails is often made read-only)',
};

/**
 * What is to be told of an error of the operating system that a user can end: a full disk, a file that
 * may not be written, no descriptors left. Undefined for anything else, which is a defect.
 * @param path what was being worked on, where the error does not say it
 */
export function systemTrouble(thrown: unknown, path?: string): CodedError | undefined {
  if (thrown instanceof CodedError || typeof thrown !== 'object' || thrown === null) {
    return undefined;
  }
  const { code, path: own } = thrown as Readonly<Record<string, unknown>>;
  const where = path ?? (typeof own === 'string' ? own : undefined);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return diskFull(where, messageOf(thrown), thrown);
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return new CodedError(
      'FILES_EXHAUSTED',
      `Open files: no more can be opened (${messageOf(thrown)}); raise the limit ('ulimit -n' shows it), then run the command again`,
      { cause: thrown },
    );
  }
  const wayOut = typeof code === 'string' ? WAYS_OUT[code] : undefined;
  return wayOut === undefined || where === undefined
    ? undefined
    : new CodedError(
        'FILE_REFUSED',
        `File '${where}': the system refuses it (${messageOf(thrown)}); ${wayOut()}`,
        { cause: thrown },
      );
}

/** Does file work on `path`; a system error that a user can end comes out under its code. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw systemTrouble(thrown, path) ?? thrown;
  }
}

/**
 * Whether a full disk is why something failed that lives in these folders: its own words say so, or
 * one of them has next to no room. Some free what they took when they fail (initdb), others only die.
 * @param words what it said last
 */
export function fullDiskBehind(
  folders: readonly string[],
  words: readonly string[] = [],
  cause?: unknown,
): CodedError | undefined {
  const said = words.find((line) => WORDS_OF_A_FULL_DISK.test(line))?.trim();
  const tight = folders.find((folder) => {
    const room = roomOf(folder);
    return room !== undefined && room.freeBytes < LITTLE_ROOM_BYTES;
  });
  return said === undefined && tight === undefined
    ? undefined
    : diskFull(tight ?? folders[0], said ?? 'next to nothing is free', cause);
}

/** That a disk is full, with the room that it has. */
export function diskFull(path: string | undefined, reason: string, cause?: unknown): CodedError {
  return new CodedError(
    'DISK_FULL',
    `${path === undefined ? 'Disk:' : `Folder of '${path}': its disk`} is full (${reason})${describeRoom(path)}; make room there, then run the command again`,
    { cause },
  );
}

function describeRoom(path: string | undefined): string {
  const room = path === undefined ? undefined : roomOf(path);
  const [free, size] = [room?.freeBytes ?? 0, room?.sizeBytes ?? 0].map((bytes) =>
    Math.floor(bytes / MEBIBYTE),
  );
  return room === undefined ? '' : `, ${free} of ${size} MiB are free, and a quota may leave less`;
}

/** What an ordinary user may still write where a path lies, or is to lie. */
function roomOf(
  path: string,
): { readonly freeBytes: number; readonly sizeBytes: number } | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(path);
    return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
  } catch (thrown) {
    if (!isSystemError(thrown, 'ENOENT')) {
      // Of a disk that cannot even be asked nothing is said beyond the error at hand.
      return undefined;
    }
    const parent = dirname(path);
    return parent === path ? undefined : roomOf(parent);
  }
}
