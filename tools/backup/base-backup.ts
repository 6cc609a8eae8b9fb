import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import { withAdmin } from '@meridian/provider-local/postgres/admin-connection.ts';
import { z } from 'zod';
import { run } from '../engines/run.ts';
import { nameOfMoment } from './server-place.ts';
import type { ServerPlace } from './server-place.ts';

/** What is said of a copy beside it, once it is whole. */
const copyFacts = z.object({
  /** Folder of the copy, and the moment when it was begun. */
  name: z.string(),
  /** From when on a moment can be restored by it, as RFC 3339. */
  completedAt: z.iso.datetime(),
  bytes: z.int().min(0),
});

/** A whole copy of the data. */
export type BaseBackup = z.infer<typeof copyFacts>;

/** What is the running server's alone, or made again by one that starts; folders stay, empty. */
const NOT_COPIED: readonly RegExp[] = [
  /^(postmaster\.(pid|opts)|current_logfiles)$/,
  /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/./,
  /(^|\/)(pgsql_tmp[^/]*|pg_internal\.init[^/]*)$/,
];

/**
 * Copies the data of the running server, which goes on meanwhile; with the log that it has archived until then, the copy is the
 * state of one moment. Source: PostgreSQL 18, "Making a Base Backup Using the Low Level API"
 *
 * @throws {CodedError} BACKUP_ARCHIVE_OFF, POSTGRES_UNREACHABLE
 */
export async function takeBaseBackup(place: ServerPlace): Promise<BaseBackup> {
  const name = nameOfMoment(new Date());
  const target = path.join(place.copies, name);
  await mkdir(place.copies, { recursive: true, mode: 0o700 });
  try {
    const facts = await withAdmin(
      { folders: place.folders, server: place.server },
      async (client) => {
        const { rows: modes } = await client.query<{ archive_mode: string }>('SHOW archive_mode');
        if (modes[0]?.archive_mode !== 'on') throw archiveOff();
        await client.query('SELECT pg_backup_start($1, fast => true)', [name]);
        const bytes = await copyTree(place.cluster, target);
        // Waits until the log that the copy needs is in the archive.
        const { rows } = await client.query<Stopped>(
          'SELECT labelfile, spcmapfile, clock_timestamp() AS at FROM pg_backup_stop()',
        );
        const [stopped] = rows;
        if (stopped === undefined) throw new Error('pg_backup_stop has given no row');
        // As it is, to the byte: a server that starts from the copy goes by it.
        writeFileSync(path.join(target, 'backup_label'), stopped.labelfile, { mode: 0o600 });
        return { name, completedAt: stopped.at.toISOString(), bytes };
      },
    );
    await run({ argv: ['sync', '-f', target], cwd: place.copies });
    writeFileSync(`${target}.json`, JSON.stringify(facts), { mode: 0o600 });
    return facts;
  } catch (cause) {
    rmSync(target, { recursive: true, force: true });
    throw cause;
  }
}

interface Stopped {
  readonly labelfile: string;
  readonly at: Date;
}

function archiveOff(): CodedError {
  return new CodedError(
    'BACKUP_ARCHIVE_OFF',
    "PostgreSQL: must archive its log, or a copy of its data is of no moment, got no archive; 'npm start -- -c postgresArchive=true' has it archive",
  );
}

/** Every whole copy, the oldest first. */
export function baseBackups({ copies }: ServerPlace): readonly BaseBackup[] {
  return globSync('*.json', { cwd: copies })
    .map((file) => copyFacts.parse(JSON.parse(readFileSync(path.join(copies, file), 'utf8'))))
    .filter(({ name }) => existsSync(path.join(copies, name)))
    .toSorted((one, other) => (one.completedAt < other.completedAt ? -1 : 1));
}

/** Copies the folder of a server, which may run, so that files come and go; gives the bytes. */
export async function copyTree(source: string, target: string, below = ''): Promise<number> {
  await mkdir(path.join(target, below), { mode: 0o700 });
  let bytes = 0;
  for (const entry of await readdir(path.join(source, below), { withFileTypes: true })) {
    const place = path.join(below, entry.name);
    if (NOT_COPIED.some((pattern) => pattern.test(place))) continue;
    bytes += entry.isDirectory()
      ? await copyTree(source, target, place)
      : await copyIfThere(path.join(source, place), path.join(target, place));
  }
  return bytes;
}

async function copyIfThere(source: string, target: string): Promise<number> {
  try {
    await copyFile(source, target);
  } catch (error) {
    // A table that was dropped meanwhile: the log has it.
    if (isSystemError(error, 'ENOENT')) return 0;
    throw error;
  }
  return statSync(target).size;
}
