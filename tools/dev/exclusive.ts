import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, messageOf } from '@meridian/language/thrown.ts';
import { acquire } from '../bootstrap/process-lock.mjs';

const RETRY_MS = 200;

/**
 * Does one thing at a time, under a lock that other commands take too: while one of them holds it,
 * everything waits, and says so once.
 */
export class Exclusive {
  readonly #file: string;
  readonly #purpose: string;
  readonly #say: (line: string) => void;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: string, purpose: string, say: (line: string) => void) {
    this.#file = file;
    this.#purpose = purpose;
    this.#say = say;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(async () => {
      const release = await this.#lock();
      try {
        return await work();
      } finally {
        release();
      }
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #lock(): Promise<() => void> {
    for (let told = false; ; told = true) {
      try {
        return acquire(this.#file, this.#purpose);
      } catch (error) {
        if (codeOf(error) !== 'LOCK_HELD') throw error;
        if (!told) this.#say(`waiting: ${messageOf(error)}`);
        await delay(RETRY_MS);
      }
    }
  }
}
