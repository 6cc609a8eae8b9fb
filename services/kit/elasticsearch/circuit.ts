/** Answers in a row that did not come in time, after which nobody waits for another. */
const TIMEOUTS_ALLOWED = 3;

/**
 * Whether an engine is worth asking: not until it has answered a probe once, not after it was lost, and
 * not after several answers in a row did not come in time. Only a probe closes the circuit again.
 */
export class Circuit {
  #there = false;
  #timeoutsInARow = 0;
  readonly #changed: (isThere: boolean) => void;

  constructor(changed: (isThere: boolean) => void) {
    this.#changed = changed;
  }

  get isThere(): boolean {
    return this.#there;
  }

  /** It answered a request, whatever it said. */
  answered(): void {
    this.#timeoutsInARow = 0;
  }

  /** It answered a probe. */
  probed(): void {
    this.answered();
    this.#set(true);
  }

  /** A connection was refused or broke, or a probe was not answered. */
  lost(): void {
    this.#set(false);
  }

  timedOut(): void {
    this.#timeoutsInARow += 1;
    if (this.#timeoutsInARow >= TIMEOUTS_ALLOWED) this.#set(false);
  }

  #set(there: boolean): void {
    if (this.#there === there) return;
    this.#there = there;
    this.#changed(there);
  }
}
