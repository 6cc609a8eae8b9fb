import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { isSystemError } from '@meridian/language/thrown.ts';

const POLL_MS = 100;
const CHUNK_BYTES = 65_536;

/** Follows the log of a process from its beginning, until it is removed with the process. */
export class LogTail {
  readonly #file: string;
  readonly #line: (text: string) => void;
  readonly #poll: NodeJS.Timeout;
  readonly #decoder = new StringDecoder('utf8');
  #offset = 0;
  #rest = '';

  constructor(file: string, line: (text: string) => void) {
    this.#file = file;
    this.#line = line;
    this.#poll = setInterval(() => this.catchUp(), POLL_MS);
  }

  close(): void {
    this.catchUp();
    clearInterval(this.#poll);
  }

  /** Tells what is there now. */
  catchUp(): void {
    try {
      const { size } = statSync(this.#file);
      // A smaller file is a rotated one: it begins at its start.
      if (size < this.#offset) this.#offset = 0;
      if (size > this.#offset) this.#take(this.#bytesTo(size));
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
      // Not there yet; or removed: then nothing more comes.
      if (this.#offset > 0) clearInterval(this.#poll);
    }
  }

  #bytesTo(size: number): string {
    const file = openSync(this.#file, 'r');
    try {
      let text = '';
      const buffer = Buffer.alloc(CHUNK_BYTES);
      while (this.#offset < size) {
        const count = readSync(file, buffer, 0, CHUNK_BYTES, this.#offset);
        if (count === 0) break;
        this.#offset += count;
        text += this.#decoder.write(buffer.subarray(0, count));
      }
      return text;
    } finally {
      closeSync(file);
    }
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (!line.startsWith('-- agent')) this.#line(line);
  }
}
