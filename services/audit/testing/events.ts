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

/** An event of an aggregate, with all that an event has. */
export function eventOf(subject: string, version: number): StoredEvent {
  return {
    kind: 'event',
    source: ORDERS,
    id: `${subject}-${version}`,
    type: 'meridian.orders.v1.OrderChanged',
    subject,
    version: BigInt(version),
    time: new Date(1_700_000_000_000 + version),
    causationId: version === 1 ? undefined : `${subject}-${version - 1}`,
    correlationId: subject,
    data: Buffer.from(`the state of ${subject} in version ${version}`),
    origin: { topic: 'orders.events.v1', partition: 0, offset: BigInt(version) },
  };
}
