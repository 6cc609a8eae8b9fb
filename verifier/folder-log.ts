import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LogSource } from './log-source.ts';
import { tilePath } from './tiles.ts';

/** A log in a folder with the paths of C2SP tlog-tiles: `checkpoint`, `tile/0/000`, `tile/entries/000`, … */
export class FolderLog implements LogSource {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#read('checkpoint');
  }

  tile(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    return this.#read(tilePath(level, index, width));
  }

  entries(index: number, width: number): Promise<Uint8Array | undefined> {
    return this.#read(tilePath('entries', index, width));
  }

  async #read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(path.join(this.#folder, name));
    } catch (error) {
      // ENOTDIR: a file lies where others have the folder of partial tiles.
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw error;
    }
  }
}
