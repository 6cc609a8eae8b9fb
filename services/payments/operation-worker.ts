import { setTimeout as delay } from 'node:timers/promises';
import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { DueOperations } from './due-operations.ts';
import { Ledger } from './ledger.ts';
import type { OperationRunner } from './operation-runner.ts';
import type { PaymentMetrics } from './payment-metrics.ts';
import { removeOldWebhooks } from './webhook-table.ts';

/** What the worker works with. */
export interface WorkerOptions {
  readonly database: Pick<Database, 'query'>;
  readonly runner: OperationRunner;
  readonly metrics: PaymentMetrics;
  readonly log: Logger;
  readonly leaseMs: number;
  /** How often it looks for operations that are due. */
  readonly pollMs: number;
}

/** Operations that a worker has under way at most, so that a provider that returns is not run over. */
const UNDER_WAY_MAX = 16;
const METRICS_INTERVAL_MS = 10_000;
/** The ledger is summed, which takes longer the longer it is. */
const UPKEEP_INTERVAL_MS = 60_000;

/**
 * Finds operations whose outcome is open and has the runner bring them to an end: those that are unknown,
 * and those that a process left when it died. Every replica has one; a claim keeps them apart.
 */
export class OperationWorker {
  readonly #options: WorkerOptions;
  readonly #due: DueOperations;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #metricsDueMs = 0;
  #upkeepDueMs = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#due = new DueOperations(options.database);
  }

  /** Starts in the background; a database that is away is waited for. */
  start(): void {
    this.#running ??= runOutsideScope(() => this.#run());
  }

  /** Finds no more; what is under way is the runner's. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log, pollMs } = this.#options;
    const { signal } = this.#stop;
    let failed = false;
    while (!signal.aborted) {
      try {
        await this.#look();
        failed = false;
      } catch (err) {
        if (!failed) log.warn({ err }, 'open operations cannot be looked for; trying on');
        failed = true;
      }
      const stopped = (): void => undefined;
      await delay(pollMs, undefined, { signal }).catch(stopped);
    }
  }

  async #look(): Promise<void> {
    const { runner, leaseMs, metrics, database } = this.#options;
    const room = UNDER_WAY_MAX - runner.size;
    if (room > 0) runner.finish(await this.#due.claim(room, leaseMs));
    const nowMs = performance.now();
    if (nowMs >= this.#metricsDueMs) {
      this.#metricsDueMs = nowMs + METRICS_INTERVAL_MS;
      metrics.open(await this.#due.open());
    }
    if (nowMs < this.#upkeepDueMs) return;
    this.#upkeepDueMs = nowMs + UPKEEP_INTERVAL_MS;
    metrics.imbalances(await new Ledger(database).imbalances());
    await removeOldWebhooks(database);
  }
}
