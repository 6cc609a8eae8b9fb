import { EMPTY_ROOT, hashNode } from './hashing.ts';

/**
 * A tree as it grows from its first leaf, with no more of it than the roots of its complete subtrees: one for
 * each bit of its size (RFC 9162 section 2.1.1, where k is the largest power of two below n).
 */
export class TreeRange {
  /** By height; one is there exactly if that bit of the size is set. */
  readonly #subtrees: (Uint8Array | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leafHash: Uint8Array): void {
    let [node, height] = [leafHash, 0];
    for (let left = this.#subtrees[0]; left !== undefined; left = this.#subtrees[height]) {
      node = hashNode(left, node);
      this.#subtrees[height] = undefined;
      height += 1;
    }
    this.#subtrees[height] = node;
    this.#size += 1;
  }

  /**
   * The root of this tree to the left of another.
   *
   * @param right the root of what follows, whose leaves are fewer than this tree's smallest subtree has
   */
  rootBefore(right: Uint8Array | undefined): Uint8Array | undefined {
    return this.#subtrees.reduce(
      (after, subtree) =>
        subtree === undefined || after === undefined
          ? (subtree ?? after)
          : hashNode(subtree, after),
      right,
    );
  }

  root(): Uint8Array {
    return this.rootBefore(undefined) ?? EMPTY_ROOT;
  }

  clear(): void {
    this.#subtrees.length = 0;
    this.#size = 0;
  }
}

/** The root over some hashes as leaves of a tree of their own. */
export function rootOf(hashes: Iterable<Uint8Array>): Uint8Array {
  const range = new TreeRange();
  for (const hash of hashes) range.append(hash);
  return range.root();
}
