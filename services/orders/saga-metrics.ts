import type { MetricName } from '@meridian/language/metrics.ts';
import { LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { counter, gauge } from '@meridian/kit/telemetry/registered.ts';
import type { MetricsRegistry } from '@meridian/kit/telemetry/registered.ts';
import type { EffectBacklog } from './effect-store.ts';
import { PHASES } from './saga/phases.ts';
import type { StoredOrder } from './stored-order.ts';

/** Metrics of a process that runs sagas. */
export interface SagaMetrics {
  /** An order has changed. */
  changed(order: StoredOrder): void;
  /** A fact came that the table of states has no row for. */
  unexpected(): void;
  backlog(backlog: EffectBacklog): void;
}

/** Registers the metrics of sagas; once for each process. */
export function sagaMetrics(registry: MetricsRegistry): SagaMetrics {
  const one = (name: MetricName<'gauge'>, help: string) => gauge(registry, { name, help });
  const changes = counter(registry, {
    name: METRICS.orderChanges,
    help: 'Changes of orders, by the status that they were left in',
  });
  const unexpected = counter(registry, {
    name: METRICS.sagaUnexpectedFacts,
    help: 'Facts about an order that its saga has no transition for',
  });
  const due = one(METRICS.sagaEffectsDue, 'Effects of sagas that are due and not sent');
  const age = one(METRICS.sagaEffectsOldestAge, 'How long the oldest effect has been due');
  const stuck = one(
    METRICS.sagaStuckOrders,
    'Orders that have not gone on, or an effect of which has had no answer, for longer than a saga takes',
  );
  const unbalanced = one(
    METRICS.ordersUnbalanced,
    'Confirmed orders whose captured sum differs from their total, and cancelled ones that kept money',
  );
  return {
    changed: ({ saga }) => changes.inc({ [LABELS.status]: PHASES[saga.phase].status }),
    unexpected: () => unexpected.inc(),
    backlog: (backlog) => {
      due.set(backlog.due);
      age.set(backlog.oldestAgeSeconds);
      stuck.set(backlog.stuckOrders);
      unbalanced.set(backlog.unbalancedOrders);
    },
  };
}
