import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { fromBufferPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { ARTIFACT_BYTES } from './artifact-limits.ts';

/** An archive with more than this has something else than a review in it. */
const ENTRIES_MAX = 20;

/**
 * One file of a ZIP archive, by its name; nothing else of the archive is unpacked, and no more of the file than a
 * review has, whatever the archive says of its size.
 *
 * @throws {CodedError} REVIEW_ARTIFACT_REFUSED where it is not an archive, lacks the file, has it twice, or where
 *   the file is too large
 */
export async function fileOfZip(zip: Buffer, name: string): Promise<Buffer> {
  try {
    const archive = await fromBufferPromise(zip, { strictFileNames: true });
    return await unpacked(archive, await entryOf(archive, name));
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw refused(`must be a ZIP archive with ${name}, got ${messageOf(error)}`, { cause: error });
  }
}

async function entryOf(archive: ZipFile, name: string): Promise<Entry> {
  if (archive.entryCount > ENTRIES_MAX) {
    throw refused(`must have at most ${ENTRIES_MAX} files, got ${archive.entryCount}`);
  }
  const entries: Entry[] = [];
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName === name) entries.push(entry);
  }
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    throw refused(`must have ${name} once, got ${entries.length} of it`);
  }
  return entry;
}

async function unpacked(archive: ZipFile, entry: Entry): Promise<Buffer> {
  const stream = await archive.openReadStreamPromise(entry);
  const parts: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop destroys the stream, so what comes after it is never unpacked.
  for await (const part of stream as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > ARTIFACT_BYTES) {
      throw refused(`must unpack to at most ${ARTIFACT_BYTES} bytes, got more`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** What is wrong with an artifact: the message is for people who read the pull request. */
export function refused(problem: string, options?: ErrorOptions): CodedError {
  return new CodedError(
    'REVIEW_ARTIFACT_REFUSED',
    `Artifact 'review': ${problem}; run the review again, or by hand as docs/review.md says`,
    options,
  );
}
