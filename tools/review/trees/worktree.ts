import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { git } from './git.ts';
import type { Repository } from './git.ts';

/** A work tree as a tree of git, in a store of its own. */
export interface WorktreeTree extends Disposable {
  readonly repository: Repository;
  /** Hash of the tree of the program's folder. */
  readonly tree: string;
}

/** Files are taken byte for byte; these come before what any `.gitattributes` says (gitattributes(5)). */
const AS_THEY_ARE = '* -text !eol !ident !filter !working-tree-encoding\n';

/**
 * The work tree as it lies there: what git tracks, and new files that it does not ignore. Index and objects are
 * written to a temporary folder, and the clone's own configuration is not read, so nothing changes in the clone and
 * no filter runs.
 *
 * @throws {CodedError} WORKTREE_CONFLICTED
 */
export async function worktreeTree(clone: Repository): Promise<WorktreeTree> {
  const told = await git(clone, [
    ...['rev-parse', '--path-format=absolute', '--show-toplevel'],
    ...['--git-path', 'objects', '--git-path', 'info/exclude', '--show-object-format'],
    '--show-prefix',
  ]);
  const [worktree = '', objects = '', exclude = '', format = '', prefix = ''] = told
    .toString('utf8')
    .split('\n');
  const index = await git(clone, ['ls-files', '--stage', '--full-name', '-z', `${worktree}/`]);
  refuseConflicts(index);
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-worktree-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await git(clone, [
      'init',
      '--quiet',
      '--bare',
      '--template=',
      `--object-format=${format}`,
      folder,
    ]);
    mkdirSync(path.join(folder, 'info'), { recursive: true });
    writeFileSync(path.join(folder, 'info/attributes'), AS_THEY_ARE);
    if (existsSync(exclude)) copyFileSync(exclude, path.join(folder, 'info/exclude'));
    const repository: Repository = {
      folder: worktree,
      environment: {
        GIT_DIR: folder,
        GIT_WORK_TREE: worktree,
        GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
      },
    };
    await git(repository, ['update-index', '-z', '--index-info'], { input: index });
    await git(repository, [...(await ignored(clone)), 'add', '--all']);
    const tree = await git(repository, [
      'write-tree',
      ...(prefix === '' ? [] : [`--prefix=${prefix}`]),
    ]);
    return { repository, tree: tree.toString().trim(), [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** What the user never wants to commit anywhere, such as files of an editor. */
async function ignored(clone: Repository): Promise<readonly string[]> {
  const file = await git(clone, ['config', '--type=path', '--default=', 'core.excludesFile']);
  const name = file.toString('utf8').trim();
  return name === '' ? [] : ['-c', `core.excludesFile=${name}`];
}

/** `<mode> <object> <stage>\t<path>`, where a stage other than 0 is one side of a conflict (git-ls-files(1)). */
function refuseConflicts(index: Buffer): void {
  const files = index
    .toString('utf8')
    .split('\0')
    .flatMap((record) => /^\S+ \S+ [1-3]\t(.*)$/s.exec(record)?.[1] ?? []);
  const [first, ...others] = new Set(files);
  if (first === undefined) return;
  throw new CodedError(
    'WORKTREE_CONFLICTED',
    `File ${JSON.stringify(first)}${others.length === 0 ? '' : ` and ${others.length} more`}: must be merged, got a conflict; resolve it and 'git add' it, or name a commit`,
  );
}
