import type { Session } from '@meridian/kit/postgres/database.ts';
import type { SignedHead } from '../publication/publication.ts';
import { isSignedBy, parseCheckpoint, signersOf } from './checkpoint-note.ts';
import type { CheckpointText } from './checkpoint-note.ts';
import { LogStopped } from './log-stopped.ts';
import { rangeRoot, readTiles, tilesBelow } from './tile-store.ts';

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

/** Throws LogStopped unless the tree in the database begins with that of a head, and the head is one of the log's. */
export async function mustExtend(
  session: Session,
  origin: string,
  { note }: SignedHead,
): Promise<void> {
  const said = readNote(note, origin);
  if (said.origin !== origin) {
    throw new LogStopped(`the published head is of log '${said.origin}', and this is '${origin}'`);
  }
  const range = { begin: 0, end: Number(said.size) };
  const tiles = await readTiles(session, tilesBelow([range]));
  if (range.end > tiles.head.size) {
    throw new LogStopped(
      `${said.size} entries of log '${origin}' are published, and the database has ${tiles.head.size}: it was restored to an earlier moment`,
    );
  }
  if (rangeRoot(tiles, range)?.equals(said.root) !== true) {
    throw new LogStopped(
      `the first ${said.size} entries of log '${origin}' in the database are not those that were published: it was changed, or restored to an earlier moment`,
    );
  }
  const keys = await session.query<{ readonly vkey: string }>({
    name: 'audit_keys_by_id',
    text: 'SELECT vkey FROM log_keys WHERE key_id = ANY($1::text[])',
    values: [signersOf(note)],
  });
  if (!keys.some(({ vkey }) => isSignedBy(note, vkey))) {
    throw new LogStopped(
      `the published head of ${said.size} entries is signed by no key of log '${origin}' in the database`,
    );
  }
}

function readNote(note: string, origin: string): CheckpointText {
  try {
    return parseCheckpoint(note);
  } catch (cause) {
    throw new LogStopped(
      `what is published for log '${origin}' must be a checkpoint, got another text`,
      { cause },
    );
  }
}
