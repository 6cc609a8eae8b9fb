import { inBackground } from '@meridian/kit/background.ts';
import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { sendEffect } from './effect-calls.ts';
import type { Peers } from './effect-calls.ts';
import { EffectStore } from './effect-store.ts';
import { EffectWorker } from './effect-worker.ts';
import type { WorkerSettings } from './effect-worker.ts';
import type { ChangeListener } from './order-changes.ts';
import { OrderWatch } from './order-watch.ts';
import type { WatchSettings } from './order-watch.ts';
import { sagaLog } from './saga-log.ts';
import { sagaMetrics } from './saga-metrics.ts';
import { STUCK_MS } from './saga/phases.ts';
import { Sagas } from './sagas.ts';
import type { ordersEvents } from './topics.ts';

const UPKEEP_MS = 10_000;

/** What runs sagas in a process. */
export interface OpenSagas {
  readonly sagas: Sagas;
  readonly watch: OrderWatch;
}

/**
 * Sets up what runs the sagas: who sends effects once the release of the process is active, who tells
 * those that wait, and who measures. All of it stops as the process leaves.
 */
export function openSagas(
  runtime: Runtime,
  database: Database,
  outbox: Outbox<typeof ordersEvents>,
  peers: Peers,
  settings: Partial<WorkerSettings & WatchSettings> = {},
): OpenSagas {
  const { log, metrics, tracing } = runtime;
  const counted = sagaMetrics(metrics.registry);
  const watch = new OrderWatch({ database, log, settings });
  const effects = new EffectStore(database);
  const listener: ChangeListener = {
    wentOn: sagaLog(log),
    changed: (order) => {
      counted.changed(order);
      watch.changed(order.saga.orderId);
    },
    asked: () => worker.wake(),
    unexpected: (order, facts) => {
      counted.unexpected();
      log.error({ order_id: order.saga.orderId, facts }, 'a saga has no transition for a fact');
    },
  };
  const sagas = new Sagas(database, outbox, listener);
  const worker = new EffectWorker({
    effects,
    send: (effect) => sendEffect(peers, effect),
    apply: (effect, message) => sagas.answer(effect, message),
    ...{ log, tracing, settings },
  });
  const measure = (): void =>
    inBackground('saga backlog', async () => counted.backlog(await effects.backlog(STUCK_MS)));
  const timer = runOutsideScope(() => setInterval(measure, UPKEEP_MS).unref());
  watch.start();
  runtime.role.whenActive(() => worker.start());
  runtime.onDrain('waiting reads', () => watch.close());
  runtime.onDrain('effects of sagas', (graceMs) => worker.stop(graceMs));
  runtime.onRelease('order watch', () => watch.release());
  runtime.onRelease('saga backlog', () => clearInterval(timer));
  return { sagas, watch };
}
