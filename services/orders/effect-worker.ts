import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import { WakeSignal } from '@meridian/kit/events/wake-signal.ts';
import { backoffMs } from '@meridian/kit/patience.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { Tracing } from '@meridian/kit/telemetry/tracing.ts';
import { EFFECT_CALL_TIMEOUT_MS } from './effect-calls.ts';
import type { EffectStore, TakenEffect } from './effect-store.ts';
import { inTraceOfEffect } from './effect-trace.ts';
import type { Message } from './saga/messages.ts';

/** How a worker works; the defaults are for production, tests may be quicker. */
export interface WorkerSettings {
  /** Effects under way at once. */
  readonly concurrency: number;
  /** It looks by itself this often, for what others left behind. */
  readonly pollMs: number;
  /** An effect that was taken is taken again after so long: who took it is gone. Longer than a call. */
  readonly leaseMs: number;
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
  /** The first pause before a payment whose outcome is open is looked at again; events tell sooner. */
  readonly openPaymentMs: number;
}

export const DEFAULT_WORKER_SETTINGS: WorkerSettings = {
  concurrency: 16,
  pollMs: 1_000,
  leaseMs: EFFECT_CALL_TIMEOUT_MS + 5_000,
  backoffFirstMs: 200,
  backoffMaxMs: 30_000,
  openPaymentMs: 2_000,
};

/** What a worker is made from. */
export interface WorkerOptions {
  readonly effects: Pick<EffectStore, 'take' | 'postpone'>;
  /** Asks whom it concerns; throws if nobody knows what came of it. */
  readonly send: (effect: TakenEffect) => Promise<readonly Message[]>;
  /** Applies an answer; gives whether the effect is open still. */
  readonly apply: (effect: TakenEffect, message: Message) => Promise<boolean>;
  readonly log: Logger;
  readonly tracing: Pick<Tracing, 'startLinked'>;
  readonly settings?: Partial<WorkerSettings>;
}

/**
 * Sends what the sagas of all replicas have decided, and tells them what came of it. An effect is taken by
 * one worker at a time, as long as that one lives; one that sends it too late changes nothing, since its
 * key is known and its answer counts once.
 */
export class EffectWorker {
  readonly #options: WorkerOptions;
  readonly #settings: WorkerSettings;
  readonly #signal = new WakeSignal();
  readonly #underWay = new Set<Promise<void>>();
  #failures = 0;
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#settings = { ...DEFAULT_WORKER_SETTINGS, ...options.settings };
  }

  /** Starts in the background; a database that is away is waited for. */
  start(): void {
    this.#running ??= runOutsideScope(() => this.#run());
  }

  /** Says that something may be due; never waits and never throws. */
  wake(): void {
    this.#signal.raise();
  }

  /** Takes nothing more, and waits for what is under way; what takes longer is left for another worker. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    this.#signal.raise();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), graceMs);
    await Promise.race([this.#finish(), promise]);
    clearTimeout(timer);
  }

  async #finish(): Promise<void> {
    await this.#running;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const free = this.#settings.concurrency - this.#underWay.size;
      const taken = free > 0 ? await this.#take(free) : 0;
      // Having got less than it could take, it waits for a sign or its time.
      if (taken < free || free === 0) await this.#signal.wait(this.#pauseMs());
    }
  }

  async #take(limit: number): Promise<number> {
    const { effects, log } = this.#options;
    try {
      const taken = await effects.take(limit, this.#settings.leaseMs);
      this.#failures = 0;
      for (const effect of taken) this.#begin(effect);
      return taken.length;
    } catch (err) {
      if (this.#failures === 0) log.warn({ err }, 'effects of orders cannot be read; trying on');
      this.#failures += 1;
      return 0;
    }
  }

  #begin(effect: TakenEffect): void {
    const { tracing } = this.#options;
    const work = inTraceOfEffect(tracing, effect, () => this.#work(effect)).finally(() => {
      this.#underWay.delete(work);
      this.#signal.raise();
    });
    this.#underWay.add(work);
  }

  /** Never rejects: what cannot be done now is done when its lease is over. */
  async #work(effect: TakenEffect): Promise<void> {
    const { effects, send, apply, log } = this.#options;
    const { kind, key, attempts } = effect;
    try {
      const delayMs = await this.#delayAfter(effect, send, apply);
      if (delayMs !== undefined) await effects.postpone(effect, delayMs);
    } catch (err) {
      log.warn({ err, kind, key, attempts }, 'an effect of an order waits for its lease');
    }
  }

  /** When to send an effect again; undefined once its answer is known. */
  async #delayAfter(
    effect: TakenEffect,
    send: WorkerOptions['send'],
    apply: WorkerOptions['apply'],
  ): Promise<number | undefined> {
    const { backoffFirstMs, backoffMaxMs, openPaymentMs } = this.#settings;
    const { kind, key, attempts } = effect;
    const againAfterMs = (firstMs: number): number =>
      Math.round(backoffMs(attempts, firstMs, backoffMaxMs));
    let messages: readonly Message[];
    try {
      messages = await send(effect);
    } catch (err) {
      this.#options.log.warn({ err, kind, key, attempts }, 'an effect of an order is sent again');
      return againAfterMs(backoffFirstMs);
    }
    let open = true;
    for (const message of messages) open &&= await apply(effect, message);
    return open ? againAfterMs(openPaymentMs) : undefined;
  }

  #pauseMs(): number {
    const { pollMs, backoffMaxMs } = this.#settings;
    return Math.min(pollMs * 2 ** Math.min(this.#failures, 10), backoffMaxMs);
  }
}
