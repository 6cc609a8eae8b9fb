import { eventOfRow } from './event-row.ts';
import type { EventRow } from './event-row.ts';
import type { StoredEvent } from './stored-event.ts';

/** An entry of the log, with the event that it is of. */
export interface StoredEntry {
  readonly index: bigint;
  readonly event: StoredEvent;
}

/** A row of COLUMNS. */
export interface EntryRow extends EventRow {
  /** A bigint as text. */
  readonly index: string;
}

/** Of `entries AS entry` and `events AS event`. */
export const COLUMNS = `
  entry.index, event.source, event.id, event.kind, event.type, event.subject,
  event.version, event.event_time, event.causation_id, event.correlation_id, event.data,
  event.archived_leaf`;

/** What a row says. */
export function entryOf(row: EntryRow): StoredEntry {
  return { index: BigInt(row.index), event: eventOfRow(row) };
}
