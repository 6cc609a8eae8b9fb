import { hash } from 'node:crypto';

/** Bytes of SHA-256, the hash of the log. */
export const HASH_BYTES = 32;

/** Levels of the tree in one level of tiles, and the hashes that a full tile has (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;

/** Root of the tree without leaves. Source: RFC 9162 section 2.1.1. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

/** Leaves `begin` to before `end` of the tree, which are a tree of their own. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** 2^height leaves, the first of which is `index * 2^height`. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** SHA-256 of 0x00 and the leaf. */
export function hashLeaf(leaf: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(1 + leaf.length);
  input[0] = 0;
  input.set(leaf, 1);
  return hash('sha256', input, 'buffer');
}

/** SHA-256 of 0x01 and both children. */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return hash('sha256', node, 'buffer');
}

/** The root above as many hashes as a power of two, which lie one after the other. */
export function perfectRoot(hashes: Buffer): Buffer {
  if (hashes.length === HASH_BYTES) return hashes;
  const above = Buffer.allocUnsafe(hashes.length / 2);
  for (let at = 0; at < above.length; at += HASH_BYTES) {
    node.set(hashes.subarray(2 * at, 2 * at + 2 * HASH_BYTES), 1);
    above.set(hash('sha256', node, 'buffer'), at);
  }
  return perfectRoot(above);
}

/** The perfect subtrees of a range from left to right: one for each power of two in its width. */
export function subtreesOf({ begin, end }: Range): readonly Subtree[] {
  const found: Subtree[] = [];
  for (let at = begin; at < end;) {
    const height = heightBelow(end - at);
    found.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return found;
}

/** The root of a range whose perfect subtrees have these roots, from left to right. */
export function foldRoots(roots: readonly Buffer[]): Buffer {
  return (
    roots.reduceRight<Buffer | undefined>(
      (right, left) => (right === undefined ? left : hashNode(left, right)),
      undefined,
    ) ?? EMPTY_ROOT
  );
}

/** The ranges whose roots prove that a leaf is in a tree, the leaf's sibling first. Source: RFC 9162 section 2.1.3.1. */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  const path: Range[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = split(begin, end);
    if (index < middle) {
      path.unshift({ begin: middle, end });
      end = middle;
    } else {
      path.unshift({ begin, end: middle });
      begin = middle;
    }
  }
  return path;
}

/**
 * The ranges whose roots prove that the tree of one size is the beginning of that of another; none from the
 * empty tree, and between equal ones. Source: RFC 9162 section 2.1.4.1.
 */
export function consistencyRanges(older: number, newer: number): readonly Range[] {
  if (older === 0 || older === newer) return [];
  const path: Range[] = [];
  let [begin, end] = [0, newer];
  while (end !== older) {
    const middle = split(begin, end);
    if (older <= middle) {
      path.unshift({ begin: middle, end });
      end = middle;
    } else {
      path.unshift({ begin, end: middle });
      begin = middle;
    }
  }
  // From the left edge it would be the older root, which whoever asks has.
  return begin === 0 ? path : [{ begin, end }, ...path];
}

/** Where a tree is split: before its largest power of two that is smaller than it. */
function split(begin: number, end: number): number {
  return begin + 2 ** heightBelow(end - begin - 1);
}

/** Of the largest power of two that is at most this; exact, unlike a logarithm. */
function heightBelow(width: number): number {
  let height = 0;
  while (2 ** (height + 1) <= width) height += 1;
  return height;
}
