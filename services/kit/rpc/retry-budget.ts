import type { RetryBudgetConfiguration } from '@meridian/language/service-configuration.ts';

/** A second of the window. */
interface Slot {
  second: number;
  calls: number;
  retries: number;
}

const WINDOW_SECONDS = 10;

/**
 * The one budget of a process for sending calls again: when a service is down, every caller that tries
 * again makes it worse, so all of them together add no more than a share. It looks at the last ten
 * seconds, so that a burst, as when a replica goes, has the calls before it to draw on. Source: Finagle,
 * RetryBudget; Google, Site Reliability Engineering, "Addressing Cascading Failures".
 */
export class RetryBudget {
  readonly #share: number;
  readonly #minimum: number;
  readonly #nowMs: () => number;
  readonly #slots: readonly Slot[] = Array.from({ length: WINDOW_SECONDS }, () => ({
    second: -Infinity,
    calls: 0,
    retries: 0,
  }));

  /** @param nowMs a clock that never goes back */
  constructor(configuration: RetryBudgetConfiguration, nowMs = () => performance.now()) {
    this.#share = configuration.percentOfCalls / 100;
    this.#minimum = configuration.minimumPerSecond * WINDOW_SECONDS;
    this.#nowMs = nowMs;
  }

  /** Notes a call that is sent for the first time. */
  noteCall(): void {
    this.#current().calls++;
  }

  /**
   * Takes the right to send one call again; false when the budget is spent.
   *
   * @param part of the budget that this may use, up to 1: the rest is left for what needs it more
   */
  tryTake(part = 1): boolean {
    const current = this.#current();
    let calls = 0;
    let retries = 0;
    for (const slot of this.#slots) {
      if (slot.second <= current.second - WINDOW_SECONDS) continue;
      calls += slot.calls;
      retries += slot.retries;
    }
    const budget = Math.max(this.#minimum, calls * this.#share);
    if (retries >= Math.floor(budget * part)) return false;
    current.retries++;
    return true;
  }

  #current(): Slot {
    const second = Math.floor(this.#nowMs() / 1_000);
    const slot = this.#slots[second % WINDOW_SECONDS];
    if (slot === undefined) throw new Error(`there is no second ${second}`);
    if (slot.second !== second) Object.assign(slot, { second, calls: 0, retries: 0 });
    return slot;
  }
}
