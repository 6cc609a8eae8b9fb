import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** What of a clone is the program, by path from its root. */
export interface ProgramFiles {
  /** Files and symbolic links, sorted. */
  readonly files: readonly string[];
  /** What might have been meant and is left out, because it looks private. */
  readonly leftOut: readonly string[];
}

/** Folders that hold no program, for a clone that git cannot be asked about. */
const notOfTheProgram = new Set(['.git', 'node_modules', 'coverage']);

/** What of the program is hidden, for such a clone: settings of its tools. No file with a token in it. */
const hiddenFiles = new Set([
  '.dependency-cruiser.mjs',
  '.gitattributes',
  '.gitignore',
  '.prettierignore',
  '.prettierrc.json',
]);

/**
 * The files of a clone that its program consists of: what git tracks, as it is now, and what it might
 * track and is neither hidden nor its owner's alone. A new source that was not added yet must run; an
 * `.env` must not go where another user could read it. Where the clone as a whole is its owner's alone
 * (umask 077), a mode says nothing of a single file.
 *
 * Without git's word (no `.git`, or no git) nothing is known to be ignored: all files count as not
 * added yet, but those in the folders of packages and reports, and logs.
 */
export function programFiles(clone: string): ProgramFiles {
  const tracked = listed(clone, ['--cached']);
  const others =
    tracked === undefined
      ? allFiles(clone, '')
      : (listed(clone, ['--others', '--exclude-standard']) ?? []);
  const ownersAlone = isOwnersAlone(clone, 'package.json');
  const leftOut = others.filter((file) => {
    const isHidden = file.split('/').some((name) => name.startsWith('.'));
    const isKnown = tracked === undefined && hiddenFiles.has(file);
    return (isHidden && !isKnown) || (!ownersAlone && isOwnersAlone(clone, file));
  });
  const isLeftOut = new Set(leftOut);
  const files = [...(tracked ?? []), ...others.filter((file) => !isLeftOut.has(file))];
  return {
    files: [...new Set(files)].filter((file) => isFileOrLink(path.join(clone, file))).sort(),
    leftOut: leftOut.filter((file) => isFileOrLink(path.join(clone, file))).sort(),
  };
}

/** What `git ls-files` says; undefined where it says nothing. */
function listed(clone: string, which: readonly string[]): readonly string[] | undefined {
  // A folder above may belong to a repository that knows nothing of this one.
  if (!existsSync(path.join(clone, '.git'))) return undefined;
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const git = spawnSync(
    'git',
    [
      // Root may list a clone that somebody else owns, and runs none of its hooks.
      ...['-c', `safe.directory=${clone}`, '-c', 'core.fsmonitor=false', '-C', clone],
      ...['ls-files', '-z', ...which],
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 28, env: Object.fromEntries(environment) },
  );
  if (git.status !== 0) return undefined;
  return git.stdout.split('\0').filter((file) => file !== '');
}

function allFiles(clone: string, folder: string): readonly string[] {
  return readdirSync(path.join(clone, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (notOfTheProgram.has(entry.name) || file.endsWith('.log')) return [];
    return entry.isDirectory() ? allFiles(clone, file) : [file];
  });
}

/** Whether nobody but its owner may read a file, as its own mode or that of a folder in the clone says. */
function isOwnersAlone(clone: string, file: string): boolean {
  const found = lstatSync(path.join(clone, file), { throwIfNoEntry: false });
  if (found === undefined || found.isSymbolicLink()) return false;
  if ((found.mode & (found.isDirectory() ? 0o011 : 0o044)) === 0) return true;
  const folder = path.dirname(file);
  return folder !== '.' && isOwnersAlone(clone, folder);
}

/** Not one that was deleted and is still tracked, nor the folder of another repository. */
function isFileOrLink(file: string): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found !== undefined && (found.isFile() || found.isSymbolicLink());
}
