import type { JsonValue } from '@bufbuild/protobuf';
import { stateOf } from '../audit/entry.ts';
import type { Entry } from '../audit/entry.ts';
import { eventRow } from './event-row.ts';
import type { EventRow } from './row.ts';

/** An entry as a row of the story; undefined for one that tells no state of a purchase. */
export function rowOf(entry: Entry): EventRow | undefined {
  const { eventId: id, source, type, eventTime: time, subject: key, causationId } = entry;
  const data = stateOf(entry) as JsonValue | undefined;
  if (data === undefined) return undefined;
  return eventRow({
    ...{ topic: '', partition: 0, offset: '', id, source, type, time, key, data },
    ...(causationId === undefined ? {} : { causationId }),
  });
}
