/**
 * Aggregates whose events fail one after the other before it is no longer their fault. One alone may
 * have any number of events that no handler can take, and two may meet by chance.
 */
export const SUSPICIOUS_AGGREGATES = 3;

/**
 * Events of one handler that failed to the end, one after the other, without any that it handled between: a
 * few may be set aside, more of them mean that the handler is broken, or something that it needs.
 */
export class FailureRun {
  readonly #aggregates = new Set<string>();

  /** Notes that an event of an aggregate failed; whether its surroundings are to blame by now. */
  isSuspicious(aggregate: string): boolean {
    if (this.#aggregates.size < SUSPICIOUS_AGGREGATES) this.#aggregates.add(aggregate);
    return this.#aggregates.size >= SUSPICIOUS_AGGREGATES;
  }

  /** Notes that an event was handled. */
  end(): void {
    this.#aggregates.clear();
  }
}
