import { mkdirSync, readdirSync } from 'node:fs';
import { countMovable, moveToArchive } from '@meridian/audit/retention/move.ts';
import type { Order, Told } from '@meridian/audit/archive/order.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { countText } from '../meridian/output/count-text.ts';
import { printJson } from '../meridian/output/print-json.ts';
import { outputs } from '../meridian/output/schemas.ts';
import type { Output } from '../meridian/output/schemas.ts';
import { auditDatabase } from './audit-database.ts';
import { folderGiven } from './proof.ts';
import { printedByOrder } from './local-trail.ts';
import { trusted } from './verify.ts';

type Archived = Extract<Output<'audit'>, { action: 'archive' }>;

/** What is given besides the folder. */
export interface ArchiveOptions {
  readonly json?: boolean;
  readonly yes?: boolean;
  /** An archive that has what has moved already. */
  readonly archive?: string;
}

/**
 * Writes an archive of the entries that are old enough, or finds it there, verifies it, and says what nothing in the
 * database needs any more. Told to, it has the log say that there is the archive, and then takes that out of the
 * database, as its superuser: the audit service could not. Broken off anywhere, the same again goes on.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, AUDIT_EMPTY, AUDIT_UNREADABLE, AUDIT_FOLDER_IN_USE
 */
export async function archiveTo(given: string, options: ArchiveOptions): Promise<number> {
  const folder = folderGiven(given);
  const { archive } = options;
  const {
    vkeys,
    published,
    archive: earlier,
  } = await trusted('newest', archive === undefined ? {} : { archive });
  makeOrFind(folder);
  const record = options.yes === true;
  const order: Order = {
    ...{ vkeys, published, folder, record },
    ...(earlier === undefined ? {} : { earlier }),
  };
  const told = (await printedByOrder('audit-archive', order)) as Told;
  const recorded = { size: told.treeSize, keepDays: told.keepDays };
  const database = await auditDatabase();
  const movable = await database((client) => countMovable(client, recorded));
  const moved = record ? await database((client) => moveToArchive(client, recorded)) : 0;
  const done = outputs.audit.parse({ action: 'archive', ...told, movable, moved }) as Archived;
  if (options.json === true) printJson<'audit'>(done);
  else process.stdout.write(textOf(done));
  return 0;
}

/** A folder that is new, or that an archive was written into, whole or not. */
function makeOrFind(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const others = readdirSync(folder).filter((name) => !['tile', 'checkpoint'].includes(name));
    if (others.length > 0) throw new Error(`one with ${others[0] ?? ''}`);
  } catch (cause) {
    throw new CodedError(
      'AUDIT_FOLDER_IN_USE',
      `Folder '${folder}': must be a new one or one that 'audit archive' wrote, in a folder that can be written, got ${messageOf(cause)}; name another, such as one below /tmp where the account that this runs as may not write there`,
      { cause },
    );
  }
}

function textOf({ folder, treeSize, keepDays, written, recordedBy, movable, moved }: Archived) {
  const what = `${countText(movable.entries)} superseded entries, ${countText(movable.bytes)} bytes`;
  return [
    `${folder}: ${written ? 'written and' : 'there already,'} verified against a published head, the first ${countText(treeSize)} entries of the log, each more than ${keepDays} days old.`,
    ...(recordedBy === null
      ? [
          `Nothing was moved. The same with --yes takes out of the database what the archive has of ${what}.`,
        ]
      : [
          `Entry ${recordedBy} of the log names it. The data of ${countText(moved)} entries is in the archive alone now: keep it, and a copy elsewhere.`,
        ]),
    '',
  ].join('\n');
}
