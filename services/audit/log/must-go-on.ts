import type { Session } from '@meridian/kit/postgres/database.ts';
import type { SignedHead } from '../publication/publication.ts';
import { parseCheckpoint } from './checkpoint-note.ts';
import type { CheckpointText } from './checkpoint-note.ts';
import { isVouchedFor, vouchedHead } from './vouched-head.ts';
import type { Vouchers, VouchersOfLog } from './vouched-head.ts';
import { LogStopped } from './log-stopped.ts';
import { claimOrigin } from './sequencer-session.ts';
import type { NamedLog } from './sequencer-session.ts';
import { rangeRoot, readHead, readTiles, tilesBelow } from './tile-store.ts';

/** The newest head of a log that is recorded as published, or the newest one below a size. */
export async function newestRecorded(
  session: Session,
  log: number,
  below = 2n ** 63n - 1n,
): Promise<SignedHead | undefined> {
  const [row] = await session.query<{ readonly size: string; readonly note: string }>({
    name: 'audit_recorded_head',
    text: 'SELECT size, note FROM checkpoints WHERE log = $1 AND size < $2 ORDER BY size DESC LIMIT 1',
    values: [log, below],
  });
  return row === undefined ? undefined : { size: BigInt(row.size), note: row.note };
}

/** The newest that is published of a log, and of the one behind it, read before the database; and who vouches for it. */
export interface Published {
  readonly newest: SignedHead | undefined;
  readonly successor: SignedHead | undefined;
  readonly vouchers: VouchersOfLog;
}

/**
 * Throws LogStopped unless the log in the database may go on: it has its name, no successor, and extends what is
 * published and recorded. A sequencer works only behind this, and a successor begins only where it throws. Returns
 * the recorded head.
 */
export async function mustGoOn(
  session: Session,
  log: NamedLog,
  { successor, ...published }: Published,
): Promise<SignedHead | undefined> {
  await claimOrigin(session, log);
  if (successor !== undefined) {
    const next = log.number + 1;
    await mustBeOfSuccessor(session, published.vouchers(next), next, successor);
    throw new LogStopped(
      `log '${log.origin}' has ended: heads of log ${next}, its successor, are published, and the database was restored to a moment before that began`,
    );
  }
  return mustExtend(session, log, published);
}

/** Throws LogStopped unless the tree in the database begins with those of the published head and of the recorded one, which it returns. */
export async function mustExtend(
  session: Session,
  { number, origin }: NamedLog,
  { newest, vouchers }: Omit<Published, 'successor'>,
): Promise<SignedHead | undefined> {
  const recorded = await newestRecorded(session, number);
  if (newest !== undefined) {
    const said = mustBeHead(newest, origin);
    // Whoever may write to the bucket can write any size there: what nobody signed says nothing of the database.
    await mustBeSigned(session, vouchers(number), newest, said);
    await mustBegin(session, said);
  }
  if (recorded !== undefined) {
    const said = mustBeHead(recorded, origin);
    await mustBegin(session, said);
    await mustBeSigned(session, vouchers(number), recorded, said);
  }
  return recorded;
}

function mustBeHead({ size, note }: SignedHead, origin: string): CheckpointText {
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
  return said;
}

async function mustBegin(session: Session, { origin, size, root }: CheckpointText): Promise<void> {
  // Before tiles are asked for: none is numbered as high as a text may say.
  const { size: sealed } = await readHead(session);
  if (size > BigInt(sealed)) {
    throw new LogStopped(
      `${size} entries of log '${origin}' are published, and the database has ${sealed}: it was restored to an earlier moment`,
    );
  }
  const range = { begin: 0, end: Number(size) };
  const tiles = await readTiles(session, tilesBelow([range]));
  if (rangeRoot(tiles, range)?.equals(root) !== true) {
    throw new LogStopped(
      `the first ${size} entries of log '${origin}' in the database are not those that were published: it was changed, or restored to an earlier moment`,
    );
  }
}

async function mustBeSigned(
  session: Session,
  vouchers: Vouchers,
  { size, note }: SignedHead,
  { origin }: CheckpointText,
): Promise<void> {
  if (await isVouchedFor(session, vouchers, { origin, note })) return;
  throw new LogStopped(
    `the published head of ${size} entries is signed by no key of log '${origin}', neither one in the database nor one with published certificates`,
  );
}

/** What somebody else wrote there ended nothing, but a head of the successor may lie below it. */
async function mustBeOfSuccessor(
  session: Session,
  vouchers: Vouchers,
  number: number,
  head: SignedHead,
): Promise<void> {
  if ((await vouchedHead(session, vouchers, number, head)) !== undefined) return;
  throw new LogStopped(
    `what is published as the head of ${head.size} entries of log ${number}, which would be the successor, is signed by no key of it`,
  );
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
