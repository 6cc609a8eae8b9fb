import type { Session } from '@meridian/kit/postgres/database.ts';
import { HASH_BYTES, TILE_WIDTH, foldRoots, subtreesOf } from './merkle.ts';
import type { Range } from './merkle.ts';
import { tileOf, within } from './tree-edge.ts';
import type { FullTile, TilePlace, TreeEdge } from './tree-edge.ts';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** The log that is written: its number, its name once there was a sequencer, and its tree. */
export interface LogHead extends TreeEdge {
  readonly log: number;
  readonly origin: string | undefined;
}

/** A head, and the tiles that were asked for as far as its tree has them, full or not. */
export interface Tiles {
  readonly head: LogHead;
  tile(place: TilePlace): Buffer | undefined;
}

interface Row {
  readonly log: number;
  readonly origin: string | null;
  readonly size: string;
  readonly root: Buffer;
  /** Tiles one after the other: pg takes arrays of bytes apart letter by letter. */
  readonly edge: Buffer;
  readonly full: Buffer;
  /** Which of the wanted ones are in `full`. */
  readonly found: readonly boolean[];
}

/** Reads tiles and the head that they belong to in one statement, so of one moment. */
export async function readTiles(session: Session, places: readonly TilePlace[]): Promise<Tiles> {
  const [row] = await session.query<Row>({
    name: 'audit_tiles',
    text: TILES,
    values: [places.map(({ level }) => level), places.map(({ index }) => index)],
  });
  if (row === undefined) throw new Error('Table log_head: must have its one row, got none');
  const size = Number(row.size);
  const edge = edgeOf(row.edge, size);
  const head = { log: row.log, origin: row.origin ?? undefined, size, root: row.root, edge };
  return {
    head,
    tile({ level, index }) {
      const notFull = Math.floor(size / TILE_WIDTH ** (level + 1));
      if (index === notFull) return edge[level];
      const at = places.findIndex((place) => place.level === level && place.index === index);
      if (row.found[at] !== true) return undefined;
      const before = row.found.slice(0, at).filter(Boolean).length;
      return row.full.subarray(before * TILE_BYTES, (before + 1) * TILE_BYTES);
    },
  };
}

const TILES = `
  SELECT log, origin, size, root,
         (SELECT coalesce(string_agg(hashes, ''::bytea ORDER BY level), '')
          FROM unnest(edge) WITH ORDINALITY AS part (hashes, level)) AS edge,
         full_tiles.*
  FROM log_head, LATERAL (
    SELECT coalesce(string_agg(hashes, ''::bytea ORDER BY at), '') AS full,
           coalesce(array_agg(hashes IS NOT NULL ORDER BY at), '{}') AS found
    FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS wanted (level, index, at)
    LEFT JOIN tiles ON tiles.log = log_head.log
     AND tiles.level = wanted.level AND tiles.index = wanted.index
  ) AS full_tiles`;

/** The size of a tree says how much of the edge is of each level. */
function edgeOf(bytes: Buffer, size: number): readonly Buffer[] {
  const edge: Buffer[] = [];
  let at = 0;
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    const end = at + (Math.floor(size / TILE_WIDTH ** level) % TILE_WIDTH) * HASH_BYTES;
    edge.push(bytes.subarray(at, end));
    at = end;
  }
  return edge;
}

/** Reads the head alone. */
export async function readHead(session: Session): Promise<LogHead> {
  return (await readTiles(session, [])).head;
}

/** The tiles that have the hashes below some ranges, each once. */
export function tilesBelow(ranges: readonly Range[]): readonly TilePlace[] {
  const places = ranges
    .flatMap(subtreesOf)
    .map(({ height, index }) => tileOf(height, index))
    .map(({ level, index }) => [`${level}/${index}`, { level, index }] as const);
  return [...new Map(places).values()];
}

/** The root of a range; undefined where a tile is not there, or too short. */
export function rangeRoot(tiles: Pick<Tiles, 'tile'>, range: Range): Buffer | undefined {
  const roots: Buffer[] = [];
  for (const { height, index } of subtreesOf(range)) {
    const place = tileOf(height, index);
    const hashes = tiles.tile(place);
    const end = (place.inner.index + 1) * 2 ** place.inner.height * HASH_BYTES;
    if (hashes === undefined || hashes.length < end) return undefined;
    roots.push(within(hashes, place.inner));
  }
  return foldRoots(roots);
}

/** An event of the queue and the hash of its leaf. */
export interface Hashed {
  readonly position: string;
  readonly source: string;
  readonly id: string;
  readonly leafHash: Buffer;
}

/**
 * Seals a batch: entries, tiles and head are written and the queue is shortened by one statement, so all of it
 * or none. Throws where the head is another by now, which fencing does not let happen.
 */
export async function writeBatch(
  session: Session,
  head: LogHead,
  batch: readonly Hashed[],
  { tree, full }: { readonly tree: TreeEdge; readonly full: readonly FullTile[] },
): Promise<void> {
  const [row] = await session.query<{ readonly sealed: number }>({
    name: 'audit_seal',
    text: SEAL,
    values: [
      ...[head.log, head.size, tree.size, tree.root, tree.edge],
      batch.map(({ position }) => position),
      batch.map(({ source }) => source),
      batch.map(({ id }) => id),
      batch.map(({ leafHash }) => leafHash),
      full.map(({ level }) => level),
      full.map(({ index }) => index),
      full.map(({ hashes }) => hashes),
    ],
  });
  if (row?.sealed !== batch.length) {
    throw new Error(`Log ${head.log}: must have ${head.size} entries, got another head meanwhile`);
  }
}

const SEAL = `
  WITH head AS (
    UPDATE log_head SET size = $3, root = $4, edge = $5 WHERE log = $1 AND size = $2
    RETURNING log
  ), sealed AS (
    INSERT INTO entries (log, index, source, id, leaf_hash)
    SELECT log, $2 + at - 1, source, id, leaf_hash
    FROM head, unnest($7::text[], $8::text[], $9::bytea[])
               WITH ORDINALITY AS batch (source, id, leaf_hash, at)
    RETURNING 1
  ), filled AS (
    INSERT INTO tiles (log, level, index, hashes)
    SELECT log, level, index, hashes
    FROM head, unnest($10::smallint[], $11::bigint[], $12::bytea[]) AS tile (level, index, hashes)
  ), taken AS (
    DELETE FROM pending USING head WHERE position = ANY($6::bigint[])
  )
  SELECT count(*)::int AS sealed FROM sealed`;
