import type { Session } from '@meridian/kit/postgres/database.ts';
import { leafHashOf } from '../leaf-hash.ts';
import { eventOfRow } from '../event-row.ts';
import type { EventRow } from '../event-row.ts';
import type { EventKind } from '../stored-event.ts';
import type { Hashed } from './tile-store.ts';

/** An event that waits, and what is told of it once it is sealed. */
export interface Pending extends Hashed {
  readonly kind: EventKind;
  readonly type: string;
  readonly correlationId: string;
}

interface Row extends EventRow {
  readonly position: string;
}

/** The events that wait longest, hashed: at most `rows`, and `bytes` of data or one. */
export async function readPending(
  session: Session,
  limits: { readonly rows: number; readonly bytes: number },
): Promise<readonly Pending[]> {
  const rows = await session.query<Row>({
    name: 'audit_pending',
    text: PENDING,
    values: [limits.rows, limits.bytes],
  });
  return rows.map((row) => ({
    position: row.position,
    source: row.source,
    id: row.id,
    kind: row.kind,
    type: row.type,
    correlationId: row.correlation_id,
    leafHash: leafHashOf(eventOfRow(row)),
  }));
}

// What commits later than its successors in the queue is sealed later; it is never skipped.
const PENDING = `
  SELECT position, source, id, kind, type, subject, version, event_time, causation_id,
         correlation_id, data, archived_leaf
  FROM (
    SELECT *, sum(coalesce(octet_length(data), 0)) OVER (ORDER BY position) AS bytes_so_far
    FROM (SELECT position, source, id FROM pending ORDER BY position LIMIT $1) AS oldest
    JOIN events USING (source, id)
  ) AS measured
  WHERE bytes_so_far <= $2::bigint OR bytes_so_far = octet_length(data)
  ORDER BY position`;
