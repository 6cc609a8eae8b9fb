import { CodedError } from '@meridian/language/coded-error.ts';
import type { Session, Transactional } from '@meridian/kit/postgres/database.ts';
import type { Publications, SignedHead } from '../publication/publication.ts';
import { parseCheckpoint } from './checkpoint-note.ts';
import { LogStopped } from './log-stopped.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { mustExtend, newestRecorded } from './must-extend.ts';
import { tryLockOutSequencers } from './sequencer-session.ts';
import { readHead } from './tile-store.ts';
import type { LogHead } from './tile-store.ts';

/** The type of a successor's first entry, whose data is the last checkpoint of the log before it. */
export const PREDECESSOR_TYPE = 'meridian.audit.Predecessor';

/** Entries that are queued again by one statement. */
const PART = 50_000;

/** The log that begins, and the one that ended. */
export interface Successor {
  readonly log: number;
  readonly predecessor: { readonly origin: string; readonly size: bigint };
}

/**
 * Begins the next log where this one has stopped. Its first entry names the last published head of this one, and
 * all events that the database has follow, in the order that they had. Rows of this log stay as they are.
 * Sequencers that have stopped go on after a restart of their processes.
 *
 * @throws {CodedError} AUDIT_LOG_INTACT, AUDIT_SEQUENCER_ACTIVE
 */
export async function startSuccessor(
  database: Transactional,
  publications: Publications,
): Promise<Successor> {
  return database.transaction(async (transaction) => {
    if (!(await tryLockOutSequencers(transaction))) {
      throw new CodedError(
        'AUDIT_SEQUENCER_ACTIVE',
        'Audit log: no sequencer may work while its successor begins, got one that does; it has not stopped, so look at audit_log_stopped first.',
      );
    }
    const current = await readHead(transaction);
    const { log, origin } = current;
    const last = (await publications(log).newest()) ?? (await newestRecorded(transaction, log));
    if (last === undefined || (await extend(transaction, origin, last))) {
      throw new CodedError(
        'AUDIT_LOG_INTACT',
        `Audit log '${origin ?? log}': must have stopped, got one that extends what was published; restart audit, which goes on with it.`,
      );
    }
    const head = parseCheckpoint(last.note);
    await requeue(transaction, current, head.origin, last);
    return { log: log + 1, predecessor: { origin: head.origin, size: head.size } };
  });
}

async function extend(
  session: Session,
  origin: string | undefined,
  head: SignedHead,
): Promise<boolean> {
  try {
    await mustExtend(session, origin ?? parseCheckpoint(head.note).origin, head);
    return true;
  } catch (error) {
    if (error instanceof LogStopped) return false;
    throw error;
  }
}

async function requeue(
  session: Session,
  { log, size: sealed }: LogHead,
  origin: string,
  { note, size }: SignedHead,
): Promise<void> {
  const [source, id] = [`log:${origin}`, size.toString()];
  // Waits for those who are adding events: what they add would come before the first entry.
  await session.query({
    name: 'audit_hold_queue',
    text: 'LOCK TABLE pending IN EXCLUSIVE MODE',
  });
  await session.query({ name: 'audit_empty_queue', text: 'DELETE FROM pending' });
  await session.query({
    name: 'audit_add_predecessor',
    text: `WITH predecessor AS (
             INSERT INTO events (source, id, kind, type, subject, event_time, correlation_id, data)
             VALUES ($1, $2, 'baseline', $3, $4, now(), $2, $5) RETURNING source, id)
           INSERT INTO pending (source, id) SELECT source, id FROM predecessor`,
    values: [source, id, PREDECESSOR_TYPE, origin, Buffer.from(note)],
  });
  // In parts, each of which takes less time than a statement may.
  for (let from = 0; from < sealed; from += PART) {
    await session.query({
      name: 'audit_queue_sealed',
      text: `INSERT INTO pending (source, id) SELECT source, id FROM entries
             WHERE log = $1 AND index >= $2 AND index < $3 ORDER BY index`,
      values: [log, from, from + PART],
    });
  }
  await session.query({
    name: 'audit_queue_unsealed',
    text: `INSERT INTO pending (source, id) SELECT source, id FROM events
           WHERE NOT EXISTS (SELECT FROM entries WHERE log = $1
                             AND entries.source = events.source AND entries.id = events.id)
             AND (source, id) <> ($2, $3)
           ORDER BY ingested_at, source, id`,
    values: [log, source, id],
  });
  await session.query({
    name: 'audit_begin_log',
    text: `UPDATE log_head SET log = log + 1, origin = NULL, size = 0, root = $1, edge = '{}'`,
    values: [EMPTY_ROOT],
  });
}
