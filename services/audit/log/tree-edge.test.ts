import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { TreeInMemory } from '../testing/tree-in-memory.ts';
import { EMPTY_ROOT, consistencyRanges, hashLeaf, inclusionRanges } from './merkle.ts';
import { rangeRoot } from './tile-store.ts';
import { append, EMPTY_TREE } from './tree-edge.ts';

const LEAVES = Array.from({ length: 70_000 }, (_, at) => hashLeaf(Buffer.from(`leaf ${at}`)));

/** The tree as RFC 9162 defines it, over leaf hashes: MTH, PATH and PROOF of sections 2.1.1, 2.1.3 and 2.1.4. */
class Defined {
  readonly #roots = new Map<string, Buffer>();

  root(begin: number, end: number): Buffer {
    if (end === begin) return createHash('sha256').digest();
    if (end - begin === 1) return LEAVES[begin] ?? EMPTY_ROOT;
    const key = `${begin} ${end}`;
    const known = this.#roots.get(key);
    if (known !== undefined) return known;
    const middle = begin + k(end - begin);
    const root = createHash('sha256')
      .update(Buffer.from([1]))
      .update(this.root(begin, middle))
      .update(this.root(middle, end))
      .digest();
    this.#roots.set(key, root);
    return root;
  }

  path(m: number, begin: number, end: number): readonly Buffer[] {
    if (end - begin === 1) return [];
    const middle = begin + k(end - begin);
    return m < middle
      ? [...this.path(m, begin, middle), this.root(middle, end)]
      : [...this.path(m, middle, end), this.root(begin, middle)];
  }

  proof(m: number, begin: number, end: number, known: boolean): readonly Buffer[] {
    if (m === end) return known ? [] : [this.root(begin, end)];
    const middle = begin + k(end - begin);
    return m <= middle
      ? [...this.proof(m, begin, middle, known), this.root(middle, end)]
      : [...this.proof(m, middle, end, false), this.root(begin, middle)];
  }
}

/** The largest power of two smaller than n. */
function k(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

const defined = new Defined();

function rootsOf(tree: TreeInMemory, ranges: ReturnType<typeof inclusionRanges>) {
  return ranges.map((range) => rangeRoot(tree, range)?.toString('hex'));
}

function hex(hashes: readonly Buffer[]): readonly string[] {
  return hashes.map((hash) => hash.toString('hex'));
}

describe('a tree by its edge', () => {
  test('has the root that RFC 9162 defines, at every size to 600 and however it grew', () => {
    const batch = [1, 2, 3, 255, 256, 257];
    let one = EMPTY_TREE;
    for (let size = 0; size <= 600; size += 1) {
      const root = defined.root(0, size);
      expect(one.root).toEqual(root);
      const first = Math.min(batch[size % batch.length] ?? 0, size);
      const begun = append(EMPTY_TREE, LEAVES.slice(0, first)).tree;
      expect(append(begun, LEAVES.slice(first, size)).tree.root).toEqual(root);
      one = append(one, LEAVES.slice(size, size + 1)).tree;
    }
  });

  test('gives every proof of the trees of up to 40 leaves, from the tiles of a larger one', () => {
    const tree = new TreeInMemory();
    tree.append(LEAVES.slice(0, 300));
    for (let size = 1; size <= 40; size += 1) {
      for (let m = 0; m < size; m += 1) {
        expect(rootsOf(tree, inclusionRanges(m, size))).toEqual(hex(defined.path(m, 0, size)));
        const older = m + 1;
        expect(rootsOf(tree, consistencyRanges(older, size))).toEqual(
          hex(defined.proof(older, 0, size, true)),
        );
      }
    }
  });

  test('gives proofs at any size up to 70,000, across all levels of tiles', () => {
    const tree = new TreeInMemory();
    for (let size = 0; size < LEAVES.length;) {
      const next = Math.min(size + 1 + Math.floor(Math.random() * 9_000), LEAVES.length);
      tree.append(LEAVES.slice(size, next));
      size = next;
    }
    expect(tree.tree.root).toEqual(defined.root(0, LEAVES.length));
    const sizes = [255, 256, 257, 65_535, 65_536, 65_537, LEAVES.length];
    sizes.push(...Array.from({ length: 40 }, () => 1 + Math.floor(Math.random() * LEAVES.length)));
    for (const size of sizes) {
      const m = Math.floor(Math.random() * size);
      const told = { size, m };
      expect({ ...told, path: rootsOf(tree, inclusionRanges(m, size)) }).toEqual({
        ...told,
        path: hex(defined.path(m, 0, size)),
      });
      expect({ ...told, proof: rootsOf(tree, consistencyRanges(m + 1, size)) }).toEqual({
        ...told,
        proof: hex(defined.proof(m + 1, 0, size, true)),
      });
    }
  });
});
