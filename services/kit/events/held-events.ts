import type { Session, Transaction } from '../postgres/database.ts';

/** Events of one aggregate, as one consumer has them. */
export interface Aggregate {
  readonly consumer: string;
  readonly topic: string;
  readonly key: Buffer;
}

/** An event as its record had it. */
export interface HeldEvent {
  readonly eventId: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

interface Row {
  readonly event_id: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Lets one at a time hold or release events of an aggregate, until its transaction ends. A member of the
 * group that does not know yet that its partition is another's may be at the same aggregate, and would
 * otherwise hold an event behind the last one that is just released.
 */
export async function lockAggregate(transaction: Transaction, of: Aggregate): Promise<void> {
  await transaction.query({
    name: 'held_lock',
    text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`${of.consumer}/${of.topic}/${of.key.toString('base64')}`],
  });
}

/** The event of an aggregate that is next to be released; undefined if it has none. */
export async function firstHeld(session: Session, of: Aggregate): Promise<HeldEvent | undefined> {
  const [row] = await session.query<Row>({
    name: 'held_first',
    text: `SELECT event_id, value, headers FROM held_events
           WHERE consumer = $1 AND topic = $2 AND key = $3 ORDER BY position LIMIT 1`,
    values: [of.consumer, of.topic, of.key],
  });
  return row && { eventId: row.event_id, value: row.value, headers: row.headers };
}

/** Adds an event behind the others of its aggregate. */
export async function addHeld(
  transaction: Transaction,
  of: Aggregate,
  { eventId, value, headers }: HeldEvent,
): Promise<void> {
  await transaction.query({
    name: 'held_add',
    text: `INSERT INTO held_events (consumer, topic, key, event_id, value, headers)
           VALUES ($1, $2, $3, $4, $5, $6)`,
    values: [of.consumer, of.topic, of.key, eventId, value, JSON.stringify(headers)],
  });
}

/** Whether an event of an aggregate waits. */
export async function isHeld(session: Session, of: Aggregate, eventId: string): Promise<boolean> {
  const found = await session.query({
    name: 'held_find',
    text: `SELECT 1 FROM held_events
           WHERE consumer = $1 AND topic = $2 AND key = $3 AND event_id = $4`,
    values: [of.consumer, of.topic, of.key, eventId],
  });
  return found.length > 0;
}

/** Moves an event of an aggregate to those that were dropped. */
export async function dropHeld(
  transaction: Transaction,
  of: Aggregate,
  eventId: string,
  reason: string,
): Promise<void> {
  await transaction.query({
    name: 'held_drop',
    text: `WITH held AS (
             DELETE FROM held_events
             WHERE consumer = $1 AND topic = $2 AND key = $3 AND event_id = $4 RETURNING *)
           INSERT INTO dropped_events
             (consumer, topic, key, event_id, value, headers, held_at, reason)
           SELECT consumer, topic, key, event_id, value, headers, held_at, $5 FROM held`,
    values: [of.consumer, of.topic, of.key, eventId, reason],
  });
}

/** Removes an event of an aggregate. */
export async function removeHeld(
  transaction: Transaction,
  of: Aggregate,
  eventId: string,
): Promise<void> {
  await transaction.query({
    name: 'held_remove',
    text: `DELETE FROM held_events
           WHERE consumer = $1 AND topic = $2 AND key = $3 AND event_id = $4`,
    values: [of.consumer, of.topic, of.key, eventId],
  });
}
