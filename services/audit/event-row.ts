import type { EventKind, StoredEvent } from './stored-event.ts';

/** What a leaf is made from, as a row of the table `events` has it. */
export interface EventRow {
  readonly source: string;
  readonly id: string;
  readonly kind: EventKind;
  readonly type: string;
  readonly subject: string;
  readonly version: string | null;
  readonly event_time: Date;
  readonly causation_id: string | null;
  readonly correlation_id: string;
  /** Null once it has moved to an archive. */
  readonly data: Buffer | null;
  readonly archived_leaf: Buffer | null;
}

/** The event of a row. */
export function eventOfRow(row: EventRow): StoredEvent {
  return {
    kind: row.kind,
    source: row.source,
    id: row.id,
    type: row.type,
    subject: row.subject,
    version: row.version === null ? undefined : BigInt(row.version),
    time: row.event_time,
    causationId: row.causation_id ?? undefined,
    correlationId: row.correlation_id,
    data: row.data ?? new Uint8Array(),
    ...(row.archived_leaf === null ? {} : { archivedLeaf: row.archived_leaf }),
  };
}
