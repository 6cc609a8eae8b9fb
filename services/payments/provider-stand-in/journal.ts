import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Operation } from './charges.ts';

/** A webhook that is to be sent until it was taken. */
export interface Webhook {
  readonly id: string;
  /** The bytes to send, as JSON. */
  readonly body: string;
}

/** A line of the journal. */
export type Entry =
  | { readonly type: 'operation'; readonly operation: Operation; readonly webhook?: Webhook }
  /** A webhook that needs no sending any more. */
  | { readonly type: 'settled'; readonly webhook: string };

/**
 * What the stand-in has done, a line of JSON each, added before it answers: a process that is killed has
 * forgotten nothing that it said. It does not outlive the machine's power, since nothing waits for the disk.
 */
export class Journal {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  /** Opens a journal, which need not be there, and reads what is in it. */
  static open(path: string): { readonly journal: Journal; readonly entries: readonly Entry[] } {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'a+', 0o600);
    const text = readFileSync(file, 'utf8');
    // A line without its end was being written when the process was killed; nobody was told of it.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    ftruncateSync(file, Buffer.byteLength(whole));
    const lines = whole.split('\n').filter((line) => line !== '');
    return { journal: new Journal(file), entries: lines.map((line) => JSON.parse(line) as Entry) };
  }

  add(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}
