import type { EventRow, Row } from './row.ts';

/**
 * Rows so that causes stand before what they caused, and else in the order of time: clocks of several
 * machines alone would put an answer before its question. What is known to come before a row is the version
 * before of the same aggregate, the event that its causation names, and, for an effect, the state of the
 * order that decided it and the effects before; for a state of the order, the effects that were done by then.
 */
export function causalOrder(rows: readonly Row[], orderId: string): readonly Row[] {
  const left = rows.toSorted((one, other) => one.time.localeCompare(other.time));
  const ordered: Row[] = [];
  const isFree = (row: Row): boolean =>
    !left.some((other) => other !== row && precedes(other, row, orderId));
  while (left.length > 0) {
    // Of what contradicts itself the earliest goes first.
    const next = Math.max(0, left.findIndex(isFree));
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

function precedes(one: Row, other: Row, orderId: string): boolean {
  if (one.kind === 'event' && other.kind === 'event') {
    if (isSameAggregate(one, other)) return one.version < other.version;
    return other.causationId === one.id;
  }
  if (one.kind === 'effect' && other.kind === 'effect') return one.sequence < other.sequence;
  if (one.kind === 'event' && other.kind === 'effect') {
    return isOfOrder(one, orderId) && one.version <= other.orderVersion;
  }
  if (one.kind === 'effect' && other.kind === 'event') {
    if (other.causationId === one.idempotencyKey) return true;
    return isOfOrder(other, orderId) && one.orderVersion < other.version;
  }
  return false;
}

/** Keys are of a topic: the payment of an order has the order's, and versions of its own. */
function isSameAggregate(one: EventRow, other: EventRow): boolean {
  return one.service === other.service && one.aggregate === other.aggregate;
}

function isOfOrder({ service, aggregate }: EventRow, orderId: string): boolean {
  return service === 'orders' && aggregate === orderId;
}
