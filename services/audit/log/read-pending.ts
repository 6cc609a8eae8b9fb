import type { Session } from '@meridian/kit/postgres/database.ts';
import { encodeLeaf } from '../leaf.ts';
import type { EventKind } from '../stored-event.ts';
import { hashLeaf } from './merkle.ts';
import type { Hashed } from './tile-store.ts';

interface Row {
  readonly position: string;
  readonly source: string;
  readonly id: string;
  readonly kind: EventKind;
  readonly type: string;
  readonly subject: string;
  readonly version: string | null;
  readonly event_time: Date;
  readonly causation_id: string | null;
  readonly correlation_id: string;
  readonly data: Buffer;
}

/** The events that wait longest, hashed: at most `rows`, and `bytes` of data or one. */
export async function readPending(
  session: Session,
  limits: { readonly rows: number; readonly bytes: number },
): Promise<readonly Hashed[]> {
  const rows = await session.query<Row>({
    name: 'audit_pending',
    text: PENDING,
    values: [limits.rows, limits.bytes],
  });
  return rows.map((row) => ({
    position: row.position,
    source: row.source,
    id: row.id,
    leafHash: hashLeaf(
      encodeLeaf({
        kind: row.kind,
        source: row.source,
        id: row.id,
        type: row.type,
        subject: row.subject,
        version: row.version === null ? undefined : BigInt(row.version),
        time: row.event_time,
        causationId: row.causation_id ?? undefined,
        correlationId: row.correlation_id,
        data: row.data,
      }),
    ),
  }));
}

// What commits later than its successors in the queue is sealed later; it is never skipped.
const PENDING = `
  SELECT position, source, id, kind, type, subject, version, event_time, causation_id,
         correlation_id, data
  FROM (
    SELECT *, sum(octet_length(data)) OVER (ORDER BY position) AS bytes_so_far
    FROM (SELECT position, source, id FROM pending ORDER BY position LIMIT $1) AS oldest
    JOIN events USING (source, id)
  ) AS measured
  WHERE bytes_so_far <= $2::bigint OR bytes_so_far = octet_length(data)
  ORDER BY position`;
