import {
  EMPTY_ROOT,
  HASH_BYTES,
  TILE_HEIGHT,
  TILE_WIDTH,
  foldRoots,
  perfectRoot,
  subtreesOf,
} from './merkle.ts';

/** Where a tile is: 256 hashes of subtrees of 256^level leaves. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
}

/** A tile that is full, so that it never changes again. */
export interface FullTile extends TilePlace {
  readonly hashes: Buffer;
}

/** A tree by its right edge: all that is needed to add to it. */
export interface TreeEdge {
  readonly size: number;
  readonly root: Buffer;
  /** The tile of each level that is not full, from that of the leaves up: hashes one after the other. */
  readonly edge: readonly Buffer[];
}

export const EMPTY_TREE: TreeEdge = { size: 0, root: EMPTY_ROOT, edge: [] };

/** The tree with more leaves, and the tiles that they fill. */
export function append(
  { size, edge }: TreeEdge,
  leafHashes: readonly Buffer[],
): { readonly tree: TreeEdge; readonly full: readonly FullTile[] } {
  const full: FullTile[] = [];
  const grown: Buffer[] = [];
  let added = leafHashes;
  for (let level = 0; level < edge.length || added.length > 0; level += 1) {
    const hashes = Buffer.concat([edge[level] ?? Buffer.alloc(0), ...added]);
    const first = Math.floor(size / TILE_WIDTH ** (level + 1));
    const count = Math.floor(hashes.length / TILE_BYTES);
    const tiles = Array.from({ length: count }, (_, at) => ({
      level,
      index: first + at,
      hashes: hashes.subarray(at * TILE_BYTES, (at + 1) * TILE_BYTES),
    }));
    full.push(...tiles);
    grown.push(hashes.subarray(count * TILE_BYTES));
    added = tiles.map((tile) => perfectRoot(tile.hashes));
  }
  return { tree: { size: size + leafHashes.length, root: rootOf(grown), edge: grown }, full };
}

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** The root of a tree by its edge. */
export function rootOf(edge: readonly Buffer[]): Buffer {
  const roots = edge
    .toReversed()
    .flatMap((tile) =>
      subtreesOf({ begin: 0, end: tile.length / HASH_BYTES }).map((subtree) =>
        within(tile, subtree),
      ),
    );
  return foldRoots(roots);
}

/** The root of a subtree that is lower than a tile, by the tile's hashes as leaves. */
export function within(tile: Buffer, { height, index }: { height: number; index: number }): Buffer {
  const bytes = HASH_BYTES * 2 ** height;
  return perfectRoot(tile.subarray(index * bytes, (index + 1) * bytes));
}

/** The tile that has the hashes below a subtree, and what it is within the tile. */
export function tileOf(
  height: number,
  index: number,
): TilePlace & { inner: { height: number; index: number } } {
  const inside = height % TILE_HEIGHT;
  const perTile = TILE_WIDTH / 2 ** inside;
  return {
    level: Math.floor(height / TILE_HEIGHT),
    index: Math.floor(index / perTile),
    inner: { height: inside, index: index % perTile },
  };
}
