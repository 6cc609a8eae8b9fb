import type { Session } from '../postgres/database.ts';
import { TRACEPARENT } from '../telemetry/tracing.ts';
import { CLOUD_EVENT_HEADERS, cloudEventHeaders } from './cloud-event.ts';
import type { OutgoingRecord } from './publisher.ts';

/** Channel of the notices that an outbox has new events; a channel belongs to its database. */
export const OUTBOX_CHANNEL = 'outbox';

/** Advisory lock of the one relay of a database; a number drawn once, since locks have no names. */
const RELAY_LOCK = '7221034871160327105';

/** An event of the outbox, ready to be published. */
export interface OutboxRecord {
  readonly id: string;
  readonly record: OutgoingRecord;
}

/** How much waits to be published. */
export interface Backlog {
  readonly events: number;
  /** Zero if nothing waits. */
  readonly oldestAgeSeconds: number;
}

interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  /** A bigint as text. */
  readonly version: string;
  readonly type: string;
  readonly payload: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly created_at: Date;
}

/** Takes the lock of the relay for as long as the session lives; false if another session has it. */
export async function tryRelayLock(session: Session): Promise<boolean> {
  const [row] = await session.query<{ readonly held: boolean }>({
    name: 'outbox_lock',
    text: 'SELECT pg_try_advisory_lock($1::bigint) AS held',
    values: [RELAY_LOCK],
  });
  return row?.held === true;
}

/** Tells whichever process runs the relay that there are new events. */
export async function notifyRelay(session: Session): Promise<void> {
  await session.query({
    name: 'outbox_notify',
    text: 'SELECT pg_notify($1, $2)',
    values: [OUTBOX_CHANNEL, ''],
  });
}

/**
 * The oldest events that are still marked unpublished: at most `rows`, and `bytes` of payload or one.
 * By that mark and never past a cursor: a transaction that began earlier may commit later. Those of
 * one aggregate are complete up to the last that is seen, since each was committed before the next
 * could take its position.
 */
export async function unpublished(
  session: Session,
  source: string,
  limits: { readonly rows: number; readonly bytes: number },
): Promise<readonly OutboxRecord[]> {
  const rows = await session.query<OutboxRow>({
    name: 'outbox_unpublished',
    text: UNPUBLISHED,
    values: [limits.rows, limits.bytes],
  });
  return rows.map(({ id, topic, key, version, type, payload, headers, created_at: time }) => ({
    id,
    record: {
      topic,
      key: Buffer.from(key),
      value: payload,
      headers: {
        ...cloudEventHeaders({
          id,
          source,
          type,
          subject: key,
          time,
          causationId: headers[CLOUD_EVENT_HEADERS.causationId],
          correlationId: headers[CLOUD_EVENT_HEADERS.correlationId] ?? id,
          aggregateVersion: BigInt(version),
        }),
        ...(headers[TRACEPARENT] === undefined ? {} : { [TRACEPARENT]: headers[TRACEPARENT] }),
      },
    },
  }));
}

/** Marks events as published. */
export async function markPublished(session: Session, ids: readonly string[]): Promise<void> {
  await session.query({
    name: 'outbox_mark',
    text: 'UPDATE outbox SET published_at = now() WHERE id = ANY($1::uuid[])',
    values: [ids],
  });
}

/** Deletes some of the events that were published so long ago; returns how many. */
export async function deletePublished(
  session: Session,
  retentionMs: number,
  limit: number,
): Promise<number> {
  const rows = await session.query({
    name: 'outbox_delete',
    text: DELETE_PUBLISHED,
    values: [retentionMs, limit],
  });
  return rows.length;
}

/** Measures what waits. */
export async function backlog(session: Session): Promise<Backlog> {
  const [row] = await session.query<{ readonly events: number; readonly age: number }>({
    name: 'outbox_backlog',
    text: `SELECT count(*)::int AS events,
                  coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS age
           FROM outbox WHERE published_at IS NULL`,
  });
  return { events: row?.events ?? 0, oldestAgeSeconds: Math.max(0, row?.age ?? 0) };
}

const UNPUBLISHED = `
  SELECT id, topic, key, version, type, payload, headers, created_at
  FROM (
    SELECT *, sum(octet_length(payload)) OVER (ORDER BY position) AS bytes_so_far
    FROM (SELECT * FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT $1) AS oldest
  ) AS measured
  WHERE bytes_so_far <= $2::bigint OR bytes_so_far = octet_length(payload)
  ORDER BY position`;

const DELETE_PUBLISHED = `
  DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE published_at < now() - $1::bigint * interval '1 millisecond'
    ORDER BY published_at LIMIT $2)
  RETURNING 1`;
