import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { noteInstalled, npmCommand } from '../../bootstrap/install-packages.mjs';
import { fillFolder } from '../../engines/cache.ts';
import { run } from '../../engines/run.ts';
import { keepUsed } from '../kept-folders.ts';
import { reviewFolder } from '../review-cache.ts';
import type { LaidOutTree } from '../trees/lay-out-tree.ts';
import { linkOnce } from './link-once.ts';
import { lockedWorkspaces } from './locked-packages.ts';

const LOCKFILE = 'package-lock.json';

/** One has 700 MB. */
const KEPT_INSTALLATIONS = 3;

/** What may be set for npm by its caller is how to reach the registry; not what else it would do. */
const STEERING = /^npm_(?!config_(?:registry|cache|userconfig|globalconfig|.*proxy|cafile)$)/i;

/**
 * Gives a tree that was laid out the packages of its own lockfile: those of another one, where the lockfiles are
 * equal, else packages that are installed once for each lockfile. No code of the tree or of a package runs, and the
 * tree's `.npmrc` is not obeyed.
 *
 * @param tree a tree that was laid out
 * @param judge a folder of the program that has its packages
 * @returns the folder whose node_modules the tree's links lead to
 * @throws {CodedError} LOCKFILE_ENTRY_REFUSED, PACKAGES_NOT_INSTALLED with what npm said
 */
export async function providePackages(
  tree: Pick<LaidOutTree, 'folder' | 'commit'>,
  judge: string,
  cache: string,
): Promise<string> {
  const lockfile = readFileSync(path.join(tree.folder, LOCKFILE));
  const isSame = lockfile.equals(readFileSync(path.join(judge, LOCKFILE)));
  const from = isSame ? ownerOf(judge) : await installed(tree, lockfile, cache);
  linkOnce(from, tree.folder);
  return from;
}

/** A judge that was laid out itself has only links. */
function ownerOf(judge: string): string {
  const marker = path.join(judge, 'node_modules/.meridian-installed');
  return existsSync(marker) ? path.dirname(path.dirname(realpathSync(marker))) : judge;
}

async function installed(
  { folder: tree, commit }: Pick<LaidOutTree, 'folder' | 'commit'>,
  lockfile: Buffer,
  cache: string,
): Promise<string> {
  const digest = createHash('sha256').update(lockfile).digest('hex');
  const folder = path.join(reviewFolder(cache, 'packages'), digest);
  if (!existsSync(folder)) {
    const workspaces = lockedWorkspaces(lockfile.toString('utf8'), await registry());
    await fillFolder(folder, async (draft) => {
      for (const workspace of ['', ...workspaces]) {
        const manifest = path.join(workspace, 'package.json');
        cpSync(path.join(tree, manifest), path.join(draft, manifest));
        chmodSync(path.join(draft, manifest), 0o644);
      }
      cpSync(path.join(tree, LOCKFILE), path.join(draft, LOCKFILE));
      await npm(draft, [
        ...['ci', '--ignore-scripts', '--include=dev', '--include=optional'],
        ...['--no-audit', '--no-fund', '--loglevel=error'],
      ]).catch((cause: unknown) => {
        throw notInstalled(commit, cause);
      });
      mkdirSync(path.join(draft, 'node_modules'), { recursive: true });
      noteInstalled(draft);
      chmodSync(draft, 0o755);
    });
  }
  keepUsed(folder, KEPT_INSTALLATIONS);
  return folder;
}

function notInstalled(commit: string, cause: unknown): CodedError {
  return new CodedError(
    'PACKAGES_NOT_INSTALLED',
    `Packages of ${commit}: must be those that its package.json and package-lock.json agree on, and be in the registry, got an end of npm: ${messageOf(cause)}\nWhat is not said here 'npm ci' says in a checkout of it; where the registry was away, run it again`,
    { cause },
  );
}

async function registry(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-npm-'));
  try {
    return (await npm(folder, ['config', 'get', 'registry'])).trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function npm(folder: string, args: readonly string[]): Promise<string> {
  return await run({
    argv: [...npmCommand(), ...args],
    cwd: folder,
    isolated: true,
    environment: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !STEERING.test(name)),
    ),
  });
}
