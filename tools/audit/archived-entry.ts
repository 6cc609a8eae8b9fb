import { openArchive } from '@meridian/audit/archive/open-archive.ts';
import { jsonOf } from '@meridian/audit/data-of-type.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { decodeLeaf } from '@meridian/verifier/leaf.ts';
import type { Entry } from './entry.ts';
import { folderGiven } from './proof.ts';

/**
 * An entry with all that it carries, and its leaf where that comes from an archive.
 *
 * @param folder of an archive that somebody named
 * @throws {CodedError} AUDIT_ENTRY_ARCHIVED where it has moved to one, and the one named has it not
 */
export async function wholeEntry(
  entry: Entry,
  folder: string | undefined,
): Promise<{ readonly entry: Entry; readonly leaf?: Uint8Array }> {
  if (!entry.archived) return { entry };
  if (folder === undefined) throw archived(entry, 'got no --archive');
  const archive = await openArchive(folderGiven(folder));
  const leaf = await archive.leaf(entry.index, Buffer.from(entry.leafHash, 'base64'));
  if (leaf === undefined) {
    throw archived(entry, `got ${archive.folder}, which has not this entry`);
  }
  const { type, data } = decodeLeaf(leaf);
  const whole = { data: Buffer.from(data).toString('base64'), dataJson: jsonOf({ type, data }) };
  return { entry: { ...entry, ...whole, archived: false }, leaf };
}

function archived({ index, eventId }: Entry, got: string): CodedError {
  return new CodedError(
    'AUDIT_ENTRY_ARCHIVED',
    `Entry ${index}, event '${eventId}': what it carries has moved to an archive, which must be named, ${got}; add --archive <folder> with the folder that 'audit archive' wrote`,
  );
}
