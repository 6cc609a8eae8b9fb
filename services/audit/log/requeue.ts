import type { Session } from '@meridian/kit/postgres/database.ts';

/** The first entry of a log that follows another one. */
export interface FirstEntry {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** Which log follows it, and with how many entries: `<name>:<number of them>`. */
  readonly correlationId: string;
  readonly data: Buffer;
}

/** How a log is queued again. */
interface Requeueing {
  /** Number of the log whose entries are queued again. */
  readonly log: number;
  readonly first: FirstEntry;
  /** Rows that one statement looks at, so that none takes longer where tables are larger. */
  readonly page: number;
}

const PAGE = 10_000;

/**
 * Queues all events again behind a first one, within a transaction: those that a log has sealed in their order, and
 * then those that wait. Each event that there is gets into the queue once, even where somebody changed the tables.
 */
export async function requeue(
  session: Session,
  log: number,
  first: FirstEntry,
  page = PAGE,
): Promise<void> {
  // Waits for those who are adding events.
  await session.query({
    name: 'audit_hold_queue',
    text: 'LOCK TABLE pending IN EXCLUSIVE MODE',
  });
  const given = { log, first, page };
  const [row] = await session.query<{ readonly waiting: string }>({
    name: 'audit_queue_begin',
    text: 'SELECT least(min(position), 1) AS waiting FROM pending',
  });
  // What waits stays where it is: what comes before it gets the positions below.
  const waiting = BigInt(row?.waiting ?? 1);
  await addFirst(session, first, await queueSealed(session, given, waiting));
  const fit = await takeWaiting(session, given, { waiting, taken: 'unfit' });
  if (fit === (await walkUnsealed(session, given, 'count'))) return;
  // Somebody changed what waits: all that is not sealed takes its place.
  await takeWaiting(session, given, { waiting, taken: 'all' });
  await walkUnsealed(session, given, 'queue');
}

/** Of an item: it has a place in the log $1. Looked up by itself: a join may read all of the table. */
const IS_SEALED = `coalesce((SELECT true FROM entries AS sealed WHERE sealed.log = $1::integer
    AND sealed.source = item.source AND sealed.id = item.id LIMIT 1), false)`;

/** Of an item: the event is there. */
const IS_KEPT = `coalesce((SELECT true FROM events AS kept
    WHERE kept.source = item.source AND kept.id = item.id LIMIT 1), false)`;

/** Of an item: it is the first entry, which may have been queued or sealed by a successor that did not come far. */
const IS_FIRST = '(item.source, item.id) = ($2::text, $3::text)';

/** Queues all entries, the last one first, below a position; returns the next position below them. */
async function queueSealed(
  session: Session,
  { log, first, page }: Requeueing,
  waiting: bigint,
): Promise<bigint> {
  let below = waiting;
  for (let index = BEYOND; ;) {
    // By itself, so that the entries are found by a range: for an order the planner may sort all of them.
    const [end] = await session.query<{ readonly last: string | null }>({
      name: 'audit_queue_entry',
      text: 'SELECT max(index) AS last FROM entries WHERE log = $1 AND index < $2',
      values: [log, index],
    });
    if (!end?.last) return below - 1n;
    const last = BigInt(end.last);
    index = last - BigInt(page) + 1n;
    const [part] = await session.query<{ readonly position: string }>({
      name: 'audit_queue_sealed',
      text: `WITH part AS MATERIALIZED (
               SELECT source, id, $6::bigint - row_number() OVER (ORDER BY index DESC) AS position
               FROM entries WHERE log = $1 AND index >= $4 AND index <= $5
             ), queued AS (
               INSERT INTO pending (position, source, id) OVERRIDING SYSTEM VALUE
               SELECT position, source, id FROM part AS item WHERE ${IS_KEPT} AND NOT ${IS_FIRST}
             )
             SELECT min(position) AS position FROM part`,
      values: [log, first.source, first.id, index, last, below],
    });
    below = BigInt(part?.position ?? below);
  }
}

/** No index is as large. */
const BEYOND = 2n ** 63n - 1n;

async function addFirst(
  session: Session,
  { source, id, type, subject, correlationId, data }: FirstEntry,
  position: bigint,
): Promise<void> {
  await session.query({
    name: 'audit_add_first',
    // There already where a successor that no head was published of named it as well.
    text: `WITH added AS (
             INSERT INTO events (source, id, kind, type, subject, event_time, correlation_id, data)
             VALUES ($1, $2, 'baseline', $3, $4, now(), $7, $5) ON CONFLICT DO NOTHING)
           INSERT INTO pending (position, source, id) OVERRIDING SYSTEM VALUE VALUES ($6, $1, $2)`,
    values: [source, id, type, subject, data, position, correlationId],
  });
}

/** Takes what waits from a position on: all, or what is sealed or gone. Returns how many are left. */
async function takeWaiting(
  session: Session,
  { log, first, page }: Requeueing,
  { waiting, taken }: { readonly waiting: bigint; readonly taken: 'unfit' | 'all' },
): Promise<number> {
  const unfit = `${IS_SEALED} OR ${IS_FIRST} OR NOT ${IS_KEPT}`;
  let left = 0;
  for (let from = waiting; ;) {
    const [part] = await session.query<{ readonly last: string | null; readonly rows: number }>({
      name: 'audit_queue_part',
      text: `SELECT max(position) AS last, count(*)::int AS rows FROM (
               SELECT position FROM pending WHERE position >= $1 ORDER BY position LIMIT $2) AS part`,
      values: [from, page],
    });
    if (!part?.last) return left;
    const rows = await session.query({
      name: `audit_take_${taken}`,
      text: `DELETE FROM pending AS item WHERE position >= $4 AND position <= $5
             AND ($6 OR ${unfit}) RETURNING 1`,
      values: [log, first.source, first.id, from, part.last, taken === 'all'],
    });
    left += part.rows - rows.length;
    from = BigInt(part.last) + 1n;
  }
}

/** Goes through all events by their keys, and queues or only counts those that the log has not sealed. */
async function walkUnsealed(
  session: Session,
  { log, first, page }: Requeueing,
  what: 'count' | 'queue',
): Promise<number> {
  let count = 0;
  for (let last = { source: '', id: '' }; ;) {
    const [part] = await session.query<{ source: string; id: string; unsealed: number }>({
      name: `audit_${what}_unsealed`,
      text: `WITH part AS MATERIALIZED (
               SELECT source, id, ingested_at, NOT ${IS_SEALED} AND NOT ${IS_FIRST} AS is_unsealed
               FROM events AS item WHERE (source, id) > ($4, $5) ORDER BY source, id LIMIT $6
             ), queued AS (
               INSERT INTO pending (source, id) SELECT source, id FROM part
               WHERE is_unsealed AND $7 ORDER BY ingested_at, source, id
             )
             SELECT source, id, (SELECT count(*)::int FROM part WHERE is_unsealed) AS unsealed
             FROM part ORDER BY source DESC, id DESC LIMIT 1`,
      values: [log, first.source, first.id, last.source, last.id, page, what === 'queue'],
    });
    if (part === undefined) return count;
    count += part.unsealed;
    last = part;
  }
}
