import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { fillFolder } from '../../engines/cache.ts';
import { keepUsed } from '../kept-folders.ts';
import { reviewFolder } from '../review-cache.ts';
import type { Repository } from './git.ts';
import { leavesTree } from './leaving-links.ts';
import { contents } from './objects.ts';
import { revisionOf } from './revision.ts';
import { treeEntries } from './tree-entries.ts';
import type { TreeEntry } from './tree-entries.ts';
import { worktreeTree } from './worktree.ts';

/** Means the files of the work tree as they are, committed or not. */
export const WORKTREE = 'WORKTREE';

/** One of this program has 24 MB. */
const KEPT_TREES = 10;

/** A revision of the program in a folder of its own. */
export interface LaidOutTree {
  readonly folder: string;
  /** By which git knows the content. */
  readonly tree: string;
  /** 'WORKTREE' for what is not committed. */
  readonly commit: string;
  /** Folders that stayed out: git keeps them elsewhere. */
  readonly submodules: readonly string[];
}

/**
 * Lays out a revision of the program byte for byte, once for each content: files that are read only, in a folder
 * named by the tree's hash. The clone is only read, and nothing of the revision decides how that is done.
 *
 * @param program the folder of the program in a clone
 * @param revision what git takes for a commit, or 'WORKTREE'
 * @param cache a folder that this user may write to; the ten trees that were used last stay in it
 * @throws {CodedError} REVISION_UNKNOWN, REVISION_SHALLOW, WORKTREE_CONFLICTED, REVIEW_LINK_LEAVES_TREE,
 * REVIEW_NAME_REFUSED, REVIEW_TREE_TOO_LARGE
 */
export async function layOutTree(
  program: string,
  revision: string,
  cache: string,
): Promise<LaidOutTree> {
  const clone: Repository = { folder: program };
  if (revision === WORKTREE) {
    using found = await worktreeTree(clone);
    return { ...(await layOut(found.repository, found.tree, cache)), commit: WORKTREE };
  }
  const { commit, tree } = await revisionOf(clone, revision);
  return { ...(await layOut(clone, tree, cache)), commit };
}

async function layOut(
  repository: Repository,
  tree: string,
  cache: string,
): Promise<Omit<LaidOutTree, 'commit'>> {
  const folder = path.join(reviewFolder(cache, 'trees'), tree);
  const entries = await treeEntries(repository, tree);
  await fillFolder(folder, async (draft) => {
    const files = entries.filter(({ kind }) => kind === 'file' || kind === 'program');
    await writeFiles(repository, files, draft);
    await writeLinks(
      repository,
      entries.filter(({ kind }) => kind === 'link'),
      draft,
    );
    chmodSync(draft, 0o755);
  });
  keepUsed(folder, KEPT_TREES);
  const submodules = entries.filter(({ kind }) => kind === 'submodule').map((entry) => entry.path);
  return { folder, tree, submodules };
}

async function writeFiles(
  repository: Repository,
  files: readonly TreeEntry[],
  folder: string,
): Promise<void> {
  const made = new Set<string>();
  let next = 0;
  for await (const content of contents(
    repository,
    files.map(({ object }) => object),
  )) {
    const { path: name = '', kind } = files[next] ?? {};
    next += 1;
    makeFolders(folder, path.dirname(name), made);
    const file = path.join(folder, name);
    writeFileSync(file, content, { flag: 'wx' });
    // Whatever the umask is: another account may run what this one has laid out.
    chmodSync(file, kind === 'program' ? 0o555 : 0o444);
  }
}

/** Links come last, so that no file is written through one. */
async function writeLinks(
  repository: Repository,
  links: readonly TreeEntry[],
  folder: string,
): Promise<void> {
  const made = new Set<string>();
  const targets = new Map<string, string>();
  let next = 0;
  for await (const content of contents(
    repository,
    links.map(({ object }) => object),
  )) {
    targets.set(links[next]?.path ?? '', content.toString('utf8'));
    next += 1;
  }
  for (const [name, target] of targets) {
    if (leavesTree(name, targets)) {
      throw new CodedError(
        'REVIEW_LINK_LEAVES_TREE',
        `Link ${JSON.stringify(name)}: must lead to a file of the repository, got ${JSON.stringify(target)}; copy what it leads to, or remove it`,
      );
    }
    makeFolders(folder, path.dirname(name), made);
    symlinkSync(target, path.join(folder, name));
  }
}

function makeFolders(root: string, folder: string, made: Set<string>): void {
  if (folder === '.' || made.has(folder)) return;
  makeFolders(root, path.dirname(folder), made);
  mkdirSync(path.join(root, folder), { recursive: true });
  chmodSync(path.join(root, folder), 0o755);
  made.add(folder);
}
