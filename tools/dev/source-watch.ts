import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, watch } from 'node:fs';
import type { BigIntStats, FSWatcher } from 'node:fs';
import path from 'node:path';
import { codeOf, isSystemError } from '@meridian/language/thrown.ts';

/** Writes that follow each other as closely belong together: an editor's, or a checkout's. */
const QUIET_MS = 30;
/** Writes without an end are looked at all the same. */
const PATIENCE_MS = 500;
/** The kernel's notices get lost when folders come and go, so the files are looked at as well. */
const POLL_MS = 1_000;

const IGNORED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'coverage']);

interface Seen {
  readonly mark: string;
  readonly digest: string;
}

/**
 * Tells of files whose content has become another one, all of a burst of writes at once. A notice of the
 * kernel only says when to look; what is told is what the files hold then, so it does not matter in
 * which steps an editor saves, and a file that was written over with the same text is none.
 */
export class SourceWatch {
  readonly #root: string;
  readonly #paths: readonly string[];
  readonly #changed: (files: readonly string[]) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #poll: NodeJS.Timeout;
  #files: ReadonlyMap<string, Seen>;
  #quiet: NodeJS.Timeout | undefined;
  #firstNotice = 0;
  #isHeld = false;

  /**
   * @param paths files and folders, from the root
   * @param changed is told of paths from the root, sorted
   */
  constructor(root: string, paths: readonly string[], changed: (files: readonly string[]) => void) {
    this.#root = root;
    this.#paths = paths;
    this.#changed = changed;
    this.#files = this.#scan(new Map());
    this.#poll = setInterval(() => this.#lookAndTell(), POLL_MS);
  }

  /** Looks now; what has changed is returned, and told to nobody else. */
  look(): readonly string[] {
    const before = this.#files;
    this.#files = this.#scan(before);
    return [...new Set([...before.keys(), ...this.#files.keys()])]
      .filter((file) => before.get(file)?.digest !== this.#files.get(file)?.digest)
      .sort();
  }

  /** Tells nothing while files are written that are not anybody's edit; whoever writes them looks after it. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#isHeld = true;
    try {
      return await work();
    } finally {
      this.#isHeld = false;
    }
  }

  close(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#quiet);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  #notice(): void {
    const now = performance.now();
    if (this.#quiet === undefined) this.#firstNotice = now;
    clearTimeout(this.#quiet);
    const wait = Math.min(QUIET_MS, Math.max(0, this.#firstNotice + PATIENCE_MS - now));
    this.#quiet = setTimeout(() => this.#lookAndTell(), wait);
  }

  #lookAndTell(): void {
    clearTimeout(this.#quiet);
    this.#quiet = undefined;
    if (this.#isHeld) return;
    const files = this.look();
    if (files.length > 0) this.#changed(files);
  }

  #scan(before: ReadonlyMap<string, Seen>): ReadonlyMap<string, Seen> {
    const files = new Map<string, Seen>();
    const folders = new Set<string>();
    const visit = (file: string): void => {
      const whole = path.join(this.#root, file);
      const stats = lstatSync(whole, { bigint: true, throwIfNoEntry: false });
      if (stats?.isDirectory() === true) {
        folders.add(whole);
        // Before it is read: a file that appears meanwhile is noticed.
        this.#watchFolder(whole);
        for (const name of namesIn(whole)) {
          if (!IGNORED_FOLDERS.has(name)) visit(`${file}/${name}`);
        }
      } else if (stats?.isFile() === true) {
        const seen = look(whole, stats, before.get(file));
        if (seen !== undefined) files.set(file, seen);
      }
    };
    for (const file of this.#paths) {
      visit(file);
      // A file is replaced in its folder.
      this.#watchFolder(path.dirname(path.join(this.#root, file)));
      folders.add(path.dirname(path.join(this.#root, file)));
    }
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    return files;
  }

  #watchFolder(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, () => this.#notice());
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(folder);
      });
      this.#watchers.set(folder, watcher);
    } catch (error) {
      // It has gone, or the kernel has no watches left: the poll goes on.
      if (codeOf(error) === undefined) throw error;
    }
  }
}

/** A file as it is now; read only if it may have changed. Undefined when it has gone. */
function look(file: string, stats: BigIntStats, before: Seen | undefined): Seen | undefined {
  const mark = `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
  if (before?.mark === mark) return before;
  const content = unlessGone(() => readFileSync(file));
  return content && { mark, digest: createHash('sha256').update(content).digest('hex') };
}

function namesIn(folder: string): readonly string[] {
  return unlessGone(() => readdirSync(folder)) ?? [];
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
