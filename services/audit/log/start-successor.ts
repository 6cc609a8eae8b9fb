import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import type { Session, Transactional } from '@meridian/kit/postgres/database.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { Publications } from '../publication/publication.ts';
import { LogStopped } from './log-stopped.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { mustGoOn } from './must-go-on.ts';
import type { Published } from './must-go-on.ts';
import { firstFreeLog, lastHeadBefore, newestSigned } from './predecessor.ts';
import { requeue } from './requeue.ts';
import type { FirstEntry } from './requeue.ts';
import { differingRows } from './sealed-rows.ts';
import { tryLockOutSequencers } from './sequencer-session.ts';
import type { NamedLog } from './sequencer-session.ts';
import { readHead } from './tile-store.ts';
import { vouchersFor, vouchersIn } from './vouched-head.ts';
import type { VouchedHead } from './vouched-head.ts';

/** The type of a successor's first entry, whose data is the last checkpoint of the log before it. */
export const PREDECESSOR_TYPE = 'meridian.audit.Predecessor';

/** The log that begins, and the one that ended. */
export interface Successor {
  readonly log: number;
  readonly predecessor: { readonly origin: string; readonly size: bigint };
  /** What is not as it was sealed and follows all the same, in words; empty where there is nothing. */
  readonly despite: string;
}

/** What a successor is begun with. */
export interface SuccessorOptions {
  readonly publications: Publications;
  /** What the logs of this platform are called; each adds its number. */
  readonly name: string;
  /** Certificates of the platform's roots, as PEM. */
  readonly roots: string;
  readonly log: Pick<Logger, 'error'>;
  /** Begins it also where rows are not what was sealed, or the log could go on. @default false */
  readonly anyway?: boolean;
}

/**
 * Begins the next log where this one has stopped, whatever stopped it: the first one that nothing is published of.
 * Its first entry names the last signed head before it, and all events that the database has follow, in the order
 * that they had: it refuses where they are not what was sealed, unless told otherwise. Rows of this log stay as they
 * are. Sequencers that have stopped go on after a restart of their processes.
 *
 * @throws {CodedError} AUDIT_LOG_INTACT, AUDIT_SEQUENCER_ACTIVE, AUDIT_HEAD_ABSENT, AUDIT_ROWS_CHANGED
 */
export async function startSuccessor(
  database: Transactional,
  { publications, name, roots, log: logger, anyway = false }: SuccessorOptions,
): Promise<Successor> {
  const before = await readHead(database);
  const number = before.log;
  // Before the transaction, which is not to wait for the bucket; and before the database is compared with it.
  const published = await readPublished(publications, number, roots);
  const next = await firstFreeLog(publications, number);
  const search = { session: database, publications, roots };
  const last = await lastHeadBefore(search, next);
  const reached = await newestSigned(search, number, BigInt(before.size) + 1n);
  return database.transaction(async (transaction) => {
    if (!(await tryLockOutSequencers(transaction))) {
      throw new CodedError(
        'AUDIT_SEQUENCER_ACTIVE',
        'Audit log: no sequencer may work while its successor begins, got one that does; it has not stopped, so look at audit_log_stopped first.',
      );
    }
    const current = await readHead(transaction);
    const log = { number, origin: `${name}/${number}` };
    const stopped =
      current.log === number && (await stoppedBecause(() => mustGoOn(transaction, log, published)));
    if (!stopped) {
      throw new CodedError(
        'AUDIT_LOG_INTACT',
        `Audit log '${name}/${current.log}': must have stopped, got one that extends what was published; restart audit, which goes on with it.`,
      );
    }
    if (last === undefined) {
      throw new CodedError(
        'AUDIT_HEAD_ABSENT',
        `Audit log '${log.origin}': must have a published head that its successor can name, got none that a key of this platform signed (${messageOf(stopped)}); take away from the bucket what somebody else wrote there, or put the bucket's address right, and restart audit, which goes on.`,
      );
    }
    const differing = await differingRows(transaction, number, reached);
    const despite = differing ?? '';
    if (anyway) {
      logger.error({ despite }, `log ${next} of the audit trail begins because somebody said so`);
    } else {
      await mustNotGoOn(transaction, log, { ...published, newest: last, stopped });
      if (differing !== undefined) throw rowsDiffer(log, differing);
    }
    await requeue(transaction, number, firstEntry(last, `${log.origin}:${current.size}`));
    await transaction.query({
      name: 'audit_begin_log',
      text: `UPDATE log_head SET log = $2, origin = NULL, size = 0, root = $1, edge = '{}'`,
      values: [EMPTY_ROOT, next],
    });
    return { log: next, predecessor: { origin: last.origin, size: last.size }, despite };
  });
}

/** What a log is compared with, and who vouches for it, all of it read. */
async function readPublished(
  publications: Publications,
  number: number,
  roots: string,
): Promise<Published> {
  const newest = await publications(number).newest();
  const successor = await publications(number + 1).newest();
  const asked = vouchersIn(publications, roots);
  const own = await vouchersFor(asked(number), newest);
  const next = await vouchersFor(asked(number + 1), successor);
  return { newest, successor, vouchers: (log) => (log === number ? own : next) };
}

/**
 * A log that stopped only for what somebody else wrote goes on once that is taken away.
 *
 * @throws {CodedError} AUDIT_LOG_INTACT
 */
async function mustNotGoOn(
  session: Session,
  log: NamedLog,
  { newest: last, stopped, vouchers }: StoppedLog,
): Promise<void> {
  // Else there is a log behind this one.
  if (last.origin !== log.origin) return;
  const compared = { newest: last, successor: undefined, vouchers };
  if ((await stoppedBecause(() => mustGoOn(session, log, compared))) !== undefined) return;
  throw new CodedError(
    'AUDIT_LOG_INTACT',
    `Audit log '${log.origin}': must have stopped for what its database has, got one that extends the newest head that its keys signed (${messageOf(stopped)}); take away from the bucket what somebody else wrote there (D in docs/runbooks/audit-log-stopped.md) and restart audit, which goes on, or give --anyway where nobody can.`,
  );
}

interface StoppedLog extends Pick<Published, 'vouchers'> {
  readonly newest: VouchedHead;
  readonly stopped: LogStopped;
}

function rowsDiffer({ origin }: NamedLog, differing: string): CodedError {
  return new CodedError(
    'AUDIT_ROWS_CHANGED',
    `Audit log '${origin}': must have rows that are what was sealed, got others: ${differing}; the database was changed, an incident (docs/runbooks/audit-log-stopped.md): restore it, or give --anyway, which seals them as they are.`,
  );
}

async function stoppedBecause(goOn: () => Promise<unknown>): Promise<LogStopped | undefined> {
  try {
    await goOn();
    return undefined;
  } catch (error) {
    if (error instanceof LogStopped) return error;
    throw error;
  }
}

function firstEntry({ origin, size, note }: VouchedHead, correlationId: string): FirstEntry {
  const id = size.toString();
  const data = Buffer.from(note);
  return {
    source: `log:${origin}`,
    id,
    type: PREDECESSOR_TYPE,
    subject: origin,
    correlationId,
    data,
  };
}
