import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TILE_WIDTH, tilePath } from '@meridian/verifier/index.ts';
import type { LogSource } from '@meridian/verifier/index.ts';

/** What was written. */
export interface Exported {
  readonly treeSize: number;
  readonly files: number;
}

/**
 * Writes a log as files (C2SP tlog-tiles): its tiles, its entries, and last its head, so that a folder with a
 * head is whole. Nothing is checked here: whoever reads the folder does.
 */
export async function exportLog(
  source: LogSource,
  folder: string,
  { size, onProgress }: { readonly size: number; readonly onProgress: (entries: number) => void },
): Promise<Exported> {
  let files = 0;
  const write = (name: string, bytes: Uint8Array | undefined): void => {
    if (bytes === undefined) throw new Error(`The log has no ${name}`);
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    files += 1;
  };
  for (let level = 0, hashes = size; hashes > 0; level += 1) {
    for (let index = 0; index * TILE_WIDTH < hashes; index += 1) {
      const width = Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH);
      write(tilePath(level, index, width), await source.tile(level, index, width));
      if (level > 0) continue;
      write(tilePath('entries', index, width), await source.entries(index, width));
      onProgress(index * TILE_WIDTH + width);
    }
    hashes = Math.floor(hashes / TILE_WIDTH);
  }
  write('checkpoint', await source.checkpoint());
  return { treeSize: size, files };
}
