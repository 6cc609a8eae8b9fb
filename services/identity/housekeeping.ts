import type { Logger } from '@meridian/kit/telemetry/logger.ts';

/** How often old rows are dropped and keys are looked after. */
export const HOUSEKEEPING_INTERVAL_MS = 60_000;

/** Rows of a table dropped in one statement, so that none of them runs long. */
export const REMOVAL_BATCH = 1_000;

/** Does chores at an interval until it is closed; one that fails is logged and done next time. */
export class Housekeeping {
  readonly #chores: readonly (() => Promise<void>)[];
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;

  constructor(
    chores: readonly (() => Promise<void>)[],
    log: Logger,
    intervalMs = HOUSEKEEPING_INTERVAL_MS,
  ) {
    this.#chores = chores;
    this.#log = log;
    this.#timer = setInterval(() => void this.run(), intervalMs).unref();
  }

  /** Does all chores once, each by itself; never rejects. */
  async run(): Promise<void> {
    for (const chore of this.#chores) {
      try {
        await chore();
      } catch (err) {
        this.#log.warn({ err }, 'housekeeping failed; it is done again next time');
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
