import { BadRequestSchema } from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import type { Session } from '@meridian/kit/postgres/database.ts';
import { detailedError } from '@meridian/kit/rpc/error-details.ts';
import { HASH_BYTES, TILE_WIDTH, consistencyRanges, inclusionRanges } from './merkle.ts';
import type { Range } from './merkle.ts';
import { rangeRoot, readTiles, tilesBelow } from './tile-store.ts';
import type { Tiles } from './tile-store.ts';

/** Reads proofs and tiles of the log that is written. */
export class LogReader {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * The hashes from the leaf's sibling upwards that prove it is in the tree of a size (RFC 9162 section
   * 2.1.3). Throws OUT_OF_RANGE for an index beyond that tree, and for a tree larger than the log.
   */
  async inclusionProof(index: bigint, size: bigint): Promise<readonly Buffer[]> {
    refuse(size < 1n, 'INVALID_ARGUMENT', 'tree_size', `must be at least 1, got ${size}`);
    refuse(index < 0n, 'INVALID_ARGUMENT', 'index', `must be at least 0, got ${index}`);
    refuse(index >= size, 'OUT_OF_RANGE', 'index', `must be below tree_size ${size}, got ${index}`);
    return this.#proof('tree_size', size, (n) => inclusionRanges(Number(index), n));
  }

  /**
   * The hashes that prove that the tree of one size is the beginning of that of another (RFC 9162 section
   * 2.1.4). Throws OUT_OF_RANGE for a tree larger than the log, INVALID_ARGUMENT for sizes the wrong way round.
   */
  async consistencyProof(older: bigint, newer: bigint): Promise<readonly Buffer[]> {
    refuse(older < 1n, 'INVALID_ARGUMENT', 'old_tree_size', `must be at least 1, got ${older}`);
    refuse(
      older > newer,
      'INVALID_ARGUMENT',
      'old_tree_size',
      `must be at most new_tree_size ${newer}, got ${older}`,
    );
    return this.#proof('new_tree_size', newer, (n) => consistencyRanges(Number(older), n));
  }

  /**
   * The first hashes of a tile, one after the other (C2SP tlog-tiles). Throws OUT_OF_RANGE where the tree has
   * not as many.
   */
  async tile(level: number, index: bigint, width = TILE_WIDTH): Promise<Buffer> {
    refuse(level < 0, 'INVALID_ARGUMENT', 'level', `must be at least 0, got ${level}`);
    refuse(index < 0n, 'INVALID_ARGUMENT', 'index', `must be at least 0, got ${index}`);
    refuse(
      width < 1 || width > TILE_WIDTH,
      'INVALID_ARGUMENT',
      'width',
      `must be 1 to ${TILE_WIDTH}, got ${width}`,
    );
    const leaves = (index * 256n + BigInt(width)) * 256n ** BigInt(level);
    const place = { level, index: Number(index) };
    // Beyond what a number counts exactly there is no tile to be asked for.
    const tiles = await readTiles(this.#session, leaves > MAX_SIZE ? [] : [place]);
    refuse(
      leaves > BigInt(tiles.head.size),
      'OUT_OF_RANGE',
      'index',
      `must be of a tile with ${width} hashes, got ${index}, which needs ${leaves} entries of ${tiles.head.size}`,
    );
    const hashes = tiles.tile(place);
    if (hashes === undefined) throw missing(tiles, leaves);
    return hashes.subarray(0, width * HASH_BYTES);
  }

  async #proof(
    field: string,
    size: bigint,
    rangesOf: (size: number) => readonly Range[],
  ): Promise<readonly Buffer[]> {
    // A log has no more leaves than a number counts exactly.
    const ranges = size > MAX_SIZE ? [] : rangesOf(Number(size));
    const tiles = await readTiles(this.#session, tilesBelow(ranges));
    refuseBeyond(tiles, size, field);
    return ranges.map((range) => {
      const root = rangeRoot(tiles, range);
      if (root === undefined) throw missing(tiles, range.end);
      return root;
    });
  }
}

const MAX_SIZE = BigInt(Number.MAX_SAFE_INTEGER);

function refuseBeyond({ head }: Tiles, size: bigint, field: string): void {
  refuse(
    size > BigInt(head.size),
    'OUT_OF_RANGE',
    field,
    `must be within the ${head.size} entries of the log, got ${size}`,
  );
}

function missing({ head }: Tiles, leaves: bigint | number): Error {
  return new Error(`Log ${head.log}: must have all tiles of its first ${leaves} leaves, got fewer`);
}

function refuse(
  wrong: boolean,
  status: 'INVALID_ARGUMENT' | 'OUT_OF_RANGE',
  field: string,
  description: string,
): void {
  if (!wrong) return;
  throw detailedError(status, `${field} ${description}`, BadRequestSchema, {
    fieldViolations: [{ field, description }],
  });
}
