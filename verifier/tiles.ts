import { HASH_BYTES } from './hashing.ts';
import { shortened } from './text.ts';
import { VerificationError } from './verification-error.ts';

/** Hashes of a full tile, and leaves of a full entry bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

/** The most bytes that an entry bundle can have: each leaf up to 65,535 behind its length. */
export const MOST_BUNDLE_BYTES = TILE_WIDTH * (2 + 0xffff);

/** How many subtrees of `TILE_WIDTH ** level` leaves a tree has. */
export function subtreesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** How many hashes a tile has in a tree: 0 where it is not there, 256 where it is full. */
export function widthOf(level: number, index: number, size: number): number {
  return Math.min(Math.max(subtreesAt(level, size) - index * TILE_WIDTH, 0), TILE_WIDTH);
}

/** The path of a tile, such as `tile/0/x001/234.p/5`, or of an entry bundle. */
export function tilePath(level: number | 'entries', index: number, width: number): string {
  const digits = index.toString();
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const last = groups.length - 1;
  const name = groups.map((group, at) => (at === last ? group : `x${group}`)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/**
 * Reads the hashes of a tile.
 *
 * @param name for messages
 * @throws {VerificationError} TILE_MALFORMED for another length
 */
export function hashesOf(tile: Uint8Array, width: number, name: string): readonly Uint8Array[] {
  if (tile.length !== width * HASH_BYTES) {
    throw malformed(name, `have ${width * HASH_BYTES} bytes`, `${tile.length}`);
  }
  return Array.from({ length: width }, (_, at) =>
    tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

/**
 * Reads the leaves of an entry bundle.
 *
 * @param name for messages
 * @throws {VerificationError} TILE_MALFORMED for fewer, a cut one, or bytes behind the last
 */
export function leavesOf(bundle: Uint8Array, width: number, name: string): readonly Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.length);
  const leaves: Uint8Array[] = [];
  let at = 0;
  while (leaves.length < width) {
    const length = at + 2 <= bundle.length ? view.getUint16(at) : Infinity;
    if (at + 2 + length > bundle.length) {
      throw malformed(name, `have ${width} whole leaves`, `${leaves.length}`);
    }
    leaves.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (at === bundle.length) return leaves;
  throw malformed(name, `end behind leaf ${width}`, `${bundle.length - at} more bytes`);
}

/**
 * Writes an entry bundle.
 *
 * @throws {VerificationError} LEAF_MALFORMED for a leaf beyond 65,535 bytes
 */
export function encodeBundle(leaves: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    leaves.flatMap((leaf) => {
      if (leaf.length > 0xffff) {
        throw new VerificationError(
          'LEAF_MALFORMED',
          `Entry bundle: a leaf must have at most 65535 bytes, got ${leaf.length}; give its hash in place of its data.`,
        );
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(leaf.length);
      return [length, leaf];
    }),
  );
}

function malformed(name: string, wanted: string, got: string): VerificationError {
  return new VerificationError(
    'TILE_MALFORMED',
    `Tile '${shortened(name)}': must ${wanted}, got ${got}; it was cut, or is of another tree.`,
  );
}
