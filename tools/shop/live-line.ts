/** A line that is written over on a terminal, and now and then another one elsewhere. */
export class LiveLine implements Disposable {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(text: string): void {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[K${text.slice(0, this.#stream.columns - 1)}`);
      this.#shown = true;
      return;
    }
    if (performance.now() - this.#writtenAt < QUIET_MS) return;
    this.#writtenAt = performance.now();
    this.#stream.write(`${text}\n`);
  }

  /** Leaves the cursor on a line of its own. */
  [Symbol.dispose](): void {
    if (this.#shown) this.#stream.write('\n');
  }
}

/** Between two lines where nobody watches. */
const QUIET_MS = 5_000;
