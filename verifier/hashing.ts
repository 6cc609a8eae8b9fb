import { hash } from 'node:crypto';

/** The hash function of the log is SHA-256 (RFC 9162 section 2.1, C2SP tlog-tiles). */
export const HASH_BYTES = 32;

/** The root of a tree without leaves: SHA-256 of nothing (RFC 9162 section 2.1.1). */
export const EMPTY_ROOT: Uint8Array = hash('sha256', '', 'buffer');

/** SHA-256(0x00 || leaf), RFC 9162 section 2.1.1. */
export function hashLeaf(leaf: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(1 + leaf.length);
  input[0] = 0;
  input.set(leaf, 1);
  return hash('sha256', input, 'buffer');
}

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** SHA-256(0x01 || left || right), RFC 9162 section 2.1.1. */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}

/** Whether two hashes are the same; both are public, so the time it takes tells nothing. */
export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** A hash as messages show it. */
export function hashText(of: Uint8Array): string {
  return Buffer.from(of.buffer, of.byteOffset, of.length).toString('base64');
}
