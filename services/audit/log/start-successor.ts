import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import type { Transactional } from '@meridian/kit/postgres/database.ts';
import type { Publications } from '../publication/publication.ts';
import { LogStopped } from './log-stopped.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { mustGoOn } from './must-go-on.ts';
import { firstFreeLog, lastHeadBefore } from './predecessor.ts';
import type { Predecessor } from './predecessor.ts';
import { requeue } from './requeue.ts';
import type { FirstEntry } from './requeue.ts';
import { tryLockOutSequencers } from './sequencer-session.ts';
import { readHead } from './tile-store.ts';
import { vouchersFor, vouchersIn } from './vouched-head.ts';

/** The type of a successor's first entry, whose data is the last checkpoint of the log before it. */
export const PREDECESSOR_TYPE = 'meridian.audit.Predecessor';

/** The log that begins, and the one that ended. */
export interface Successor {
  readonly log: number;
  readonly predecessor: { readonly origin: string; readonly size: bigint };
}

/** What a successor is begun with. */
export interface SuccessorOptions {
  readonly publications: Publications;
  /** What the logs of this platform are called; each adds its number. */
  readonly name: string;
  /** Certificates of the platform's roots, as PEM. */
  readonly roots: string;
}

/**
 * Begins the next log where this one has stopped, whatever stopped it: the first one that nothing is published of.
 * Its first entry names the last signed head before it, and all events that the database has follow, in the order
 * that they had. Rows of this log stay as they are. Sequencers that have stopped go on after a restart of their
 * processes.
 *
 * @throws {CodedError} AUDIT_LOG_INTACT, AUDIT_SEQUENCER_ACTIVE, AUDIT_HEAD_ABSENT
 */
export async function startSuccessor(
  database: Transactional,
  { publications, name, roots }: SuccessorOptions,
): Promise<Successor> {
  const { log: number } = await readHead(database);
  // Before the transaction, which is not to wait for the bucket; and before the database is compared with it.
  const newest = await publications(number).newest();
  const successor = await publications(number + 1).newest();
  const next = await firstFreeLog(publications, number);
  const asked = vouchersIn(publications, roots);
  const read = {
    own: await vouchersFor(asked(number), newest),
    next: await vouchersFor(asked(number + 1), successor),
  };
  const vouchers = (log: number) => (log === number ? read.own : read.next);
  const last = await lastHeadBefore({ session: database, publications, roots }, next);
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
      current.log === number &&
      (await stoppedBecause(() => mustGoOn(transaction, log, { newest, successor, vouchers })));
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
    await requeue(transaction, number, firstEntry(last));
    await transaction.query({
      name: 'audit_begin_log',
      text: `UPDATE log_head SET log = $2, origin = NULL, size = 0, root = $1, edge = '{}'`,
      values: [EMPTY_ROOT, next],
    });
    return { log: next, predecessor: { origin: last.origin, size: last.size } };
  });
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

function firstEntry({ origin, size, note }: Predecessor): FirstEntry {
  const id = size.toString();
  const data = Buffer.from(note);
  return { source: `log:${origin}`, id, type: PREDECESSOR_TYPE, subject: origin, data };
}
