import { EMPTY_ROOT, sameHash } from './hashing.ts';
import type { LogSource } from './log-source.ts';
import { readTile } from './log-source.ts';
import type { TreeHead } from './proofs.ts';
import { subtreesAt, TILE_WIDTH, widthOf } from './tiles.ts';
import { rootOf, TreeRange } from './tree-range.ts';

/** A tile as the log shows it. */
export interface ShownTile {
  readonly level: number;
  readonly index: number;
  /** Undefined where it could not be read. */
  readonly hashes: readonly Uint8Array[] | undefined;
  /** Whether hashes lead from it to the signed root: then it is right, whatever else was changed. */
  readonly signed: boolean;
}

/** What a tile says of one below it. */
export interface ShownHash {
  readonly hash: Uint8Array | undefined;
  readonly signed: boolean;
}

/** Told of a tile that cannot be read. */
export type OnUnreadable = (level: number, index: number, problem: string) => void;

/**
 * The tiles above the leaves that are being read: of each level the one on the right edge of the tree, which the
 * root is made of, and the current one, which the tile above it vouches for.
 */
export class ParentTiles {
  readonly #source: LogSource;
  readonly #size: number;
  readonly #edges: readonly (ShownTile | undefined)[];
  readonly #current: (ShownTile | undefined)[] = [];
  readonly #onUnreadable: OnUnreadable;

  /** Reads the right edge of the tree. */
  static async open(
    source: LogSource,
    head: TreeHead,
    onUnreadable: OnUnreadable,
  ): Promise<ParentTiles> {
    const edges: (Omit<ShownTile, 'signed'> | undefined)[] = [];
    for (let level = 0; subtreesAt(level, head.size) > 0; level += 1) {
      const index = Math.floor(subtreesAt(level, head.size) / TILE_WIDTH);
      const width = widthOf(level, index, head.size);
      if (width === 0) edges.push(undefined);
      else edges.push(await shown(source, level, index, width, onUnreadable));
    }
    let root: Uint8Array | undefined;
    for (const edge of edges) {
      const range = new TreeRange();
      for (const hash of edge?.hashes ?? []) range.append(hash);
      root = range.rootBefore(root);
    }
    const whole = edges.every((edge) => edge === undefined || edge.hashes !== undefined);
    const signed = whole && sameHash(root ?? EMPTY_ROOT, head.root);
    const tiles = edges.map((edge) => (edge === undefined ? undefined : { ...edge, signed }));
    return new ParentTiles(source, head.size, tiles, onUnreadable);
  }

  private constructor(
    source: LogSource,
    size: number,
    edges: readonly (ShownTile | undefined)[],
    onUnreadable: OnUnreadable,
  ) {
    this.#source = source;
    this.#size = size;
    this.#edges = edges;
    this.#onUnreadable = onUnreadable;
  }

  /** The partial tile of a level, which is there unless the tree ends with a full one. */
  edge(level: number): ShownTile | undefined {
    return this.#edges[level];
  }

  /** What the tile above says of a full tile. */
  async above(level: number, index: number): Promise<ShownHash> {
    const tile = await this.#tile(level + 1, Math.floor(index / TILE_WIDTH));
    return { hash: tile.hashes?.[index % TILE_WIDTH], signed: tile.signed };
  }

  async #tile(level: number, index: number): Promise<ShownTile> {
    const known = [this.#edges[level], this.#current[level]].find((tile) => tile?.index === index);
    if (known !== undefined) return known;
    const width = widthOf(level, index, this.#size);
    const tile = await shown(this.#source, level, index, width, this.#onUnreadable);
    const above = await this.above(level, index);
    const signed =
      above.signed &&
      above.hash !== undefined &&
      tile.hashes !== undefined &&
      sameHash(rootOf(tile.hashes), above.hash);
    this.#current[level] = { ...tile, signed };
    return { ...tile, signed };
  }
}

async function shown(
  source: LogSource,
  level: number,
  index: number,
  width: number,
  onUnreadable: OnUnreadable,
): Promise<Omit<ShownTile, 'signed'>> {
  const read = await readTile(source, level, index, width);
  if ('value' in read) return { level, index, hashes: read.value };
  onUnreadable(level, index, read.problem);
  return { level, index, hashes: undefined };
}
