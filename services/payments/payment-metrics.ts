import { LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { counter, gauge } from '@meridian/kit/telemetry/registered.ts';
import type { MetricsRegistry } from '@meridian/kit/telemetry/registered.ts';
import type { OpenOperations } from './due-operations.ts';
import type { OperationKind, OperationStatus } from './payment-state.ts';

/** What became of a webhook. */
export type WebhookOutcome = 'taken' | 'known' | 'unmatched' | 'refused';

/** Metrics of payments. */
export interface PaymentMetrics {
  /** Notes what became of an operation. */
  operation(kind: OperationKind, status: OperationStatus): void;
  /** Notes that the provider said something else before. */
  contradiction(): void;
  webhook(outcome: WebhookOutcome): void;
  /** Notes how many operations are unknown, and since when. */
  open(open: OpenOperations): void;
  /** Notes how far each currency is from zero. */
  imbalances(imbalances: ReadonlyMap<string, bigint>): void;
}

/** Registers the metrics; once for each process. */
export function paymentMetrics(registry: MetricsRegistry): PaymentMetrics {
  const operations = counter(registry, {
    name: METRICS.paymentOperations,
    help: 'Operations of payments whose outcome became known, or unknown',
  });
  const contradictions = counter(registry, {
    name: METRICS.paymentContradictions,
    help: 'Outcomes that the provider told and that differ from what it told before',
  });
  const webhooks = counter(registry, {
    name: METRICS.paymentWebhooks,
    help: 'Webhooks of the payment provider, by what became of them',
  });
  const unknown = gauge(registry, {
    name: METRICS.paymentOperationsUnknown,
    help: 'Operations whose outcome is unknown; the same from every replica',
  });
  const age = gauge(registry, {
    name: METRICS.paymentOldestUnknownAge,
    help: 'Age of the oldest operation whose outcome is unknown, in seconds; 0 if there is none',
  });
  const imbalance = gauge(registry, {
    name: METRICS.ledgerImbalance,
    help: 'How far the ledger is from zero, in minor units, by currency; always 0',
  });
  return {
    operation: (kind, status) =>
      operations.inc({ [LABELS.paymentOperation]: kind, [LABELS.outcome]: status }),
    contradiction: () => contradictions.inc(),
    webhook: (outcome) => webhooks.inc({ [LABELS.outcome]: outcome }),
    open: (open) => {
      unknown.set(open.unknown);
      age.set(open.oldestAgeSeconds);
    },
    imbalances: (imbalances) => {
      for (const [currency, sum] of imbalances) {
        imbalance.set({ [LABELS.currency]: currency }, Number(sum));
      }
    },
  };
}
