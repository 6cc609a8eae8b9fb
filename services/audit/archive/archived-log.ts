import {
  decodeLeaf,
  decodeShown,
  encodeBundle,
  encodeLeaf,
  isArchived,
  leavesOf,
  TILE_WIDTH,
} from '@meridian/verifier/index.ts';
import type { LogSource } from '@meridian/verifier/index.ts';
import type { Archive } from './open-archive.ts';

/** Entries that are named; of others only how many they are is known. */
const LACKING_MAX = 1000;

/**
 * A log whose old entries lack their data, which an archive has: what the log still says of an entry, with the data
 * from the archive, is the leaf. One that the archive has not by the hash that the log says stays without data, and is
 * listed: it says nothing against the log. Neither is believed: whoever verifies this compares every leaf with the tiles.
 */
export class ArchivedLog implements LogSource {
  readonly #log: LogSource;
  readonly #archive: Archive;
  /** The first of them that were read. */
  readonly #lacking: number[] = [];
  #lackingCount = 0;

  constructor(log: LogSource, archive: Archive) {
    this.#log = log;
    this.#archive = archive;
  }

  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#log.checkpoint();
  }

  tile(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    return this.#log.tile(level, index, width);
  }

  async entries(index: number, width: number): Promise<Uint8Array | undefined> {
    const shown = await this.#log.entries(index, width);
    if (shown === undefined) return undefined;
    const leaves = [...leavesOf(shown, width, `Entries ${index}`)];
    for (const [at, leaf] of leaves.entries()) {
      if (isArchived(leaf)) leaves[at] = await this.#whole(leaf, index * TILE_WIDTH + at);
    }
    return encodeBundle(leaves);
  }

  async #whole(shown: Uint8Array, index: number): Promise<Uint8Array> {
    const said = decodeShown(shown);
    const kept = await this.#archive.leaf(index, said.data);
    if (kept !== undefined) return encodeLeaf({ ...said, data: decodeLeaf(kept).data });
    // The first entries are read twice where there are logs before this one.
    if (this.#lacking.includes(index)) return shown;
    this.#lackingCount += 1;
    if (this.#lacking.length < LACKING_MAX) this.#lacking.push(index);
    return shown;
  }

  /** Entries whose data has moved and which the archive has not as the log says, among all that were read. */
  get lacking(): { readonly count: number; readonly indexes: readonly number[] } {
    return {
      count: this.#lackingCount,
      indexes: this.#lacking.toSorted((one, other) => one - other),
    };
  }
}
