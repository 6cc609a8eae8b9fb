import { hashesOf, leavesOf, TILE_WIDTH, tilePath } from './tiles.ts';
import { VerificationError } from './verification-error.ts';

/**
 * Where a log is read from, none of which is believed. What is not there is undefined; a source that cannot be
 * asked throws, which ends a verification without a verdict. Several tiles and bundles are asked for at once, in the
 * order of the log.
 */
export interface LogSource {
  /** The newest signed head. */
  checkpoint(): Promise<Uint8Array | undefined>;
  /** `width` hashes of 32 bytes (C2SP tlog-tiles, "Merkle Tree"). */
  tile(level: number, index: number, width: number): Promise<Uint8Array | undefined>;
  /** An entry bundle: `width` leaves, each behind its length of two bytes ("Log entries"). */
  entries(index: number, width: number): Promise<Uint8Array | undefined>;
}

/** What a source gave, or what is wrong with it. */
export type Read<Value> = { readonly value: Value } | { readonly problem: string };

type Parts = readonly Uint8Array[];

/** Reads a tile's hashes; a full tile may have taken the place of a partial one ("Partial Tiles"). */
export function readTile(
  source: LogSource,
  level: number,
  index: number,
  width: number,
): Promise<Read<Parts>> {
  return readParts(level, index, width, hashesOf, (each) => source.tile(level, index, each));
}

/** Reads the leaves of a bundle, in the same way. */
export function readEntries(source: LogSource, index: number, width: number): Promise<Read<Parts>> {
  return readParts('entries', index, width, leavesOf, (each) => source.entries(index, each));
}

async function readParts(
  level: number | 'entries',
  index: number,
  width: number,
  parse: (bytes: Uint8Array, width: number, name: string) => Parts,
  read: (width: number) => Promise<Uint8Array | undefined>,
): Promise<Read<Parts>> {
  for (const each of width === TILE_WIDTH ? [width] : [width, TILE_WIDTH]) {
    const bytes = await read(each);
    if (bytes === undefined) continue;
    try {
      return { value: parse(bytes, each, tilePath(level, index, each)).slice(0, width) };
    } catch (error) {
      if (error instanceof VerificationError) return { problem: error.message };
      throw error;
    }
  }
  return {
    problem: `Tile '${tilePath(level, index, width)}': must be there for a tree of this size, got nothing; it was removed, or the log is cut short.`,
  };
}
