import { hash } from 'node:crypto';
import type { StoredEvent } from './stored-event.ts';

/** Of an entry in a bundle of C2SP tlog-tiles, whose length has two bytes. */
export const MAX_LEAF_BYTES = 65_535;

const PREFIX = Buffer.from('meridian.audit.leaf.v1\n');
/** No length of a field, so an absent one differs from an empty one. */
const ABSENT = Buffer.alloc(4, 0xff);

/**
 * What is sealed of an event: every attribute that an auditor is shown, each behind its length, so that no two
 * events have one encoding. Data that would make it too long is in it as its SHA-256, which the kind says.
 */
export function encodeLeaf(event: StoredEvent): Buffer {
  if (event.archivedLeaf !== undefined) {
    throw new Error(`Event '${event.id}': its leaf is made of data, which has moved to an archive`);
  }
  const whole = encoded(event.kind, event, event.data);
  if (whole.length <= MAX_LEAF_BYTES) return whole;
  return encoded(`${event.kind}+sha256`, event, hash('sha256', event.data, 'buffer'));
}

/** Of an event whose data has moved: all of the leaf but the data, and the hash of the whole in its place. */
export const ARCHIVED = '+archived';

/** What can be shown of a leaf: of one whose data has moved to an archive all else, which its kind says. */
export function shownLeaf(event: StoredEvent): Buffer {
  const { kind, archivedLeaf } = event;
  if (archivedLeaf === undefined) return encodeLeaf(event);
  return encoded(`${kind}${ARCHIVED}`, event, archivedLeaf);
}

function encoded(kind: string, event: StoredEvent, data: Uint8Array): Buffer {
  const { source, id, type, subject, version, time, causationId, correlationId } = event;
  return Buffer.concat([
    PREFIX,
    ...[kind, source, id, type, subject].flatMap(field),
    ...[version?.toString(), time.toISOString(), causationId, correlationId].flatMap(field),
    lengthOf(data),
    data,
  ]);
}

function field(value: string | undefined): readonly Buffer[] {
  if (value === undefined) return [ABSENT];
  const bytes = Buffer.from(value);
  return [lengthOf(bytes), bytes];
}

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(bytes.length);
  return length;
}
