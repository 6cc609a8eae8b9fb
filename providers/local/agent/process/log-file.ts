import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError, messageOf } from '@meridian/language/thrown.ts';

/** At most this much of a file's end is read for its last lines. */
const TAIL_BYTES = 1024 * 1024;

/**
 * A log that is appended to and turned over at a size: `x.log` becomes `x.log.1`, which it replaces.
 * It writes at once, so that an agent that is killed has lost nothing that it read.
 */
export class LogFile {
  readonly path: string;
  readonly #limitBytes: number;
  #file: number | undefined;
  #sizeBytes = 0;
  #failed = false;

  constructor(path: string, limitBytes: number) {
    this.path = path;
    this.#limitBytes = limitBytes;
  }

  /** Appends; a full disk loses the text, said once on stderr, and stops nobody. */
  write(content: string | Buffer): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    try {
      this.#append(bytes);
      this.#failed = false;
    } catch (thrown) {
      if (!this.#failed) {
        console.error(`log ${this.path} cannot be written: ${messageOf(thrown)}`);
      }
      this.#failed = true;
      this.close();
    }
  }

  close(): void {
    if (this.#file !== undefined) {
      closeSync(this.#file);
      this.#file = undefined;
    }
  }

  /** The last lines, oldest first, from the older file too where the newer is short. */
  lastLines(count: number): readonly string[] {
    const newer = lastLinesOf(this.path, count);
    return newer.length >= count
      ? newer
      : [...lastLinesOf(`${this.path}.1`, count - newer.length), ...newer];
  }

  #append(bytes: Buffer): void {
    for (let rest = bytes; rest.length > 0;) {
      const file = this.#open();
      const part = rest.subarray(0, this.#fitting(rest));
      for (let offset = 0; offset < part.length;) {
        offset += writeSync(file, part, offset);
      }
      this.#sizeBytes += part.length;
      rest = rest.subarray(part.length);
      if (rest.length > 0) {
        this.close();
        renameSync(this.path, `${this.path}.1`);
      }
    }
  }

  /** How much goes into this file: whole lines, unless one alone is longer than a file may be. */
  #fitting(bytes: Buffer): number {
    const room = this.#limitBytes - this.#sizeBytes;
    if (bytes.length <= room) {
      return bytes.length;
    }
    const lines = room > 0 ? bytes.lastIndexOf('\n', room - 1) + 1 : 0;
    return lines > 0 || this.#sizeBytes > 0 ? lines : this.#limitBytes;
  }

  #open(): number {
    if (this.#file === undefined) {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      this.#file = openSync(this.path, 'a', 0o600);
      this.#sizeBytes = fstatSync(this.#file).size;
    }
    return this.#file;
  }
}

function lastLinesOf(path: string, count: number): readonly string[] {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) {
      return [];
    }
    throw thrown;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8', 0, read).replace(/\n$/, '').split('\n');
    return lines.length === 1 && lines[0] === '' ? [] : lines.slice(-count);
  } finally {
    closeSync(file);
  }
}
