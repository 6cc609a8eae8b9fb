import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';

/** Where all versions are, and where a write begins; neither is a key, since keys begin with no dot. */
const VERSIONS = '.versions';
const UNFINISHED = '.unfinished';

/** Keys that are paths below a folder, and lead nowhere else. */
const KEY = /^(?=.{1,200}$)[A-Za-z0-9][\w-]*([./][A-Za-z0-9][\w-]*)*$/;

/** Keys in order, and whether there are more. */
export interface ListedKeys {
  readonly keys: readonly string[];
  readonly more: boolean;
}

/**
 * Objects as files: the newest version of `heads/7` is the file `heads/7`, and all of them are below
 * `.versions`. A file is on the disk as a whole before it has its name, so that none is half there.
 */
export class ObjectFiles {
  readonly #folder: string;
  /** All keys in order; a folder of many files is slow to list. */
  readonly #keys: string[];

  constructor(folder: string) {
    this.#folder = folder;
    rmSync(join(folder, UNFINISHED), { recursive: true, force: true });
    for (const name of [VERSIONS, UNFINISHED]) {
      mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    }
    this.#keys = keysBelow(folder, '').toSorted(byBytes);
  }

  static isKey(key: string): boolean {
    return KEY.test(key);
  }

  /** Resolves to the name of the version; undefined where there is an object and `onlyNew` says to leave it. */
  put(key: string, content: Uint8Array, onlyNew: boolean): string | undefined {
    const target = join(this.#folder, key);
    if (onlyNew && existsSync(target)) return undefined;
    const version = `${Date.now().toString().padStart(15, '0')}-${randomBytes(4).toString('hex')}`;
    const unfinished = join(this.#folder, UNFINISHED, version);
    const kept = this.#versionFile(key, version);
    try {
      writeWhole(unfinished, content);
      mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      linkSync(unfinished, kept);
      renameSync(unfinished, target);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
    for (const path of [kept, target]) syncFolders(dirname(path), this.#folder);
    this.#remember(key);
    return version;
  }

  /** The newest version, or another one. */
  get(key: string, version?: string): Buffer | undefined {
    try {
      return readFileSync(
        version === undefined ? join(this.#folder, key) : this.#versionFile(key, version),
      );
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  keysAfter(prefix: string, after: string, count: number): ListedKeys {
    const found = this.#keys.slice(this.#placeAfter(after)).filter((key) => key.startsWith(prefix));
    return { keys: found.slice(0, count), more: found.length > count };
  }

  #versionFile(key: string, version: string): string {
    return join(this.#folder, VERSIONS, `${key}@${version}`);
  }

  #remember(key: string): void {
    const place = this.#placeAfter(key);
    if (this.#keys[place - 1] !== key) this.#keys.splice(place, 0, key);
  }

  /** The number of keys up to one of them. */
  #placeAfter(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (byBytes(this.#keys[middle] ?? '', key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function keysBelow(folder: string, prefix: string): readonly string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const key = `${prefix}${entry.name}`;
    if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : keysBelow(folder, `${key}/`);
    return ObjectFiles.isKey(key) ? [key] : [];
  });
}

function writeWhole(path: string, content: Uint8Array): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    for (let written = 0; written < content.length;) {
      written += writeSync(file, content, written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A name is on the disk when its folder is, and a new folder when the one above it is. */
function syncFolders(folder: string, last: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (folder.length > last.length) syncFolders(dirname(folder), last);
}

function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'EISDIR', 'ENOTDIR'].some((code) => isSystemError(error, code));
}

/** As S3 orders keys: by their bytes, which here are those of ASCII. */
function byBytes(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
