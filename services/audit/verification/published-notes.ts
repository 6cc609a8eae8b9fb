import { readFileSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import path from 'node:path';

/** Names that are read from a folder at once. */
const NAMES_AT_ONCE = 1_000;

/** Heads as they were published, each read when it is asked for: of millions no more than sizes are in memory. */
export interface PublishedNotes {
  /** The sizes that they say, the smallest first; -1 of one that says none. Whether it is signed, nobody has looked. */
  readonly sizes: Float64Array;
  /** The note of that position. */
  note(position: number): string;
  /** The size in digits that it was published under. */
  name(position: number): string;
}

/** No heads at all. */
export const NO_NOTES: PublishedNotes = {
  sizes: new Float64Array(),
  note: () => '',
  name: () => '',
};

/** The heads in a folder, each in a file named by its size in 20 digits, up to a name; other files are passed over. */
export async function notesIn(folder: string, largest: number): Promise<PublishedNotes> {
  const named: number[] = [];
  for await (const { name } of await opendir(folder, { bufferSize: NAMES_AT_ONCE })) {
    if (HEAD.test(name) && Number(name) <= largest) named.push(Number(name));
  }
  const read = (name: number): string => readFileSync(path.join(folder, nameOf(name)), 'utf8');
  const said = Float64Array.from(named, (name) => sizeIn(read(name)));
  const order = Uint32Array.from(named.keys()).sort(
    (one, other) => (said[one] ?? 0) - (said[other] ?? 0),
  );
  const nameAt = (position: number): number => named[order[position] ?? 0] ?? 0;
  return {
    sizes: said.sort(),
    note: (position) => read(nameAt(position)),
    name: (position) => nameOf(nameAt(position)),
  };
}

/** No more than can be counted: no head of this program says that its tree has more entries. */
const HEAD = /^0{5}\d{15}$/;

function nameOf(size: number): string {
  return String(size).padStart(20, '0');
}

function sizeIn(note: string): number {
  return Number(/^[^\n]*\n(\d{1,15})\n/.exec(note)?.[1] ?? -1);
}
