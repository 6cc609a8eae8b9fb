import { openCheckpoint, parseVerifierKey } from '@meridian/verifier/index.ts';
import type { LogSource } from '@meridian/verifier/index.ts';
import { ArchivedLog } from '../archive/archived-log.ts';
import { openArchive } from '../archive/open-archive.ts';
import { exportLog } from './export-log.ts';
import type { Exported } from './export-log.ts';
import { OpenedHeads } from './opened-heads.ts';
import { progressOn } from './progress.ts';
import { notesIn } from './published-notes.ts';
import type { FormerLog } from './former-logs.ts';
import { leaveOutAnother } from './shown-log.ts';
import type { Trusted, TrustedFormer } from './trusted.ts';
import { verdictOn } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/**
 * Holds a log against the heads that are trusted, or writes it as files up to the newest of them; progress goes to
 * standard error.
 *
 * @param sourceOf the log as it is shown, which is told the head that it is held against
 */
export async function verification(
  trusted: Trusted,
  sourceOf: (note: string) => LogSource,
): Promise<Verdict | Exported> {
  const { vkeys, heads: kept, published, witnesses = [], quorum, exportTo } = trusted;
  const notes = published && (await notesIn(published.folder, published.largest));
  const heads = new OpenedHeads(
    { kept, ...(notes === undefined ? {} : { published: notes }) },
    {
      keys: vkeys.map(parseVerifierKey),
      witnesses: witnesses.map(parseVerifierKey),
      ...(quorum === undefined ? {} : { quorum }),
    },
  );
  const { note = '', head } = heads.newest ?? {};
  const shown = sourceOf(note);
  const source =
    trusted.archive === undefined
      ? shown
      : new ArchivedLog(shown, await openArchive(trusted.archive));
  const size = head?.size ?? 0;
  const onProgress = progressOn(process.stderr, size);
  if (exportTo === undefined) {
    await leaveOutAnother(shown, heads);
    const former = await Promise.all((trusted.former ?? []).map(formerLog));
    return await verdictOn(source, heads, { former, onProgress });
  }
  if (head === undefined) {
    throw new Error("A published head must be signed by a trusted key; see 'audit verify'");
  }
  return await exportLog(source, exportTo, { size, onProgress });
}

async function formerLog({
  log,
  vkeys,
  heads: kept,
  published,
}: TrustedFormer): Promise<FormerLog> {
  const notes = published && (await notesIn(published.folder, published.largest));
  const policy = { keys: vkeys.map(parseVerifierKey) };
  const heads = new OpenedHeads(
    { kept, ...(notes === undefined ? {} : { published: notes }) },
    policy,
  );
  const sizes = new Set(kept.map((note) => openCheckpoint(note, policy).size));
  return { log, heads, kept: sizes };
}
