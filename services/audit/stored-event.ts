/** What an entry of the log tells; `baseline` what was there before it began, or the log before it. */
export type EventKind = 'event' | 'baseline' | 'unreadable';

/** The longest text of an event in bytes, but for its data: indexes and leaves have room for it. */
export const MAX_TEXT_BYTES = 512;

/** An event as it is kept, shown and sealed. */
export interface StoredEvent {
  readonly kind: EventKind;
  /** SPIFFE ID of the service that published it; `kafka:<topic>` of an unreadable record. */
  readonly source: string;
  /** Unique for the source; `<partition>/<offset>/<part of a SHA-256>` of an unreadable record. */
  readonly id: string;
  /** Full name of the protobuf message. */
  readonly type: string;
  /** With the source, the aggregate. */
  readonly subject: string;
  /** Of the aggregate after the change, from 1; undefined where it was not told. */
  readonly version: bigint | undefined;
  /** Of the change, to the millisecond. */
  readonly time: Date;
  readonly causationId: string | undefined;
  readonly correlationId: string;
  /** The payload, byte by byte as it was published. */
  readonly data: Uint8Array;
  /** The hash of its leaf where the data has moved to an archive, and is empty here. */
  readonly archivedLeaf?: Uint8Array;
  /** Where it came from; no part of what is sealed. */
  readonly origin?: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: bigint;
  };
}

const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** What whoever checks a leaf can count. */
const MAX_VERSION = BigInt(Number.MAX_SAFE_INTEGER);

/** Whether the store can keep it as it is; a record whose headers say something else is unreadable. */
export function isStorable(event: StoredEvent): boolean {
  const { source, id, type, subject, version, time, causationId = '', correlationId } = event;
  const ms = time.getTime();
  return (
    [source, id, type, subject, causationId, correlationId].every(isStorableText) &&
    (version === undefined || (version >= 1n && version <= MAX_VERSION)) &&
    ms >= 0 &&
    ms <= LAST_MS
  );
}

/** Whether the store can keep a text as it is. */
export function isStorableText(text: string): boolean {
  // PostgreSQL's texts have no zero byte.
  return Buffer.byteLength(text) <= MAX_TEXT_BYTES && !text.includes('\0');
}
