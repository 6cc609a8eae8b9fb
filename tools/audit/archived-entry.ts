import { openArchive } from '@meridian/audit/archive/open-archive.ts';
import { jsonOf } from '@meridian/audit/data-of-type.ts';
import { ARCHIVE_TYPE } from '@meridian/audit/retention/archive-store.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { decodeLeaf } from '@meridian/verifier/leaf.ts';
import type { Asked } from './ask.ts';
import { entries } from './entry.ts';
import type { Entry } from './entry.ts';
import { pathGiven } from '../meridian/path-given.ts';
import { proofsOf } from './proof.ts';

/**
 * An entry with all that it carries, and its leaf where that comes from an archive.
 *
 * @param folder of an archive that somebody named
 * @throws {CodedError} AUDIT_ENTRY_ARCHIVED where it has moved to one, and the one named has it not
 */
export async function wholeEntry(
  trail: Asked,
  entry: Entry,
  folder: string | undefined,
): Promise<{ readonly entry: Entry; readonly leaf?: Uint8Array }> {
  if (!entry.archived) return { entry };
  if (folder === undefined) throw archived(entry, await archiveOf(trail, entry), 'no --archive');
  const archive = await openArchive(pathGiven(folder));
  const leaf = await archive.leaf(entry.index, Buffer.from(entry.leafHash, 'base64'));
  if (leaf === undefined) {
    const got = `${archive.folder} with ${archive.size} entries, which has not this one`;
    throw archived(entry, await archiveOf(trail, entry), got);
  }
  const { type, data } = decodeLeaf(leaf);
  const whole = { data: Buffer.from(data).toString('base64'), dataJson: jsonOf({ type, data }) };
  return { entry: { ...entry, ...whole, archived: false }, leaf };
}

/** Of what a note that nobody has checked says. */
const LOGS_MAX = 100;

/** How the log names the first archive that has an entry. */
async function archiveOf(trail: Asked, { index }: Entry): Promise<string> {
  const [proof] = await proofsOf(trail, [index]);
  const [, name = '', last = '0'] = /^(.*\/)(\d+)$/m.exec(proof?.checkpoint ?? '') ?? [];
  const logs = Array.from({ length: Math.min(Number(last), LOGS_MAX) }, (_, at) => ({
    subject: `${name}${at + 1}`,
  }));
  const named = entries
    .parse(await trail.ask({ ask: 'entries', anyOf: logs }))
    .filter(({ type }) => type === ARCHIVE_TYPE)
    .map((entry) => ({ ...entry, size: Number(entry.eventId.replace('archive/', '')) }))
    .toSorted((one, other) => one.size - other.size);
  // A successor has some entries more in front of it.
  const first = named.find(({ size }) => size > index - logs.length);
  if (first === undefined) return 'an archive';
  return `the archive of ${first.size} entries that entry ${first.index} of ${first.eventTime} names`;
}

function archived({ index, eventId }: Entry, archive: string, got: string): CodedError {
  return new CodedError(
    'AUDIT_ENTRY_ARCHIVED',
    `Entry ${index}, event '${eventId}': what it carries has moved to ${archive}, which must be named, got ${got}; add --archive <folder> with the folder that 'audit archive' wrote, or a later one`,
  );
}
