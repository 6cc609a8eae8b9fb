import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { run } from '../engines/run.ts';
import { baseBackups, copyTree } from './base-backup.ts';
import type { BaseBackup } from './base-backup.ts';
import { replayLog } from './replay-log.ts';
import type { Replayed } from './replay-log.ts';
import { nameOfMoment } from './server-place.ts';
import type { ServerPlace } from './server-place.ts';

/** What came back, and from where. */
export interface Restored extends Replayed {
  readonly copy: BaseBackup;
  /** Where the data are now that were there before; absent where there were none. */
  readonly kept?: string;
}

/** A file of the log: timeline, log and segment, in hexadecimal digits; or the history of a timeline. */
const LOG_FILE = /^([0-9A-F]{24}|[0-9A-F]{8}\.history)$/;

/**
 * Makes the data of a server that does not run again: from the newest copy that is old enough, by its log up to the last
 * transaction or to a moment. What the old data have of the log and the archive lacks is used too. The new data take the
 * old ones' place in one step at the end, so one that fails changes nothing.
 *
 * @param to RFC 3339
 * @throws {CodedError} BACKUP_NONE, RESTORE_FAILED
 */
export async function restoreCluster(place: ServerPlace, to?: string): Promise<Restored> {
  const { cluster } = place;
  const copy = copyFor(place, to);
  const restoring = `${cluster}.restoring`;
  rmSync(restoring, { recursive: true, force: true });
  mkdirSync(path.dirname(cluster), { recursive: true, mode: 0o700 });
  await copyTree(path.join(place.copies, copy.name), restoring);
  const saved = saveLog(path.join(cluster, 'pg_wal'), place.log, path.join(restoring, 'pg_wal'));
  writeFileSync(path.join(restoring, 'recovery.signal'), '', { mode: 0o600 });
  const replayed = await replayLog(place, restoring, to);
  completeArchive(place, saved, replayed.firstFile);
  await run({ argv: ['sync', '-f', restoring], cwd: path.dirname(cluster) });
  const kept = `${cluster}.before-${nameOfMoment(new Date())}`;
  const isReplaced = existsSync(cluster);
  if (isReplaced) renameSync(cluster, kept);
  renameSync(restoring, cluster);
  return { copy, ...replayed, ...(isReplaced ? { kept } : {}) };
}

/** The newest copy that was whole before the moment. */
function copyFor(place: ServerPlace, to: string | undefined): BaseBackup {
  const copies = baseBackups(place);
  const copy = copies.findLast(
    ({ completedAt }) => to === undefined || Date.parse(completedAt) <= Date.parse(to),
  );
  if (copy !== undefined) return copy;
  const [first] = copies;
  throw new CodedError(
    'BACKUP_NONE',
    first === undefined
      ? `Copies of PostgreSQL's data: must be in ${place.copies}, got none; 'npm run backup' makes one`
      : `Option '--to': must be ${first.completedAt} or later, when the first copy was whole, got ${String(to)}`,
  );
}

/** Files of the log that were not archived yet, where the old data are still there; gives their names. */
function saveLog(from: string, archived: string, to: string): readonly string[] {
  if (!existsSync(from)) return [];
  const files = readdirSync(from).filter(
    (name) => LOG_FILE.test(name) && !existsSync(path.join(archived, name)),
  );
  for (const file of files) copyFileSync(path.join(from, file), path.join(to, file));
  return files;
}

/** Digits of a timeline; those after it count files of the log on every timeline. */
const TIMELINE_DIGITS = 8;

/**
 * What the archive lacked before the first file of the new timeline, which begins with what the old one had: nobody hands
 * that over any more, and the next restore needs it. Files from there on were made ahead, or are the new server's.
 */
function completeArchive(
  { cluster, log }: ServerPlace,
  saved: readonly string[],
  first: string,
): void {
  const before = (file: string): boolean =>
    file.endsWith('.history') || file.slice(TIMELINE_DIGITS) < first.slice(TIMELINE_DIGITS);
  for (const file of saved.filter(before)) {
    const part = path.join(log, `${file}.part`);
    copyFileSync(path.join(cluster, 'pg_wal', file), part);
    renameSync(part, path.join(log, file));
  }
}
