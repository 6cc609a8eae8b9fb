import type { Session } from '@meridian/kit/postgres/database.ts';
import type { SignedHead } from '../publication/publication.ts';
import { isSignedBy, parseCheckpoint, signersOf } from './checkpoint-note.ts';
import type { CheckpointText } from './checkpoint-note.ts';
import { LogStopped } from './log-stopped.ts';
import { claimOrigin } from './sequencer-session.ts';
import type { NamedLog } from './sequencer-session.ts';
import { rangeRoot, readHead, readTiles, tilesBelow } from './tile-store.ts';

/** The newest head of a log that is recorded as published. */
export async function newestRecorded(
  session: Session,
  log: number,
): Promise<SignedHead | undefined> {
  const [row] = await session.query<{ readonly size: string; readonly note: string }>({
    name: 'audit_recorded_head',
    text: 'SELECT size, note FROM checkpoints WHERE log = $1 ORDER BY size DESC LIMIT 1',
    values: [log],
  });
  return row === undefined ? undefined : { size: BigInt(row.size), note: row.note };
}

/** The newest that is published of a log, and of the one behind it; read before the database. */
export interface Published {
  readonly newest: SignedHead | undefined;
  readonly successor: SignedHead | undefined;
}

/**
 * Throws LogStopped unless the log in the database may go on: it has its name, no successor, and extends what is
 * published and recorded. A sequencer works only behind this, and a successor begins only where it throws. Returns
 * the recorded head.
 */
export async function mustGoOn(
  session: Session,
  log: NamedLog,
  { newest, successor }: Published,
): Promise<SignedHead | undefined> {
  await claimOrigin(session, log);
  if (successor !== undefined) {
    throw new LogStopped(
      `log '${log.origin}' has ended: heads of log ${log.number + 1}, its successor, are published, and the database was restored to a moment before that began`,
    );
  }
  return mustExtend(session, log, newest);
}

/** Throws LogStopped unless the tree in the database begins with those of the published head and of the recorded one, which it returns. */
export async function mustExtend(
  session: Session,
  { number, origin }: NamedLog,
  published: SignedHead | undefined,
): Promise<SignedHead | undefined> {
  const recorded = await newestRecorded(session, number);
  if (published !== undefined) await mustExtendHead(session, origin, published);
  if (recorded !== undefined) await mustExtendHead(session, origin, recorded);
  return recorded;
}

async function mustExtendHead(
  session: Session,
  origin: string,
  { size, note }: SignedHead,
): Promise<void> {
  const said = readNote(note, size, origin);
  if (said.origin !== origin) {
    throw new LogStopped(
      `the published head of ${size} entries is of log '${said.origin}', and this is '${origin}'`,
    );
  }
  // Else no head of the log would be the newest again, and nothing would say so.
  if (said.size !== size) {
    throw new LogStopped(
      `what is published of log '${origin}' as the head of ${size} entries is that of ${said.size}`,
    );
  }
  // Before tiles are asked for: none is numbered as high as a text may say.
  const { size: sealed } = await readHead(session);
  if (size > BigInt(sealed)) {
    throw new LogStopped(
      `${size} entries of log '${origin}' are published, and the database has ${sealed}: it was restored to an earlier moment`,
    );
  }
  const range = { begin: 0, end: Number(size) };
  const tiles = await readTiles(session, tilesBelow([range]));
  if (rangeRoot(tiles, range)?.equals(said.root) !== true) {
    throw new LogStopped(
      `the first ${size} entries of log '${origin}' in the database are not those that were published: it was changed, or restored to an earlier moment`,
    );
  }
  const keys = await session.query<{ readonly vkey: string }>({
    name: 'audit_keys_by_id',
    text: 'SELECT vkey FROM log_keys WHERE key_id = ANY($1::text[])',
    values: [signersOf(note)],
  });
  if (!keys.some(({ vkey }) => isSignedBy(note, vkey))) {
    throw new LogStopped(
      `the published head of ${size} entries is signed by no key of log '${origin}' in the database`,
    );
  }
}

function readNote(note: string, size: bigint, origin: string): CheckpointText {
  try {
    return parseCheckpoint(note);
  } catch (cause) {
    throw new LogStopped(
      `what is published of log '${origin}' as the head of ${size} entries must be a checkpoint, got another text`,
      { cause },
    );
  }
}
