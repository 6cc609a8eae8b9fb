import { existsSync, lstatSync, mkdirSync, realpathSync, unlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import {
  folderProblems,
  PLAIN_PATH,
  runtimeSuffix,
  type Folders,
} from '@meridian/provider-local/folders.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import { cacheFolder, replaceLink } from '../engines/cache.ts';

/** The stack that runs on this machine. */
export const localStack = 'local';

/** The link, beside the account's copies, to the one that the platform's processes start from. */
export const currentName = 'current';

/** Folder of the program: the clone, or the copy of it that the system account runs from. */
export const programFolder = path.dirname(path.dirname(import.meta.dirname));

/** Where the local stack keeps state, data, sockets and engines (XDG Base Directory Specification). */
export function localFolders(environment: Readonly<NodeJS.ProcessEnv> = process.env): Folders {
  const home = environment['HOME'] ?? homedir();
  const below = (variable: string, fallback: string): string => {
    const value = environment[variable];
    return path.join(
      value !== undefined && value !== '' ? value : path.join(home, fallback),
      'meridian',
      localStack,
    );
  };
  const state = below('XDG_STATE_HOME', '.local/state');
  const runtimeHome = environment['XDG_RUNTIME_DIR'];
  const suffix = runtimeSuffix(state);
  return {
    state,
    data: below('XDG_DATA_HOME', '.local/share'),
    // unix(7): a socket's path is limited to 107 bytes, so sockets cannot lie in the state folder.
    runtime:
      runtimeHome !== undefined &&
      runtimeHome !== '' &&
      runtimeHome.length < 40 &&
      PLAIN_PATH.test(runtimeHome)
        ? path.join(runtimeHome, `meridian-${suffix}`)
        : `/tmp/meridian-${String(process.getuid?.())}-${suffix}`,
    cache: cacheFolder(environment),
    program: currentLink(environment) ?? programFolder,
  };
}

/**
 * Where this program runs from one of the account's copies: the link by which all that stays is started,
 * so that it finds the latest copy when it is started again.
 */
function currentLink(environment: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const copies = environment['MERIDIAN_COPIES'];
  return copies !== undefined && path.dirname(programFolder) === copies
    ? path.join(copies, currentName)
    : undefined;
}

/** Makes the program that runs here the one that is started from now on. */
export function makeCurrent({ program }: Folders): void {
  if (program !== programFolder) {
    replaceLink(program, path.basename(programFolder));
    return;
  }
  const copies = process.env['MERIDIAN_COPIES'];
  if (copies === undefined) return;
  const link = path.join(copies, currentName);
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) unlinkSync(link);
}

/** Whether what runs is started from the program that runs here. */
export function isCurrent({ program }: Folders): boolean {
  return (
    program === programFolder || (existsSync(program) && realpathSync(program) === programFolder)
  );
}

/** Whether there is anything of a platform, running or not. */
export function isAnythingThere({ state, data, runtime }: Folders): boolean {
  return [state, data, runtime].some((folder) => existsSync(folder));
}

const folderNames: Readonly<Record<keyof Folders, string>> = {
  state: 'the state',
  data: 'the data',
  runtime: 'the sockets',
  cache: 'the engines',
  program: 'the program',
};

/** How a user moves a folder. */
const movedBy: Readonly<Record<keyof Folders, string>> = {
  state: 'set XDG_STATE_HOME, or HOME, to another folder',
  data: 'set XDG_DATA_HOME, or HOME, to another folder',
  runtime: 'set XDG_RUNTIME_DIR to another folder, or unset it',
  cache: 'set MERIDIAN_CACHE to another folder',
  program: 'move the clone to another folder',
};

/**
 * Makes sure that every folder can be what it is for, before any of them is touched.
 *
 * @throws {CodedError} FOLDER_INVALID with every one that cannot
 */
export function checkFolders(folders: Folders): void {
  const problems = folderProblems(folders).map(
    ({ key, path: given, rule }) =>
      `Folder of ${folderNames[key]} ${JSON.stringify(given)}: must be ${rule}; ${movedBy[key]}.`,
  );
  if (problems.length === 0) return;
  throw new CodedError('FOLDER_INVALID', problems.join('\n'), { problems });
}

/**
 * Creates the private folders of the stack.
 *
 * @throws {CodedError} FOLDER_INVALID when a file lies there, FOLDER_FOREIGN when the one for sockets is
 *   not this user's own: anybody may make it, or a link to another, in /tmp
 */
export function createFolders(folders: Folders): void {
  for (const key of ['state', 'data', 'runtime'] as const) {
    try {
      mkdirSync(folders[key], { recursive: true, mode: 0o700 });
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw error;
      throw new CodedError(
        'FOLDER_INVALID',
        `Folder of ${folderNames[key]} '${folders[key]}': must be a folder, got something else of that name; move it away, or ${movedBy[key]}.`,
        { cause: error },
      );
    }
  }
  const { uid, mode } = lstatSync(folders.runtime);
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) {
    throw new CodedError(
      'FOLDER_FOREIGN',
      `Folder '${folders.runtime}': must be owned by user ${String(process.getuid?.())} with mode 700, got owner ${uid} and mode ${(mode & 0o777).toString(8)}; remove it, or set XDG_RUNTIME_DIR to a folder of your own.`,
    );
  }
}
