import { HASH_BYTES, hashNode, hashText, sameHash } from './hashing.ts';
import { VerificationError } from './verification-error.ts';

/** A tree that somebody signed. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** That a leaf is in a tree. */
export interface InclusionProof {
  /** From 0. */
  readonly index: number;
  /** Hashes of 32 bytes from the leaf's sibling up to a child of the root. */
  readonly path: readonly Uint8Array[];
}

/**
 * Checks that a leaf is in a tree (RFC 9162 section 2.1.3.2).
 *
 * @throws {VerificationError} INDEX_BEYOND_TREE, or PROOF_WRONG, also for a proof of another leaf or tree
 */
export function verifyInclusion(
  leafHash: Uint8Array,
  { index, path }: InclusionProof,
  { size, root }: TreeHead,
): void {
  const thing = `Inclusion proof of leaf ${index} in ${size}`;
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new VerificationError(
      'INDEX_BEYOND_TREE',
      `${thing}: the index must be below the tree's size, got ${index} of ${size}; take a proof for a tree that has it.`,
    );
  }
  checkHashes(thing, [leafHash, root, ...path]);
  // fn and sn of the RFC; division because >> would cut an index to 32 bits.
  let [node, at, last] = [leafHash, index, size - 1];
  for (const hash of path) {
    if (last === 0) throw wrongLength(thing, path.length);
    if (at % 2 === 1 || at === last) {
      node = hashNode(hash, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      node = hashNode(node, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) throw wrongLength(thing, path.length);
  if (!sameHash(node, root)) throw wrongRoot(thing, node, root);
}

/**
 * Checks that a tree is the beginning of another (RFC 9162 section 2.1.4.2). Every tree begins with the empty
 * one, and a tree with itself; their proof is empty.
 *
 * @param path hashes of 32 bytes
 * @throws {VerificationError} TREE_SHRUNK, or PROOF_WRONG, also where two trees of one size differ
 */
export function verifyConsistency(
  older: TreeHead,
  newer: TreeHead,
  path: readonly Uint8Array[],
): void {
  const thing = `Consistency proof from ${older.size} to ${newer.size}`;
  if (newer.size < older.size) {
    throw new VerificationError(
      'TREE_SHRUNK',
      `${thing}: the newer tree must have at least ${older.size} leaves, got ${newer.size}; a log never shrinks, so keep both heads as evidence.`,
    );
  }
  checkHashes(thing, [older.root, newer.root, ...path]);
  if (older.size === 0 || older.size === newer.size) {
    if (path.length > 0) throw wrongLength(thing, path.length);
    if (older.size > 0 && !sameHash(older.root, newer.root)) {
      throw wrongRoot(thing, newer.root, older.root);
    }
    return;
  }
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  // A tree whose size is a power of two is a node of the newer one, and is left out of the proof.
  const [first, ...rest] = at === 0 ? [older.root, ...path] : path;
  if (first === undefined) throw wrongLength(thing, path.length);
  let [olderRoot, newerRoot] = [first, first];
  for (const hash of rest) {
    if (last === 0) throw wrongLength(thing, path.length);
    if (at % 2 === 1 || at === last) {
      olderRoot = hashNode(hash, olderRoot);
      newerRoot = hashNode(hash, newerRoot);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      newerRoot = hashNode(newerRoot, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) throw wrongLength(thing, path.length);
  if (!sameHash(olderRoot, older.root))
    throw wrongRoot(`${thing}, older tree`, olderRoot, older.root);
  if (!sameHash(newerRoot, newer.root))
    throw wrongRoot(`${thing}, newer tree`, newerRoot, newer.root);
}

const half = (value: number): number => Math.floor(value / 2);

function checkHashes(thing: string, hashes: readonly Uint8Array[]): void {
  const wrong = hashes.find((hash) => hash.length !== HASH_BYTES);
  if (wrong === undefined) return;
  throw new VerificationError(
    'PROOF_WRONG',
    `${thing}: every hash must have ${HASH_BYTES} bytes, got one of ${wrong.length}; take the proof again.`,
  );
}

function wrongLength(thing: string, length: number): VerificationError {
  return new VerificationError(
    'PROOF_WRONG',
    `${thing}: the proof must have as many hashes as trees of these sizes give, got ${length}; it is for another tree or was cut.`,
  );
}

function wrongRoot(thing: string, got: Uint8Array, wanted: Uint8Array): VerificationError {
  return new VerificationError(
    'PROOF_WRONG',
    `${thing}: the root must be ${hashText(wanted)}, got ${hashText(got)}; the proof is for another leaf or tree, or one of the two was changed.`,
  );
}
