import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isArchived, leavesOf, TILE_WIDTH, tilePath } from '@meridian/verifier/index.ts';
import type { LogSource } from '@meridian/verifier/index.ts';
import { archiveRefused } from '../archive/open-archive.ts';

/** What was written. */
export interface Exported {
  readonly treeSize: number;
  readonly files: number;
}

/** What is written, and how. */
export interface ExportOptions {
  readonly size: number;
  /** The signed head of that size. @default the source's */
  readonly note?: string;
  readonly onProgress: (entries: number) => void;
  /** Waits until the disk has it, so that what is in it may go elsewhere. @default false */
  readonly durable?: boolean;
}

/**
 * Writes a log as files (C2SP tlog-tiles): its tiles, its entries, and last its head, so that a folder with a
 * head is whole. Nothing is checked here: whoever reads the folder does.
 *
 * @throws {CodedError} AUDIT_ARCHIVE_REFUSED for an entry whose data the source lacks
 */
export async function exportLog(
  source: LogSource,
  folder: string,
  { size, note, onProgress, durable: flush = false }: ExportOptions,
): Promise<Exported> {
  let files = 0;
  const folders = new Set<string>();
  const write = (name: string, bytes: Uint8Array | undefined): void => {
    if (bytes === undefined) throw new Error(`The log has no ${name}`);
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes, { flush });
    for (let at = path.dirname(name); !folders.has(at); at = path.dirname(at)) folders.add(at);
    files += 1;
  };
  for (let level = 0, hashes = size; hashes > 0; level += 1) {
    for (let index = 0; index * TILE_WIDTH < hashes; index += 1) {
      const width = Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH);
      write(tilePath(level, index, width), await source.tile(level, index, width));
      if (level > 0) continue;
      const entries = await source.entries(index, width);
      refuseArchived(entries, index, width);
      write(tilePath('entries', index, width), entries);
      onProgress(index * TILE_WIDTH + width);
    }
    hashes = Math.floor(hashes / TILE_WIDTH);
  }
  if (flush) flushFolders(folder, folders);
  write('checkpoint', note === undefined ? await source.checkpoint() : Buffer.from(note));
  if (flush) flushFolders(folder, new Set(['.', '..']));
  return { treeSize: size, files };
}

/** A file is there for good when its folder is too. */
function flushFolders(folder: string, names: ReadonlySet<string>): void {
  for (const name of names) {
    const descriptor = openSync(path.join(folder, name), 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
}

function refuseArchived(entries: Uint8Array | undefined, index: number, width: number): void {
  if (entries === undefined) return;
  const at = leavesOf(entries, width, `Entries ${index}`).findIndex(isArchived);
  if (at === -1) return;
  throw archiveRefused(
    `Entry ${index * TILE_WIDTH + at}: must have what it carries, got one that has moved to an archive; name the archive that has it: --archive <folder>`,
  );
}
