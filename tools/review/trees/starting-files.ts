import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** What runs of the folder that a review is called in, before the judge's own tool does. */
const STARTING = ['.npmrc', 'meridian', 'package-lock.json', 'package.json', 'tools'] as const;

/** What runs in no review, or is beside the program. */
const OTHERS = /\.test\.ts$|\.d\.m?ts$|(?:^|\/)(?:testing|node_modules)\//;

/**
 * Files by which a review begins, and installs, that a clone has otherwise than a revision that is laid out: changed, added
 * or gone; sorted.
 */
export function startingFilesThatDiffer(clone: string, laidOut: string): readonly string[] {
  const files = new Set([clone, laidOut].flatMap(startingFiles));
  return [...files].filter((file) => !isAlike(file, clone, laidOut)).toSorted();
}

function startingFiles(folder: string): readonly string[] {
  return STARTING.flatMap((name) => {
    const found = statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (found?.isDirectory() !== true) return found === undefined ? [] : [name];
    return readdirSync(path.join(folder, name), { withFileTypes: true, recursive: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  }).filter((file) => !OTHERS.test(file));
}

function isAlike(file: string, ...folders: readonly [string, string]): boolean {
  const [own, known] = folders.map((folder) => contentOf(path.join(folder, file)));
  return own !== undefined && known !== undefined && own.equals(known);
}

/** Undefined where there is none, or nothing that a program can be. */
function contentOf(file: string): Buffer | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(file)
    : undefined;
}
