import { openCheckpoint } from '@meridian/verifier/checkpoint.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import { verifyLog } from '@meridian/verifier/verify-log.ts';
import type { LogReport } from '@meridian/verifier/verify-log.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import { tablesLog } from './tables-log.ts';

/** Holds the tables against heads whose signatures are checked: the largest, and whether it extends the others. */
export async function judge(
  session: Session,
  notes: readonly string[],
  vkeys: readonly string[],
): Promise<LogReport> {
  const keys = vkeys.map(parseVerifierKey);
  const heads = notes
    .map((note) => openCheckpoint(note, { keys }))
    .toSorted((one, other) => one.size - other.size);
  const head = heads.pop();
  if (head === undefined) throw new Error('Heads: must have one to judge by, got none');
  return verifyLog({ source: tablesLog(session), head, heads });
}
