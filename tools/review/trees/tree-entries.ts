import { CodedError } from '@meridian/language/coded-error.ts';
import { git } from './git.ts';
import type { Repository } from './git.ts';

/** A file, link or submodule of a tree. */
export interface TreeEntry {
  readonly kind: 'file' | 'program' | 'link' | 'submodule';
  /** From the tree's root, with slashes. */
  readonly path: string;
  /** Hash of its content. */
  readonly object: string;
  readonly sizeBytes: number;
}

/** Source: git-fast-import(1), "filemodify". */
const KINDS: Readonly<Record<string, TreeEntry['kind']>> = {
  '100644': 'file',
  // Of the first versions of git; still in some histories.
  '100664': 'file',
  '100755': 'program',
  '120000': 'link',
  '160000': 'submodule',
};

/** Far above the program's 3,000 files and 24 MB; what is larger is not a program. */
const MOST = { entries: 50_000, bytes: 512 * 1024 * 1024 } as const;

/** What git or a review puts into a folder itself. */
const OURS = /^(?:\.|\.\.|\.git|node_modules)$/i;

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * Every entry of a tree, by path. The tree may be anybody's: git lists what it would not check out.
 *
 * @throws {CodedError} REVIEW_NAME_REFUSED, REVIEW_TREE_TOO_LARGE
 */
export async function treeEntries(
  repository: Repository,
  tree: string,
): Promise<readonly TreeEntry[]> {
  const listed = await git(repository, ['ls-tree', '-r', '-z', '-l', '--full-tree', tree]);
  const entries = records(listed).map(entryOf);
  const bytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (entries.length > MOST.entries || bytes > MOST.bytes) {
    throw new CodedError(
      'REVIEW_TREE_TOO_LARGE',
      `Tree '${tree}': must have at most ${MOST.entries} files of ${MOST.bytes} bytes in all, got ${entries.length} of ${bytes}; keep what is not source out of the repository`,
    );
  }
  refuseTwice(entries);
  return entries;
}

function records(listed: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let start = 0; start < listed.length;) {
    const end = listed.indexOf(0, start);
    found.push(listed.subarray(start, end));
    start = end + 1;
  }
  return found;
}

/** `<mode> <type> <object> <size>\t<path>` as git-ls-tree(1) writes it. */
function entryOf(record: Buffer): TreeEntry {
  const tab = record.indexOf('\t');
  const [mode = '', , object = '', size = ''] = record.subarray(0, tab).toString().split(/ +/);
  const path = pathOf(record.subarray(tab + 1));
  const kind = KINDS[mode];
  if (kind === undefined) throw refused(path, `mode ${mode}`);
  return { kind, path, object, sizeBytes: size === '-' ? 0 : Number(size) };
}

function pathOf(bytes: Buffer): string {
  const path = bytes.toString('utf8');
  if (!Buffer.from(path, 'utf8').equals(bytes)) throw refused(path, 'bytes that are not UTF-8');
  if (CONTROL.test(path)) throw refused(path, 'a character that does not show');
  const reserved = path.split('/').find((part) => part === '' || OURS.test(part));
  if (reserved !== undefined) throw refused(path, `'${reserved}'`);
  return path;
}

/** A tree that somebody wrote by hand may name one thing twice: a link, say, and a folder in its place. */
function refuseTwice(entries: readonly TreeEntry[]): void {
  const paths = new Set<string>();
  for (const { path } of entries) {
    if (paths.has(path)) throw refused(path, 'one that is there twice');
    paths.add(path);
  }
  for (const { path } of entries) {
    for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      if (paths.has(path.slice(0, end))) throw refused(path, 'a folder that is a file as well');
    }
  }
}

function refused(path: string, got: string): CodedError {
  return new CodedError(
    'REVIEW_NAME_REFUSED',
    `File ${JSON.stringify(path)}: its name must be of plain characters in UTF-8, not '.git' or 'node_modules' and there once, got ${got}; rename or remove it`,
  );
}
