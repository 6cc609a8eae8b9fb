import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** What is beside a tree that was laid out, and not of it. */
const PACKAGES = 'node_modules';

/** Paths of files and links that two trees do not have alike: changed, added or gone; sorted. */
export function changedPaths(base: string, head: string): readonly string[] {
  const paths = new Set([...filesIn(base), ...filesIn(head)]);
  return [...paths]
    .filter((file) => !isAlike(path.join(base, file), path.join(head, file)))
    .toSorted();
}

function filesIn(folder: string, below = ''): readonly string[] {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) return entry.name === PACKAGES ? [] : filesIn(folder, name);
    return entry.name === PACKAGES ? [] : [name];
  });
}

function isAlike(one: string, other: string): boolean {
  const [before, after] = [one, other].map((file) => lstatSync(file, { throwIfNoEntry: false }));
  if (before === undefined || after === undefined) return false;
  if (before.isSymbolicLink() || after.isSymbolicLink()) {
    return (
      before.isSymbolicLink() && after.isSymbolicLink() && readlinkSync(one) === readlinkSync(other)
    );
  }
  if (before.size !== after.size || before.mode !== after.mode) return false;
  return readFileSync(one).equals(readFileSync(other));
}
