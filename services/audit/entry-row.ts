import type { EventKind, StoredEvent } from './stored-event.ts';

/** An entry of the log, with the event that it is of. */
export interface StoredEntry {
  readonly index: bigint;
  readonly leafHash: Uint8Array;
  readonly event: StoredEvent;
}

/** A row of COLUMNS. */
export interface EntryRow {
  /** A bigint as text. */
  readonly index: string;
  readonly leaf_hash: Buffer;
  readonly source: string;
  readonly id: string;
  readonly kind: EventKind;
  readonly type: string;
  readonly subject: string;
  /** A bigint as text. */
  readonly version: string | null;
  readonly event_time: Date;
  readonly causation_id: string | null;
  readonly correlation_id: string;
  readonly data: Buffer;
}

/** Of `entries AS entry` and `events AS event`. */
export const COLUMNS = `
  entry.index, entry.leaf_hash, event.source, event.id, event.kind, event.type, event.subject,
  event.version, event.event_time, event.causation_id, event.correlation_id, event.data`;

/** What a row says. */
export function entryOf(row: EntryRow): StoredEntry {
  const { source, id, kind, type, subject, version, data } = row;
  return {
    index: BigInt(row.index),
    leafHash: row.leaf_hash,
    event: {
      ...{ kind, source, id, type, subject, data },
      version: version === null ? undefined : BigInt(version),
      time: row.event_time,
      causationId: row.causation_id ?? undefined,
      correlationId: row.correlation_id,
    },
  };
}
