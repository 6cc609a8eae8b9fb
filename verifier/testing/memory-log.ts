import { hashLeaf } from '../hashing.ts';
import type { LeafContent } from '../leaf.ts';
import { encodeLeaf } from '../leaf.ts';
import type { LogSource } from '../log-source.ts';
import type { TreeHead } from '../proofs.ts';
import { encodeBundle, subtreesAt, TILE_WIDTH, tilePath, widthOf } from '../tiles.ts';
import { rootOf, TreeRange } from '../tree-range.ts';

/** A log whose resources lie in memory, by path, where a test may change them. */
export class MemoryLog implements LogSource {
  readonly resources: Map<string, Uint8Array>;

  constructor(resources: ReadonlyMap<string, Uint8Array>) {
    this.resources = new Map(resources);
  }

  /** With resources of its own: what is changed in the one is not in the other. */
  copy(): MemoryLog {
    return new MemoryLog(this.resources);
  }

  checkpoint(): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.resources.get('checkpoint'));
  }

  tile(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.resources.get(tilePath(level, index, width)));
  }

  entries(index: number, width: number): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.resources.get(tilePath('entries', index, width)));
  }
}

/** The hashes of every level of a tree's tiles. */
export function levelsOf(leaves: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const levels: (readonly Uint8Array[])[] = [leaves.map(hashLeaf)];
  for (let level = 1; subtreesAt(level, leaves.length) > 0; level += 1) {
    const below = levels[level - 1] ?? [];
    levels.push(
      Array.from({ length: subtreesAt(level, leaves.length) }, (_, at) =>
        rootOf(below.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH)),
      ),
    );
  }
  return levels;
}

/** Writes the tiles and entry bundles of a tree. */
export function writeLog(leaves: readonly Uint8Array[]): MemoryLog {
  const resources = new Map<string, Uint8Array>();
  for (const [level, hashes] of levelsOf(leaves).entries()) {
    for (let index = 0; index * TILE_WIDTH < hashes.length; index += 1) {
      const width = widthOf(level, index, leaves.length);
      const part = hashes.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
      resources.set(tilePath(level, index, width), Buffer.concat(part));
    }
  }
  for (let index = 0; index * TILE_WIDTH < leaves.length; index += 1) {
    const part = leaves.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH);
    resources.set(tilePath('entries', index, part.length), encodeBundle(part));
  }
  return new MemoryLog(resources);
}

/** The heads of a growing tree at some sizes. */
export function headsOf(
  leaves: readonly Uint8Array[],
  sizes: readonly number[],
): readonly TreeHead[] {
  const range = new TreeRange();
  return sizes.map((size) => {
    while (range.size < size) range.append(hashLeaf(leaves[range.size] ?? Buffer.of()));
    return { size, root: range.root() };
  });
}

/** Events of some orders that change in turn. */
export function someLeaves(count: number, orders = 7): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, at) => encodeLeaf(someEvent(at, orders)));
}

export function someEvent(at: number, orders = 7): LeafContent {
  return {
    kind: 'event',
    source: 'spiffe://meridian.example/ns/meridian/sa/orders',
    id: `event-${at}`,
    type: 'meridian.orders.OrderPlaced',
    subject: `order-${at % orders}`,
    version: Math.floor(at / orders) + 1,
    time: new Date(1_700_000_000_000 + at).toISOString(),
    causation: at % 2 === 0 ? undefined : `event-${at - 1}`,
    correlation: `order-${at % orders}`,
    data: Buffer.from(`data of ${at}`),
  };
}
