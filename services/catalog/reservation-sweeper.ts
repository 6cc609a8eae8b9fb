import { settleInBackground } from '@meridian/kit/background.ts';
import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { METRICS } from '@meridian/kit/telemetry/names.ts';
import { counter } from '@meridian/kit/telemetry/registered.ts';
import type { Products } from './cached-products.ts';
import type { Reservations } from './reservations.ts';

/** Units are free this long after their reservation's time is up, at the latest, while nothing is amiss. */
const SWEEP_INTERVAL_MS = 5_000;

/** Reservations in one transaction: their stock is locked until it commits, and sales wait for it. */
const BATCH = 20;

/**
 * Expires the reservations whose time is up, until there are none, and says how many. Replicas that do so
 * at once share them.
 */
export async function sweepReservations(
  reservations: Pick<Reservations, 'expireSome'>,
  products: Pick<Products, 'forgetStock'>,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  while (signal?.aborted !== true) {
    const { expired, changed } = await reservations.expireSome(BATCH);
    await products.forgetStock(changed);
    total += expired;
    if (expired < BATCH) break;
  }
  return total;
}

/** Sweeps now and then, on every replica of the active release, until the process leaves. */
export function startSweeper(
  runtime: Runtime,
  reservations: Reservations,
  products: Pick<Products, 'forgetStock'>,
  intervalMs = SWEEP_INTERVAL_MS,
): void {
  const freed = counter(runtime.metrics.registry, {
    name: METRICS.reservationsExpired,
    help: 'Reservations that nobody committed in time and that this process freed',
  });
  const stop = new AbortController();
  let round: Promise<void> | undefined;
  const sweep = (): void => {
    round ??= settleInBackground('expired reservations', async () => {
      freed.inc(await sweepReservations(reservations, products, stop.signal));
    }).finally(() => {
      round = undefined;
    });
  };
  runtime.role.whenActive(() => {
    const timer = setInterval(() => runOutsideScope(sweep), intervalMs).unref();
    stop.signal.addEventListener('abort', () => clearInterval(timer));
  });
  runtime.onDrain('reservation sweeper', async () => {
    stop.abort();
    await round;
  });
}
