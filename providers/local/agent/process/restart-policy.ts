const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 10_000;
/** Being ready for so long makes the next delay the first one again. */
const RESET_AFTER_MS = 30_000;
/** Exits in a row, none after being ready for `SETTLED_MS`, that make a crash loop. */
const CRASH_LOOP_EXITS = 5;
const SETTLED_MS = 10_000;

/**
 * When a process that ended is started again: after 0.2 s, doubling to 10 s, as a kubelet does with
 * its own figures.
 */
export class RestartPolicy {
  #delayMs = FIRST_DELAY_MS;
  #exits = 0;

  /**
   * Takes note of an exit.
   * @param readyMs how long the run was ready; 0 when it never was
   */
  exited(readyMs: number): { readonly delayMs: number; readonly crashLooping: boolean } {
    if (readyMs >= RESET_AFTER_MS) {
      this.#delayMs = FIRST_DELAY_MS;
    }
    this.#exits = readyMs >= SETTLED_MS ? 1 : this.#exits + 1;
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
    return { delayMs, crashLooping: this.#exits >= CRASH_LOOP_EXITS };
  }
}
