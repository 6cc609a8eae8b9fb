import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A package of a lockfile, or the link to a workspace's folder. */
export interface LockedPackage {
  readonly version?: string;
  /** Of a link: the folder of the workspace. */
  readonly resolved?: string;
  readonly link?: boolean;
  /** Whether only developers need it. */
  readonly dev?: boolean;
  /** Whether everything works without it. */
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * Packages by the folder that they are installed in, `node_modules/pg`; workspaces by their own.
 * See https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json.
 */
export type Lockfile = Readonly<Record<string, LockedPackage>>;

/** Reads package-lock.json of a clone. */
export function readLockfile(root: string): Lockfile {
  const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { readonly packages: Lockfile }).packages;
}

/**
 * Where a package finds another one, as Node.js looks for it: in its own node_modules, then in those
 * of the folders above.
 *
 * @throws {Error} when the lockfile has it nowhere, which npm rules out
 */
export function resolvePackage(lockfile: Lockfile, from: string, name: string): string {
  for (let folder = from; ; folder = path.posix.dirname(folder)) {
    const candidate = path.posix.join(folder, 'node_modules', name);
    if (Object.hasOwn(lockfile, candidate)) return candidate;
    if (folder === '.') throw new Error(`The lockfile has no '${name}' for '${from}'`);
  }
}
