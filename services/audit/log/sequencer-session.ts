import type { Session } from '@meridian/kit/postgres/database.ts';
import { LogStopped } from './log-stopped.ts';

/** Advisory lock of the one sequencer of a database; a number drawn once, since locks have no names. */
const SEQUENCER_LOCK = '1693034967291948248';

/** Takes the lock of the sequencer for as long as the session lives; false if another session has it. */
export async function trySequencerLock(session: Session): Promise<boolean> {
  return lockBy(session, 'pg_try_advisory_lock');
}

/** Takes it for a transaction: no sequencer works meanwhile. */
export async function tryLockOutSequencers(transaction: Session): Promise<boolean> {
  return lockBy(transaction, 'pg_try_advisory_xact_lock');
}

async function lockBy(session: Session, lock: string): Promise<boolean> {
  const [row] = await session.query<{ readonly held: boolean }>({
    name: `audit_${lock}`,
    text: `SELECT ${lock}($1::bigint) AS held`,
    values: [SEQUENCER_LOCK],
  });
  return row?.held === true;
}

/** A log by its number, and by the name that it has on this platform. */
export interface NamedLog {
  readonly number: number;
  readonly origin: string;
}

/**
 * Gives the log its name, also another one while no head was signed with it; throws LogStopped if it has another,
 * or if the database has another log.
 */
export async function claimOrigin(session: Session, { number, origin }: NamedLog): Promise<void> {
  const [row] = await session.query<{ readonly log: number; readonly origin: string | null }>({
    name: 'audit_claim_origin',
    text: `WITH claimed AS (
             UPDATE log_head SET origin = $1
             WHERE log = $2 AND origin IS DISTINCT FROM $1 AND (origin IS NULL OR NOT EXISTS (
               SELECT FROM checkpoints WHERE checkpoints.log = log_head.log))
             RETURNING origin)
           SELECT log, coalesce(claimed.origin, log_head.origin) AS origin
           FROM log_head LEFT JOIN claimed ON true`,
    values: [origin, number],
  });
  if (row?.log !== number) {
    throw new LogStopped(
      `the database has log ${row?.log}, and this is '${origin}': it was restored to a moment before that began`,
    );
  }
  if (row.origin === origin) return;
  throw new LogStopped(
    `the database has log '${row.origin ?? ''}', and this is '${origin}': the platform has another trust domain than when its heads were signed`,
  );
}

/** How long the oldest event waits that no published head covers; in a successor, at most since that began. */
export async function lagSeconds(session: Session): Promise<number> {
  const [row] = await session.query<{ readonly age: number }>({
    name: 'audit_lag',
    text: `SELECT extract(epoch FROM now() - least(
             (SELECT added_at FROM pending ORDER BY position LIMIT 1),
             (SELECT greatest(waits.ingested_at, first.ingested_at)
              FROM entries AS oldest JOIN events AS waits USING (source, id),
                   entries AS begun JOIN events AS first USING (source, id)
              WHERE oldest.log = log_head.log AND oldest.index = published.size
                AND begun.log = log_head.log AND begun.index = 0),
             now()))::float8 AS age
           FROM log_head, LATERAL (SELECT coalesce(max(size), 0) AS size FROM checkpoints
                                   WHERE log = log_head.log) AS published`,
  });
  return Math.max(0, row?.age ?? 0);
}
