import { setTimeout as delay } from 'node:timers/promises';
import type { DrainSettings } from './configuration.ts';
import type { Readiness } from './ops/readiness.ts';
import type { Logger } from './telemetry/logger.ts';

interface Step<Arguments extends readonly unknown[]> {
  readonly name: string;
  readonly run: (...given: Arguments) => Promise<void> | void;
}

/**
 * How a process leaves: it says so, waits for that to be noticed, lets its work finish, and closes
 * what the work needed.
 */
export class Departure {
  readonly #settings: DrainSettings;
  readonly #readiness: Readiness;
  readonly #log: Logger;
  readonly #drains: Step<[graceMs: number]>[] = [];
  readonly #releases: Step<[]>[] = [];
  #leaving: Promise<void> | undefined;

  constructor(settings: DrainSettings, readiness: Readiness, log: Logger) {
    this.#settings = settings;
    this.#readiness = readiness;
    this.#log = log;
  }

  onDrain(name: string, run: (graceMs: number) => Promise<void> | void): void {
    this.#drains.push({ name, run });
  }

  onRelease(name: string, run: () => Promise<void> | void): void {
    this.#releases.push({ name, run });
  }

  /** Leaves; the second call waits for the first. Steps that fail are logged and do not stop it. */
  leave(): Promise<void> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  async #leave(): Promise<void> {
    const startMs = performance.now();
    this.#readiness.draining();
    // A task has nobody to drain, so its going is not news.
    const level = this.#drains.length > 0 ? 'info' : 'debug';
    this.#log[level]('draining');
    if (this.#settings.noticeMs > 0) await delay(this.#settings.noticeMs);
    await Promise.all(this.#drains.map((step) => this.#try(step, this.#settings.graceMs)));
    for (const step of this.#releases.toReversed()) await this.#try(step);
    this.#log[level]({ duration_ms: Math.round(performance.now() - startMs) }, 'drained');
  }

  async #try<Arguments extends readonly unknown[]>(
    step: Step<Arguments>,
    ...given: Arguments
  ): Promise<void> {
    try {
      await step.run(...given);
    } catch (err) {
      this.#log.error({ err, step: step.name }, 'a step of leaving failed');
    }
  }
}
