import { spawnSync } from 'node:child_process';
import { CodedError } from '@meridian/language/coded-error.ts';

/** What the caller found, for the system account, which cannot read the clone's history. */
const CHANGED_FILES = 'MERIDIAN_CHANGED_FILES';

/** The longest variable that Linux hands over is 128 KiB (execve(2), MAX_ARG_STRLEN). */
const MAX_HANDED_OVER_BYTES = 100_000;

/** What has changed in a clone. */
export interface ChangedFiles {
  /** Since when, in words. */
  readonly since: string;
  /** By path from the clone's root; those that are gone and those that git does not know yet included. */
  readonly files: readonly string[];
}

/**
 * The files of a clone that differ from a revision, committed or not.
 *
 * @param revision true for the commit at which this branch left main
 * @throws {CodedError} REVISION_UNKNOWN
 */
export function changedFiles(clone: string, revision: string | true): ChangedFiles {
  const handedOver = process.env[CHANGED_FILES];
  if (handedOver !== undefined) return JSON.parse(handedOver) as ChangedFiles;
  const base = revision === true ? branchPoint(clone) : revision;
  const changed = git(clone, ['diff', '--name-only', '--no-renames', '-z', base, '--']);
  const unknown = git(clone, ['ls-files', '--others', '--exclude-standard', '-z']);
  if (changed === undefined || unknown === undefined) {
    throw new CodedError(
      'REVISION_UNKNOWN',
      `Revision '${base}': must be a commit that git knows in ${clone}, got a name it does not know; give one with --changed=<revision>, and names of suites without --changed`,
    );
  }
  const files = `${changed}${unknown}`.split('\0').filter((file) => file !== '');
  return { since: base, files: [...new Set(files)].sort() };
}

/** Says to the process that this one hands over to what has changed. */
export function handOverChangedFiles(changed: ChangedFiles): void {
  const text = JSON.stringify(changed);
  process.env[CHANGED_FILES] =
    Buffer.byteLength(text) <= MAX_HANDED_OVER_BYTES
      ? text
      : // So many that all suites run, as for a file that nobody foresaw.
        JSON.stringify({ since: changed.since, files: ['more files than can be handed over'] });
}

function branchPoint(clone: string): string {
  for (const main of ['main', 'origin/main']) {
    const point = git(clone, ['merge-base', 'HEAD', main])?.trim();
    if (point !== undefined && point !== '') return point;
  }
  return 'main';
}

function git(clone: string, args: readonly string[]): string | undefined {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const run = spawnSync(
    'git',
    // Root may read a clone that somebody else owns.
    ['-c', `safe.directory=${clone}`, '-c', 'core.fsmonitor=false', '-C', clone, ...args],
    { encoding: 'utf8', maxBuffer: 2 ** 28, env: Object.fromEntries(environment) },
  );
  return run.status === 0 ? run.stdout : undefined;
}
