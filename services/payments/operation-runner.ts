import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import { settledWithin } from '@meridian/kit/patience.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { DueOperations } from './due-operations.ts';
import type { DueOperation } from './due-operations.ts';
import type { Payments } from './payments.ts';
import { NoAnswer } from './provider-client.ts';
import type { ProviderClient, Told } from './provider-client.ts';

/** What the runner works with. */
export interface RunnerOptions {
  readonly database: Pick<Database, 'query'>;
  readonly payments: Payments;
  readonly provider: Pick<ProviderClient, 'send' | 'ask'>;
  readonly log: Logger;
}

/**
 * Talks to the provider about operations that are committed, outside of any transaction: each of them once
 * at a time in this process. What it cannot bring to an end stays in the database, where the worker of
 * some replica finds it.
 */
export class OperationRunner {
  readonly #options: RunnerOptions;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** How many are under way. */
  get size(): number {
    return this.#underWay.size;
  }

  /** Sends operations that were just committed; never throws. */
  send(keys: readonly string[]): void {
    for (const key of keys) this.#begin(key, (operation) => this.#send(operation));
  }

  /** Brings operations to an end that somebody else has sent, or was about to; never throws. */
  finish(keys: readonly string[]): void {
    for (const key of keys) this.#begin(key, (operation) => this.#finish(operation));
  }

  /** Waits until this process is done with an operation for now, but no longer than that. */
  async settled(key: string, timeoutMs: number): Promise<void> {
    const work = this.#underWay.get(key);
    if (work === undefined || timeoutMs <= 0) return;
    await settledWithin(work, timeoutMs);
  }

  /** Waits for all that is under way, but no longer than that. */
  async drain(timeoutMs: number): Promise<void> {
    await Promise.all([...this.#underWay.keys()].map((key) => this.settled(key, timeoutMs)));
  }

  /** What it does outlives the request that asked for it. */
  #begin(key: string, work: (operation: DueOperation) => Promise<Told>): void {
    if (this.#underWay.has(key)) return;
    const running = runOutsideScope(() => this.#run(key, work)).finally(() =>
      this.#underWay.delete(key),
    );
    this.#underWay.set(key, running);
  }

  async #run(key: string, work: (operation: DueOperation) => Promise<Told>): Promise<void> {
    const { database, payments, log } = this.#options;
    try {
      const operation = await new DueOperations(database).get(key);
      if (operation === undefined) return;
      const told = await this.#toldOf(operation, work);
      if (told === undefined) return;
      const { sends } = await payments.apply({
        orderId: operation.orderId,
        message: { type: 'answer', key, answer: told.answer },
        causationId: key,
        ...(told.time === undefined ? {} : { providerTime: told.time }),
      });
      this.send(sends);
    } catch (err) {
      // Its lease runs out, and the worker goes on with it.
      log.warn({ err, idempotency_key: key }, 'an operation was not brought to an end; trying on');
    }
  }

  /** Undefined if the provider has not said what became of it, which is noted then. */
  async #toldOf(
    operation: DueOperation,
    work: (operation: DueOperation) => Promise<Told>,
  ): Promise<Told | undefined> {
    const { payments, log } = this.#options;
    try {
      return await work(operation);
    } catch (err) {
      if (!(err instanceof NoAnswer)) throw err;
      const { key, orderId, kind } = operation;
      log.warn({ err, idempotency_key: key, kind }, 'the outcome of an operation is unknown');
      await payments.silent(orderId, key);
      return undefined;
    }
  }

  #send(operation: DueOperation): Promise<Told> {
    return this.#options.provider.send(operation);
  }

  /** Asks first, since the provider may have done it; what it has never seen is sent under the same key. */
  async #finish(operation: DueOperation): Promise<Told> {
    const asked = await this.#options.provider.ask(operation);
    if (asked === 'unseen') return this.#send(operation);
    if (asked === 'under-way') throw new NoAnswer('the provider is at it');
    return asked;
  }
}
