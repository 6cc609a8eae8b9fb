import { statSync, watch } from 'node:fs';
import type { BigIntStats, FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { inBackground } from './background.ts';

/** How often a watched file is looked at when the kernel says nothing. */
export const FILE_POLL_INTERVAL_MS = 1_000;

/** Something that is being watched; it never keeps the process alive. */
export interface FileWatch {
  close(): void;
}

/**
 * Calls back after the file that a path leads to has become another one: rewritten, renamed over, or
 * reached through a symbolic link that was swapped. The kernel's notice makes it quick; the poll
 * makes it certain, as notices get lost when a folder on the way is replaced. What the callback throws
 * is work in the background that failed: the file is watched on.
 */
export function watchFile(path: string, onChange: () => unknown): FileWatch {
  // At once, so that whoever reads the file after this call misses no change.
  let last = fingerprint(statAtOnce(path));
  let closed = false;
  let looking = false;
  let again = false;

  const look = async (): Promise<void> => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    do {
      again = false;
      const now = fingerprint(await statNow(path));
      if (closed) return;
      const changed = now !== last;
      last = now;
      if (changed) inBackground(`watch of ${basename(path)}`, onChange);
      // Set by another call of look while this one waited.
      // oxlint-disable-next-line typescript/no-unnecessary-condition
    } while (again);
    looking = false;
  };

  const kernel = [dirname(path), dirname(dirname(path))].map((folder) => watchFolder(folder, look));
  POLLED.add(look);
  void look();
  return {
    close: () => {
      closed = true;
      POLLED.remove(look);
      for (const watcher of kernel) watcher?.close();
    },
  };
}

/** Looks at all files at the same moment: one wake of the process a second, and not one for each file. */
class Poll {
  readonly #looks = new Set<() => Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  add(look: () => Promise<void>): void {
    this.#looks.add(look);
    this.#timer ??= setInterval(() => {
      for (const each of this.#looks) void each();
    }, FILE_POLL_INTERVAL_MS).unref();
  }

  remove(look: () => Promise<void>): void {
    this.#looks.delete(look);
    if (this.#looks.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

const POLLED = new Poll();

function watchFolder(folder: string, look: () => Promise<void>): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, () => void look());
    // The folder may go away, or the kernel may have no watches left: the poll goes on.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

function statAtOnce(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

async function statNow(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch {
    return undefined;
  }
}

/** What tells one version of a file from the next; empty while there is none. */
function fingerprint(stats: BigIntStats | undefined): string {
  if (stats === undefined) return '';
  const { dev, ino, size, mtimeNs } = stats;
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}
