import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';
import { linkPackages } from '../../meridian/rehearsal/link-packages.ts';

const MODULES = 'node_modules';

/** Says whose packages the links of a tree lead to. */
const ORIGIN = '.meridian-origin';

/**
 * Links the packages of one folder into a tree that others may be reading: each folder of links in one step, that of
 * the root last, which says that all are there.
 */
export function linkOnce(from: string, tree: string): void {
  const modules = path.join(tree, MODULES);
  const origin = path.join(modules, ORIGIN);
  if (existsSync(origin) && readFileSync(origin, 'utf8') === from) return;
  const draft = mkdtempSync(`${tree}.packages-`);
  try {
    linkPackages(from, draft);
    writeFileSync(path.join(draft, MODULES, ORIGIN), from);
    for (const folder of folders(draft))
      putInPlace(path.join(draft, folder), path.join(tree, folder));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Every node_modules of a folder that has nothing else, the root's last. */
function folders(folder: string, below = ''): readonly string[] {
  const found = readdirSync(path.join(folder, below), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== MODULES)
    .flatMap((entry) => folders(folder, path.join(below, entry.name)));
  const own = path.join(below, MODULES);
  const isThere = lstatSync(path.join(folder, own), { throwIfNoEntry: false }) !== undefined;
  return isThere ? [...found, own] : found;
}

function putInPlace(made: string, target: string): void {
  mkdirSync(path.dirname(target), { recursive: true });
  // Another review may do the same at the same time, and then it is done.
  rmSync(target, { recursive: true, force: true });
  try {
    renameSync(made, target);
  } catch (error) {
    if (!isSystemError(error, 'ENOTEMPTY') && !isSystemError(error, 'EEXIST')) throw error;
  }
}
