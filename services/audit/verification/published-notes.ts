import { readFileSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import path from 'node:path';

/** Names that are read from a folder at once. */
const NAMES_AT_ONCE = 1_000;

/** Heads as they were published, read one at a time: of millions no more than their sizes is in memory. */
export interface PublishedNotes {
  /** What they are called by, the smallest first; nobody signed these. */
  readonly sizes: Float64Array;
  /** The note that is called by a size. */
  note(size: number): string;
}

/** No heads at all. */
export const NO_NOTES: PublishedNotes = { sizes: new Float64Array(), note: () => '' };

/** The heads in a folder up to a size, each in a file named by its own in 20 digits; other files are passed over. */
export async function notesIn(folder: string, largest: number): Promise<PublishedNotes> {
  const sizes: number[] = [];
  for await (const { name } of await opendir(folder, { bufferSize: NAMES_AT_ONCE })) {
    if (HEAD.test(name) && Number(name) <= largest) sizes.push(Number(name));
  }
  return {
    sizes: Float64Array.from(sizes).sort(),
    note: (size) => readFileSync(path.join(folder, String(size).padStart(20, '0')), 'utf8'),
  };
}

/** No more than can be counted: no head of this program says that its tree has more entries. */
const HEAD = /^0{5}\d{15}$/;
