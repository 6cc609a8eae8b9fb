import { TILE_WIDTH } from '../log/merkle.ts';

/** A session of the owner of the database, or of its superuser. */
export interface OwnerSession {
  query(
    text: string,
    values: readonly unknown[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

/** An archive that the log itself says there is. */
export interface RecordedArchive {
  readonly size: number;
  readonly keepDays: number;
}

/** Entries that are gone through by one statement, each a transaction. */
const PAGE = 16 * TILE_WIDTH;

/** What could be moved. */
export interface Movable {
  readonly entries: number;
  readonly bytes: number;
}

/** Counts what would be moved; changes nothing. */
export async function countMovable(
  session: OwnerSession,
  { size, keepDays }: RecordedArchive,
): Promise<Movable> {
  let [entries, bytes] = [0, 0];
  for (let first = 0; first < size; first += PAGE) {
    const { rows } = await session.query(
      `SELECT count(*) AS entries, coalesce(sum(bytes), 0) AS bytes
       FROM archivable_entries($1, $2, $3, $4)`,
      [size, keepDays, first, first + PAGE],
    );
    entries += Number(rows[0]?.['entries']);
    bytes += Number(rows[0]?.['bytes']);
  }
  return { entries, bytes };
}

/**
 * Takes out of the database what the archive has, page by page; broken off, it is done again. Returns of how many
 * entries. The database refuses unless the log says under a published head that there is the archive.
 */
export async function moveToArchive(
  session: OwnerSession,
  { size, keepDays }: RecordedArchive,
  signal?: AbortSignal,
): Promise<number> {
  let moved = 0;
  for (let first = 0; first < size; first += PAGE) {
    signal?.throwIfAborted();
    const { rows } = await session.query('SELECT move_to_archive($1, $2, $3, $4) AS moved', [
      ...[size, keepDays, first, first + PAGE],
    ]);
    moved += Number(rows[0]?.['moved']);
  }
  return moved;
}
