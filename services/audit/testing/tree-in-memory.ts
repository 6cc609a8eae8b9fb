import { EMPTY_TREE, append } from '../log/tree-edge.ts';
import type { TilePlace, TreeEdge } from '../log/tree-edge.ts';
import { TILE_WIDTH } from '../log/merkle.ts';

/** A tree whose full tiles are kept in memory, as the database keeps them. */
export class TreeInMemory {
  tree: TreeEdge = EMPTY_TREE;
  readonly full = new Map<string, Buffer>();

  append(leafHashes: readonly Buffer[]): void {
    const { tree, full } = append(this.tree, leafHashes);
    this.tree = tree;
    for (const { level, index, hashes } of full) this.full.set(`${level}/${index}`, hashes);
  }

  tile({ level, index }: TilePlace): Buffer | undefined {
    const notFull = Math.floor(this.tree.size / TILE_WIDTH ** (level + 1));
    return index === notFull ? this.tree.edge[level] : this.full.get(`${level}/${index}`);
  }
}
