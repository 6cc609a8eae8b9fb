import { describeFinding, verifyLog } from '@meridian/verifier/index.ts';
import type { LogSource, SignedCheckpoint } from '@meridian/verifier/index.ts';
import type { OpenedHeads } from '../verification/opened-heads.ts';
import { exportLog } from '../verification/export-log.ts';
import { ArchivedLog } from './archived-log.ts';
import { archiveRefused, findArchive, openArchive } from './open-archive.ts';
import type { Archive } from './open-archive.ts';

/** An archive that is to be, or is there. */
export interface ArchiveOrder {
  /** The log as it is shown now. */
  readonly log: LogSource;
  readonly folder: string;
  /** What was published outside the database, up to the head of a size. */
  readonly publishedUpTo: (size: number) => Promise<OpenedHeads>;
  /** The head to archive unless the folder has an archive; undefined where no entry is old enough. */
  readonly head: { readonly note: string; readonly size: number } | undefined;
  /** An archive that has what has moved already. */
  readonly earlier?: string;
  readonly onProgress: (entries: number) => void;
}

/**
 * Writes an archive, unless the folder has one: broken off, it is written again from its beginning, since its head
 * comes last. Then the files are verified as a stranger would, against heads that were published.
 *
 * @throws {CodedError} AUDIT_ARCHIVE_REFUSED where it is not what was published
 */
export async function writtenArchive(
  order: ArchiveOrder,
): Promise<{ readonly archive: Archive; readonly written: boolean }> {
  const found = await findArchive(order.folder);
  if (found === undefined) await write(order);
  const archive = found ?? (await openArchive(order.folder));
  await verifyArchive(archive, await order.publishedUpTo(archive.size), order.onProgress);
  return { archive, written: found === undefined };
}

async function write({ log, folder, publishedUpTo, head, earlier, onProgress }: ArchiveOrder) {
  if (head === undefined) {
    throw archiveRefused(
      `Archive in '${folder}': must end with a head that was published more than meridian:auditKeepDays ago, got none so old; wait until there is one`,
    );
  }
  publishedHead(head, await publishedUpTo(head.size));
  const whole = earlier === undefined ? log : new ArchivedLog(log, await openArchive(earlier));
  await exportLog(whole, folder, { ...head, onProgress, durable: true });
}

/**
 * Verifies the files of an archive as anybody can.
 *
 * @throws {CodedError} AUDIT_ARCHIVE_REFUSED
 */
export async function verifyArchive(
  archive: Archive,
  published: OpenedHeads,
  onProgress: (entries: number) => void = () => undefined,
): Promise<void> {
  const { source, folder } = archive;
  const head = publishedHead(archive, published);
  const heads = published.older();
  const { findings, findingsCount } = await verifyLog({ source, head, heads, onProgress });
  const [first] = findings;
  if (first === undefined) return;
  throw archiveRefused(
    `Archive in '${folder}': must be what was published, got ${findingsCount} findings, the first of them: ${describeFinding(first)}; nothing was moved, and a new one can be written in another folder`,
  );
}

/** A head as it was published: what the archive or the service says of it is not believed. */
function publishedHead(
  { note, size }: { readonly note: string; readonly size: number },
  { newest }: OpenedHeads,
): SignedCheckpoint {
  // Replicas may sign the same head.
  if (newest?.head.size === size && textOf(newest.note) === textOf(note)) return newest.head;
  throw archiveRefused(
    `Head of ${size} entries: must be one that was published and that a trusted key signed, got another; see 'audit verify'`,
  );
}

function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n'));
}
