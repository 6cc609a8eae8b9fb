import { countMovable, moveToArchive } from '@meridian/audit/retention/move.ts';
import type { Order, Told } from '@meridian/audit/archive/order.ts';
import { pathGiven } from '../meridian/path-given.ts';
import { counted, countText } from '../meridian/output/count-text.ts';
import { printJson } from '../meridian/output/print-json.ts';
import { outputs } from '../meridian/output/schemas.ts';
import type { Output } from '../meridian/output/schemas.ts';
import { auditDatabase } from './audit-database.ts';
import { printedByOrder } from './local-trail.ts';
import { trusted } from './verify.ts';
import { inArchiveFolder } from './written-folder.ts';

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
  const folder = pathGiven(given);
  const { archive } = options;
  const {
    vkeys,
    published,
    archive: earlier,
  } = await trusted('newest', archive === undefined ? {} : { archive });
  const record = options.yes === true;
  const order: Order = {
    ...{ vkeys, published, folder, record },
    ...(earlier === undefined ? {} : { earlier }),
  };
  const told = (await inArchiveFolder(folder, () =>
    printedByOrder('audit-archive', order),
  )) as Told;
  const recorded = { size: told.treeSize, keepDays: told.keepDays };
  const database = await auditDatabase();
  const movable = await database((client) => countMovable(client, recorded));
  const moved = record ? await database((client) => moveToArchive(client, recorded)) : 0;
  const done = outputs.audit.parse({ action: 'archive', ...told, movable, moved }) as Archived;
  if (options.json === true) printJson<'audit'>(done);
  else process.stdout.write(archivedText(done));
  return 0;
}

/** What the command says of it. */
export function archivedText({
  folder,
  treeSize,
  keepDays,
  written,
  recordedBy,
  movable,
  moved,
}: Archived) {
  const what = `${countText(movable.entries)} superseded entries, ${countText(movable.bytes)} bytes`;
  return [
    `${folder}: ${written ? 'written and' : 'there already,'} verified against a published head, the first ${countText(treeSize)} entries of the log, each more than ${keepDays} days old.`,
    ...(recordedBy === null
      ? [
          `Nothing was moved. The same with --yes takes out of the database what the archive has of ${what}.`,
        ]
      : [
          `Entry ${recordedBy} of the log names it. ${movedText(moved)}: keep it, and a copy elsewhere.`,
        ]),
    '',
  ].join('\n');
}

function movedText(moved: number): string {
  if (moved === 0) return 'Nothing was left to move, and what had moved is in the archive alone';
  return `The data of ${counted(moved, 'entry', 'entries')} more is in the archive alone now`;
}
