import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_ROOT, hashLeaf, hashNode } from './hashing.ts';
import { verifyConsistency, verifyInclusion } from './proofs.ts';
import { ReferenceTree } from './testing/reference-tree.ts';
import { TreeRange } from './tree-range.ts';

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const refusal = (code: string, work: () => void): void => {
  expect(work).toThrow(expect.objectContaining({ name: 'VerificationError', code }));
};

/** The tree that every implementation of Certificate Transparency is tested with. */
const WELL_KNOWN = {
  leaves: [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ],
  roots: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
  /** Paths of leaves in trees, and between trees. */
  inclusions: [
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  ],
  consistencies: [
    [1, 1, []],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ],
} as const;

const wellKnownRoot = (size: number): Uint8Array => hex(WELL_KNOWN.roots[size] ?? '');

describe('the tree of Certificate Transparency', () => {
  test('has the roots that are known for it', () => {
    const range = new TreeRange();
    const roots = [range.root()];
    for (const leaf of WELL_KNOWN.leaves) {
      range.append(hashLeaf(hex(leaf)));
      roots.push(range.root());
    }
    expect(roots.map(hexOf)).toEqual(WELL_KNOWN.roots);
    expect(hexOf(EMPTY_ROOT)).toBe(WELL_KNOWN.roots[0]);
  });

  test.each(WELL_KNOWN.inclusions)('has leaf %d in %d', (index, size, path) => {
    const leaf = hashLeaf(hex(WELL_KNOWN.leaves[index]));
    verifyInclusion(leaf, { index, path: path.map(hex) }, { size, root: wellKnownRoot(size) });
  });

  test.each(WELL_KNOWN.consistencies)('is of one growth from %d to %d', (older, newer, path) => {
    verifyConsistency(
      { size: older, root: wellKnownRoot(older) },
      { size: newer, root: wellKnownRoot(newer) },
      path.map(hex),
    );
  });
});

const SIZES = 1000;
const leaves = Array.from({ length: SIZES }, (_, at) => Buffer.from(`leaf ${at}`));
const reference = new ReferenceTree(leaves);
const head = (size: number) => ({ size, root: reference.root(size) });
const hashOfLeaf = (index: number): Uint8Array => hashLeaf(leaves[index] ?? Buffer.of());

/** All of them in small trees; in larger ones those at ends and beside powers of two. */
function chosen(size: number): readonly number[] {
  if (size <= 40) return Array.from({ length: size }, (_, at) => at);
  const power = 2 ** Math.floor(Math.log2(size - 1));
  return [0, 1, power - 1, power, size - 2, size - 1, (size * 7) % size, (size * 5) >> 3];
}

const trees = fc
  .integer({ min: 2, max: SIZES })
  .chain((size) =>
    fc.record({ size: fc.constant(size), index: fc.nat(size - 1), bit: fc.nat(255), at: fc.nat() }),
  );

/** A path with one bit of one hash changed. */
function changed(path: readonly Uint8Array[], at: number, bit: number): readonly Uint8Array[] {
  return path.map((hash, place) => {
    if (place !== at % path.length) return hash;
    const other = Buffer.from(hash);
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return other;
  });
}

describe('trees of every size up to 1,000', () => {
  test('have the roots of the definition', () => {
    const range = new TreeRange();
    for (let size = 0; size < SIZES; size += 1) {
      expect(hexOf(range.root())).toBe(hexOf(reference.root(size)));
      range.append(hashOfLeaf(size));
    }
  });

  test('contain their leaves, and begin with smaller trees', () => {
    for (let size = 1; size <= SIZES; size += 1) {
      for (const index of chosen(size)) {
        verifyInclusion(
          hashOfLeaf(index),
          { index, path: reference.inclusion(index, size) },
          head(size),
        );
        verifyConsistency(head(index), head(size), reference.consistency(index, size));
      }
    }
  });

  test('refuse a proof of another leaf, another tree, or with anything changed', () => {
    const property = fc.property(trees, ({ size, index, bit, at }) => {
      const path = reference.inclusion(index, size);
      const check = (leaf: number, place: number, hashes: readonly Uint8Array[], of = size) =>
        refusal('PROOF_WRONG', () =>
          verifyInclusion(hashOfLeaf(leaf), { index: place, path: hashes }, head(of)),
        );
      const other = (index + 1 + (at % (size - 1))) % size;
      check(other, index, path);
      check(index, other, path);
      check(index, index, changed(path, at, bit));
      check(index, index, path.slice(1));
      check(index, index, [...path, reference.root(size)]);
      if (size < SIZES) check(index, index, path, size + 1);
      refusal('INDEX_BEYOND_TREE', () =>
        verifyInclusion(hashOfLeaf(index), { index: size, path }, head(size)),
      );
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('refuse a proof that they grew from another tree, or with anything changed', () => {
    const property = fc.property(trees, ({ size, index, bit, at }) => {
      const older = Math.max(index, 1);
      const path = reference.consistency(older, size);
      const check = (from: number, to: number, hashes: readonly Uint8Array[]) =>
        refusal('PROOF_WRONG', () => verifyConsistency(head(from), head(to), hashes));
      if (path.length > 0) check(older, size, changed(path, at, bit));
      if (path.length > 0) check(older, size, path.slice(0, -1));
      check(older, size, [...path, reference.root(size)]);
      const forked = { size: older, root: hashNode(head(older).root, head(size).root) };
      refusal('PROOF_WRONG', () => verifyConsistency(forked, head(size), path));
      refusal('PROOF_WRONG', () => verifyConsistency(head(older), { ...forked, size }, path));
      refusal('TREE_SHRUNK', () => verifyConsistency(head(size), head(size - 1), []));
    });
    fc.assert(property, { numRuns: 300 });
  });
});

test('two trees of one size are one tree', () => {
  const [one, other] = [head(7), { size: 7, root: reference.root(8) }];
  verifyConsistency(one, one, []);
  refusal('PROOF_WRONG', () => verifyConsistency(one, other, []));
});

test('a hash that is too short is refused, and an index that is not a number', () => {
  refusal('PROOF_WRONG', () =>
    verifyInclusion(hashOfLeaf(0), { index: 0, path: [Buffer.of(1)] }, head(2)),
  );
  refusal('INDEX_BEYOND_TREE', () =>
    verifyInclusion(hashOfLeaf(0), { index: NaN, path: [] }, head(1)),
  );
});
