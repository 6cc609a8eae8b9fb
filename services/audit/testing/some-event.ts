import type { StoredEvent } from '../stored-event.ts';

export const ORDERS = 'spiffe://meridian.local/ns/meridian/sa/orders';
export const CATALOG = 'spiffe://meridian.local/ns/meridian/sa/catalog';

/** An event of an order `o-1`, with what a test changes of it. */
export function someEvent(id: string, changes: Partial<StoredEvent> = {}): StoredEvent {
  return {
    ...{ kind: 'event', source: ORDERS, id, type: 'meridian.orders.v1.OrderChanged' },
    ...{ subject: 'o-1', version: undefined, causationId: undefined, correlationId: 'o-1' },
    time: new Date('2026-01-02T03:04:05.678Z'),
    data: Buffer.from(id),
    ...changes,
  };
}
