import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import type pg from 'pg';
import { z } from 'zod';
import { localFolders } from '../meridian/places.ts';
import { auditDatabase } from './audit-database.ts';

/** What an old row was before it was changed: enough to put it back, even by a later run. */
const row = z.object({
  index: z.coerce.number(),
  source: z.string(),
  id: z.string(),
  subject: z.string(),
  type: z.string(),
  /** In hexadecimal. */
  data: z.string(),
});

/** A row of the audit trail. */
export type TamperedRow = z.infer<typeof row>;

/** An old entry that was changed behind the back of everybody. */
export interface Tampering {
  readonly changed: TamperedRow;
  /** Puts it back as it was. */
  undo(): Promise<void>;
}

/**
 * Changes one bit in the middle of an old entry's data, as the database's superuser, who can drop the triggers that
 * stop everybody else. What it was is kept in a file until it is put back; what an earlier run left is put
 * back first.
 *
 * @param treeSize of the newest published head: what it does not sum up yet it cannot expose
 * @throws {CodedError} PLATFORM_NOT_RUNNING, AUDIT_EMPTY, POSTGRES_UNREACHABLE
 */
export async function tamper(treeSize: number): Promise<Tampering> {
  const database = await auditDatabase();
  const { state } = localFolders();
  const left = leftTampering(state);
  if (left !== undefined) await database((client) => write(client, left));
  const original = await database((client) => oldEntry(client, treeSize));
  keepTampering(state, original);
  await database((client) => write(client, { ...original, data: withOneBitChanged(original) }));
  return {
    changed: original,
    async undo() {
      await database((client) => write(client, original));
      rmSync(path.join(state, KEPT));
    },
  };
}

const KEPT = 'audit-tampered.json';

/** Keeps what a row was before it is changed: whole or, where this is broken off, not at all. */
export function keepTampering(state: string, original: TamperedRow): void {
  const kept = path.join(state, KEPT);
  writeFileSync(`${kept}.new`, JSON.stringify(original), { mode: 0o600, flush: true });
  renameSync(`${kept}.new`, kept);
}

/** The row that a run which was killed has changed; undefined if there is none. */
export function leftTampering(state: string): TamperedRow | undefined {
  try {
    return row.parse(JSON.parse(readFileSync(path.join(state, KEPT), 'utf8')));
  } catch (error) {
    // Half a file is from before the row was changed.
    if (isSystemError(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The oldest order of the log that is written, else its oldest entry. */
async function oldEntry(client: pg.Client, treeSize: number): Promise<TamperedRow> {
  const { rows } = await client.query(
    `SELECT index, source, id, subject, type, encode(data, 'hex') AS data
     FROM log_head JOIN entries USING (log) JOIN events USING (source, id)
     WHERE kind = 'event' AND octet_length(data) > 0 AND index < $1
     ORDER BY type <> 'meridian.orders.v1.OrderPlaced', index LIMIT 1`,
    [treeSize],
  );
  const [found] = z.array(row).parse(rows);
  if (found !== undefined) return found;
  throw new CodedError(
    'AUDIT_EMPTY',
    "Audit trail: must have an entry to change, got none; 'npm run seed' makes some, which are sealed within seconds",
  );
}

/** Writes an entry's data, with the triggers that refuse it off for this one transaction. */
async function write(client: pg.Client, { source, id, data }: TamperedRow): Promise<void> {
  await client.query('BEGIN');
  await client.query('ALTER TABLE events DISABLE TRIGGER USER');
  await client.query(`UPDATE events SET data = decode($3, 'hex') WHERE source = $1 AND id = $2`, [
    source,
    id,
    data,
  ]);
  await client.query('ALTER TABLE events ENABLE TRIGGER USER');
  await client.query('COMMIT');
}

function withOneBitChanged({ data }: TamperedRow): string {
  const bytes = Buffer.from(data, 'hex');
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes.toString('hex');
}
