import { readFileSync } from 'node:fs';
import { watchFile } from './file-watch.ts';
import type { FileWatch } from './file-watch.ts';

/** What is made of a file, and the listener. */
export interface LiveFileOptions<T> {
  /** What holds as long as no text has been accepted. */
  readonly initial: T;
  /**
   * Makes the value of a text without white space around it; undefined while there is no file.
   * Throws what is wrong with it.
   */
  readonly parse: (text: string | undefined) => T;
  /** Told of each value after the first. */
  readonly changed?: (value: T) => void;
  /** Told why a text was refused or could not be read; the value before it goes on. */
  readonly failed: (error: Error) => void;
}

/** A value that is read from a file, and again whenever the file becomes another one. */
export class LiveFile<T> {
  readonly #path: string;
  readonly #options: LiveFileOptions<T>;
  readonly #watch: FileWatch;
  #current: T;

  constructor(path: string, options: LiveFileOptions<T>) {
    this.#path = path;
    this.#options = options;
    this.#current = options.initial;
    this.#watch = watchFile(path, () => {
      if (this.#read()) options.changed?.(this.#current);
    });
    this.#read();
  }

  /** The newest value that was accepted. */
  get current(): T {
    return this.#current;
  }

  close(): void {
    this.#watch.close();
  }

  /** True if there is another value than before. */
  #read(): boolean {
    const before = this.#current;
    try {
      this.#current = this.#options.parse(textOf(this.#path));
    } catch (error) {
      this.#options.failed(error as Error);
    }
    return this.#current !== before;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
