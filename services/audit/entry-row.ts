import { eventOfRow } from './event-row.ts';
import type { EventRow } from './event-row.ts';
import type { StoredEvent } from './stored-event.ts';

/** An entry of the log, with the event that it is of. */
export interface StoredEntry {
  readonly index: bigint;
  readonly leafHash: Uint8Array;
  readonly event: StoredEvent;
}

/** A row of COLUMNS. */
export interface EntryRow extends EventRow {
  /** A bigint as text. */
  readonly index: string;
  readonly leaf_hash: Buffer;
}

/** Of `entries AS entry` and `events AS event`. */
export const COLUMNS = `
  entry.index, entry.leaf_hash, event.source, event.id, event.kind, event.type, event.subject,
  event.version, event.event_time, event.causation_id, event.correlation_id, event.data`;

/** What a row says. */
export function entryOf(row: EntryRow): StoredEntry {
  return { index: BigInt(row.index), leafHash: row.leaf_hash, event: eventOfRow(row) };
}
