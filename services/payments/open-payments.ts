import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import type { Outbox } from '@meridian/kit/events/outbox.ts';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import type { Backoff } from './due-operations.ts';
import type { PaymentsWorkshop } from './handler.ts';
import { OperationRunner } from './operation-runner.ts';
import { OperationWorker } from './operation-worker.ts';
import { paymentMetrics } from './payment-metrics.ts';
import { Payments } from './payments.ts';
import { PROVIDER_TIMEOUT_MS, ProviderClient } from './provider-client.ts';
import type { paymentsEvents } from './topics.ts';
import { Webhooks } from './webhooks.ts';

/** How payments work; the defaults are for production, tests may be quicker. */
export interface PaymentsSettings {
  /** How long the provider may take for one operation. */
  readonly providerTimeoutMs: number;
  /** How long an answer waits for it. */
  readonly answerWithinMs: number;
  /** After so long an operation that nobody has finished was left; longer than the provider may take. */
  readonly leaseMs: number;
  readonly backoff: Backoff;
  readonly pollMs: number;
}

export const DEFAULT_SETTINGS: PaymentsSettings = {
  providerTimeoutMs: PROVIDER_TIMEOUT_MS,
  answerWithinMs: PROVIDER_TIMEOUT_MS + 500,
  leaseMs: 3 * PROVIDER_TIMEOUT_MS,
  backoff: { firstMs: 1_000, maxMs: 300_000 },
  pollMs: 1_000,
};

/** What is opened, and what its parts are. */
export interface OpenedPayments extends PaymentsWorkshop {
  readonly worker: OperationWorker;
}

/**
 * Sets up what the methods work with, and the worker that finishes what was left open; it works for the
 * active release only.
 */
export function openPayments(
  runtime: Pick<Runtime, 'metrics' | 'log' | 'role' | 'onDrain' | 'onRelease'>,
  database: Database,
  outbox: Outbox<typeof paymentsEvents>,
  binding: ExternalBinding,
  settings: PaymentsSettings = DEFAULT_SETTINGS,
): OpenedPayments {
  const { log } = runtime;
  const { providerTimeoutMs, leaseMs, backoff, pollMs, answerWithinMs } = settings;
  const metrics = paymentMetrics(runtime.metrics.registry);
  const provider = new ProviderClient(binding, providerTimeoutMs);
  const payments = new Payments({ database, outbox, metrics, log, leaseMs, backoff });
  const runner = new OperationRunner({ database, payments, provider, log });
  const worker = new OperationWorker({ database, runner, metrics, log, leaseMs, pollMs });
  const webhooks = new Webhooks({ binding, database, payments, runner, metrics, log });
  runtime.role.whenActive(() => worker.start());
  runtime.onDrain('operations', async (graceMs) => {
    await worker.stop();
    await runner.drain(graceMs);
  });
  runtime.onRelease('payment provider', () => provider.close());
  const pages = new PageTokens(pageKeyOfTable(database));
  return { database, payments, runner, provider, webhooks, pages, answerWithinMs, worker };
}
