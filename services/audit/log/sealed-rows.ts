import type { Session } from '@meridian/kit/postgres/database.ts';
import { COLUMNS } from '../entry-row.ts';
import { eventOfRow } from '../event-row.ts';
import type { EventRow } from '../event-row.ts';
import { leafHashOf } from '../leaf-hash.ts';
import type { CheckpointText } from './checkpoint-note.ts';
import { HASH_BYTES, TILE_WIDTH } from './merkle.ts';
import { readHead, readTiles } from './tile-store.ts';
import { append, EMPTY_TREE } from './tree-edge.ts';

/** An entry whose row is not what was sealed of it. */
interface Differing {
  readonly index: number;
  /** As `entries` has it; undefined where that has nothing at the place. */
  readonly event: { readonly source: string; readonly id: string } | undefined;
  readonly got: 'another event' | 'none';
}

type Row = { readonly at: number } & (
  | (EventRow & { readonly entry_source: string; readonly entry_id: string })
  | { readonly kind: null; readonly entry_source: string | null; readonly entry_id: string | null }
);

/**
 * Hashes every row of a log again and compares it with the hash that was sealed; then all of them with a head that was
 * published, as whoever changes rows may have changed tiles too. Returns what differs in words; undefined where
 * everything is as it was sealed.
 */
export async function differingRows(
  session: Session,
  log: number,
  head: CheckpointText | undefined,
): Promise<string | undefined> {
  const { size } = await readHead(session);
  let [first, count]: [Differing | undefined, number] = [undefined, 0];
  let [tree, isOfHead] = [EMPTY_TREE, true];
  const headSize = Number(head?.size ?? 0n);
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const tile = (await readTiles(session, [{ level: 0, index }])).tile({ level: 0, index });
    const rows = await readRows(session, log, index * TILE_WIDTH, size);
    const hashes = rows.map(hashOf);
    for (const [at, row] of rows.entries()) {
      const sealed = tile?.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
      if (sealed !== undefined && hashes[at]?.equals(sealed) === true) continue;
      count += 1;
      first ??= differing(row);
    }
    if (head === undefined || tree.size >= headSize || count > 0) continue;
    tree = append(
      tree,
      hashes.slice(0, headSize - tree.size).flatMap((hash) => hash ?? []),
    ).tree;
    if (tree.size === headSize) isOfHead = tree.root.equals(head.root);
  }
  if (first !== undefined) return wordsOf(first, count);
  if (isOfHead) return await beyond(session, log, size);
  return `entries 0 to ${headSize - 1} are those of their tiles, and not those of the published head of ${headSize} entries`;
}

async function readRows(
  session: Session,
  log: number,
  from: number,
  size: number,
): Promise<readonly Row[]> {
  return session.query<Row>({
    name: 'audit_sealed_rows',
    text: `SELECT at::int, entry.source AS entry_source, entry.id AS entry_id, ${COLUMNS}
           FROM generate_series($2::bigint, $3::bigint) AS at
           LEFT JOIN entries AS entry ON entry.log = $1 AND entry.index = at
           LEFT JOIN events AS event ON event.source = entry.source AND event.id = entry.id
           ORDER BY at`,
    values: [log, from, Math.min(from + TILE_WIDTH, size) - 1],
  });
}

function hashOf(row: Row): Buffer | undefined {
  return row.kind === null ? undefined : leafHashOf(eventOfRow(row));
}

function differing({ at: index, kind, entry_source: source, entry_id: id }: Row): Differing {
  const event = source === null || id === null ? undefined : { source, id };
  return { index, event, got: kind === null ? 'none' : 'another event' };
}

function wordsOf({ index, event, got }: Differing, count: number): string {
  const which = event === undefined ? '' : ` (event '${event.id}' of ${event.source})`;
  const rest = count === 1 ? '' : `, nor are ${count - 1} more`;
  return `entry ${index}${which} is not as it was sealed, but ${got}${rest}`;
}

/** Entries that no tree has. */
async function beyond(session: Session, log: number, size: number): Promise<string | undefined> {
  const [row] = await session.query<{ readonly first: string | null; readonly count: string }>({
    name: 'audit_rows_beyond',
    text: 'SELECT min(index) AS first, count(*) AS count FROM entries WHERE log = $1 AND (index >= $2 OR index < 0)',
    values: [log, size],
  });
  if (!row?.first) return undefined;
  return `entry ${row.first} and ${Number(row.count) - 1} others are in no tree, which has ${size}`;
}
