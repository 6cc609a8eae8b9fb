import type { Session } from '@meridian/kit/postgres/database.ts';

/** How many entries one look goes through. */
const LOOK_MAX = 2_000;

/** An event may overtake the one before it on its way here, but not by so long. */
const GAP_AGE_MS = 60_000;

/**
 * Looks for missing versions behind the entries that no look has been through; one replica at a time.
 * Returns whether more entries wait for a look.
 */
export async function lookForGaps(session: Session, ageMs = GAP_AGE_MS): Promise<boolean> {
  const [look] = await session.query<{ readonly looked: number }>({
    name: 'audit_gaps_look',
    text: LOOK,
    values: [LOOK_MAX, ageMs],
  });
  return look?.looked === LOOK_MAX;
}

/** Forgets the gaps that were filled, and tells how many aggregates have one. */
export async function countGaps(session: Session): Promise<number> {
  await session.query({ name: 'audit_gaps_close', text: CLOSE });
  const [row] = await session.query<{ readonly aggregates: number }>({
    name: 'audit_gaps_count',
    text: 'SELECT count(DISTINCT (source, subject))::int AS aggregates FROM gaps',
  });
  return row?.aggregates ?? 0;
}

/** Of a version, given as columns: it is there, or a baseline that begins later. */
const isTold = (source: string, subject: string, version: string): string => `
  EXISTS (
    SELECT FROM events AS told
    WHERE told.source = ${source} AND told.subject = ${subject} AND told.version >= ${version}
      AND (told.version = ${version} OR told.kind = 'baseline'))`;

/** A successor of a log is looked through from its beginning. */
const LOOK = `
  WITH begun AS (
    SELECT head.log, CASE WHEN look.log = head.log THEN look.next_index ELSE 0 END AS next_index
    FROM gap_look AS look CROSS JOIN log_head AS head FOR UPDATE OF look SKIP LOCKED
  ), taken AS (
    SELECT begun.log, entry.index, event.source, event.subject, event.version, event.kind,
           event.ingested_at > now() - $2::bigint * interval '1 millisecond' AS young
    FROM begun JOIN entries AS entry ON entry.log = begun.log AND entry.index >= begun.next_index
    JOIN events AS event USING (source, id)
    ORDER BY entry.index LIMIT $1::integer
  ), looked AS (
    SELECT * FROM taken
    WHERE index < coalesce((SELECT min(index) FROM taken WHERE young), index + 1)
  ), found AS (
    INSERT INTO gaps (source, subject, version)
    SELECT source, subject, version - 1 FROM looked
    WHERE version > 1 AND kind = 'event'
      AND NOT ${isTold('looked.source', 'looked.subject', 'looked.version - 1')}
    ON CONFLICT DO NOTHING
  )
  UPDATE gap_look SET log = done.log, next_index = done.next_index
  FROM (SELECT log, max(index) + 1 AS next_index, count(*)::int AS looked FROM looked GROUP BY log) AS done
  RETURNING done.looked`;

const CLOSE = `DELETE FROM gaps WHERE ${isTold('gaps.source', 'gaps.subject', 'gaps.version')}`;
