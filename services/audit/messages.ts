import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { EntryKind } from './contract/gen/meridian/audit/v1/audit_pb.js';
import type {
  CheckpointSchema,
  EntrySchema,
  LogKeySchema,
  ReadSchema,
} from './contract/gen/meridian/audit/v1/audit_pb.js';
import { jsonOf } from './data-of-type.ts';
import type { StoredEntry } from './entry-row.ts';
import { leafHashOf } from './leaf-hash.ts';
import type { StoredHead, StoredKey } from './head-store.ts';
import type { StoredRead } from './read-log.ts';
import type { EventKind } from './stored-event.ts';

const KINDS: Readonly<Record<EventKind, EntryKind>> = {
  event: EntryKind.EVENT,
  baseline: EntryKind.BASELINE,
  unreadable: EntryKind.UNREADABLE,
};

/** An entry as the contract has it. */
export function toEntryMessage({
  index,
  event,
}: StoredEntry): MessageInitShape<typeof EntrySchema> {
  const archived = event.archivedLeaf !== undefined;
  const { kind, id: eventId, source, type, subject, version, time, data } = event;
  return {
    ...{ index, eventId, source, type, subject, data, archived },
    leafHash: leafHashOf(event),
    // What somebody else may have said is shown as bytes.
    dataJson: archived || kind === 'unreadable' ? '' : jsonOf(event),
    kind: KINDS[kind],
    eventTime: timestampFromDate(time),
    correlationId: event.correlationId,
    ...(version === undefined ? {} : { version }),
    ...(event.causationId === undefined ? {} : { causationId: event.causationId }),
  };
}

/** A head as the contract has it. */
export function toCheckpointMessage(
  { origin, size: treeSize, root: rootHash, note, signTime }: StoredHead,
  stoppedBecause = '',
): MessageInitShape<typeof CheckpointSchema> {
  return {
    ...{ origin, treeSize, rootHash, note, stoppedBecause },
    signTime: timestampFromDate(signTime),
  };
}

/** A key as the contract has it. */
export function toKeyMessage({
  chain: certificateChain,
  since,
  ...key
}: StoredKey): MessageInitShape<typeof LogKeySchema> {
  return { ...key, certificateChain, since: timestampFromDate(since) };
}

/** A call as the contract has it. */
export function toReadMessage({ time, ...read }: StoredRead): MessageInitShape<typeof ReadSchema> {
  return { ...read, readTime: timestampFromDate(time) };
}
