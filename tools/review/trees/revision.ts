import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { git } from './git.ts';
import type { Repository } from './git.ts';

/** A commit, and what of it belongs to the program. */
export interface Revision {
  readonly commit: string;
  /** Hash of the tree of the program's folder. */
  readonly tree: string;
}

/**
 * What a name means to git.
 *
 * @throws {CodedError} REVISION_UNKNOWN, REVISION_SHALLOW, CLIENT_MISSING
 */
export async function revisionOf(repository: Repository, name: string): Promise<Revision> {
  const { folder } = repository;
  const about = ['rev-parse', '--is-shallow-repository', '--show-prefix'];
  const [isShallow = '', prefix = ''] = await lines(repository, about).catch((cause: unknown) => {
    if (cause instanceof CodedError && cause.code === 'CLIENT_MISSING') throw cause;
    throw messageOf(cause).includes('not a git repository')
      ? noClone(folder, cause)
      : unknown(name, messageOf(cause), cause);
  });
  const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options'];
  const [commit = ''] = await lines(repository, [...verify, `${name}^{commit}`]).catch(
    (cause: unknown) => {
      throw isShallow === 'true' ? shallow(name, cause) : unknown(name, 'none', cause);
    },
  );
  // The folder of the program may be one of several in its repository, and a new one.
  const [tree = ''] = await lines(repository, [...verify, `${commit}:${prefix}`]).catch(
    (cause: unknown) => {
      throw unknown(name, `one without the folder '${prefix}'`, cause);
    },
  );
  return { commit, tree };
}

async function lines(repository: Repository, args: readonly string[]): Promise<readonly string[]> {
  return (await git(repository, args)).toString('utf8').split('\n');
}

function unknown(name: string, got: string, cause: unknown): CodedError {
  return new CodedError(
    'REVISION_UNKNOWN',
    `Revision '${name}': must be a commit, branch or tag of this clone that git finds, got ${got}; choose another one`,
    { cause },
  );
}

function noClone(folder: string, cause: unknown): CodedError {
  return new CodedError(
    'REVISION_UNKNOWN',
    `Folder '${folder}': must be a clone of the program, whose revisions git knows, got one that is not a repository; clone it and run the command there`,
    { cause },
  );
}

function shallow(name: string, cause: unknown): CodedError {
  return new CodedError(
    'REVISION_SHALLOW',
    `Revision '${name}': must be in this clone, got a clone without all of its history; get the rest with 'git fetch --unshallow' (actions/checkout: fetch-depth: 0)`,
    { cause },
  );
}
