import { sortedUnique } from '@meridian/components/model/order.ts';
import { resolvePackage } from './lockfile.ts';
import type { LockedPackage, Lockfile } from './lockfile.ts';

/** What an image has below its node_modules folders. */
export interface ProductionPackages {
  /** Folders of packages, sorted; what lies in a node_modules folder below one is listed by itself. */
  readonly folders: readonly string[];
  /** Folders of workspaces by the link that leads there, such as 'node_modules/@meridian/kit'. */
  readonly links: Readonly<Record<string, string>>;
}

/** Types alone, which no running program reads; packages that ship them with code depend on them. */
const TYPES_ONLY = 'node_modules/@types/';

/**
 * The packages that some workspaces need to run: what `npm ci --omit=dev --omit=optional` installs
 * for them. Of another workspace that they depend on, the link alone: its packages are its own.
 */
export function productionPackages(
  lockfile: Lockfile,
  workspaces: readonly string[],
): ProductionPackages {
  const folders = new Set<string>();
  const links = new Map<string, string>();
  const open = [...workspaces];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    for (const name of requiredBy(lockfile[from] ?? {})) {
      const folder = resolvePackage(lockfile, from, name);
      const { link, resolved } = lockfile[folder] ?? {};
      if (link === true && resolved !== undefined) links.set(folder, resolved);
      else if (!folders.has(folder) && !folder.startsWith(TYPES_ONLY)) {
        folders.add(folder);
        open.push(folder);
      }
    }
  }
  return { folders: sortedUnique([...folders]), links: Object.fromEntries(links) };
}

function requiredBy(locked: LockedPackage): readonly string[] {
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = locked;
  const peers = Object.keys(peerDependencies).filter(
    (name) => peerDependenciesMeta[name]?.optional !== true,
  );
  return [...Object.keys(dependencies), ...peers];
}
