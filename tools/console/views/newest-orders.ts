import type { LogSource } from '../server/sources.ts';

/** An order that somebody may want to look at. */
export interface OrderHead {
  readonly id: string;
  /** Milliseconds since 1970 when its saga went on last. */
  readonly atMs: number;
  readonly phase: string;
  /** What its customer sees of it. */
  readonly status: string;
}

const LOOKED_BACK_MS = 3_600_000;
const ORDERS_MAX = 10;

/** The orders whose sagas went on last, the newest first, each as it was then. */
export async function newestOrders(
  logs: Pick<LogSource, 'sagas'>,
  nowMs: number,
): Promise<readonly OrderHead[]> {
  const newest = new Map<string, OrderHead>();
  for (const { atMs, fields } of await logs.sagas(nowMs - LOOKED_BACK_MS)) {
    const { order_id: id, phase = '', status = '' } = fields;
    if (id === undefined) continue;
    // Put behind all others, since the lines come in their order.
    newest.delete(id);
    newest.set(id, { id, atMs, phase, status });
  }
  return [...newest.values()].toReversed().slice(0, ORDERS_MAX);
}
