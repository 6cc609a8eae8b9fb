import type { JsonValue } from '@bufbuild/protobuf';
import { eventOf, serviceOf, stateOf } from '../audit/entry.ts';
import type { Entry } from '../audit/entry.ts';
import { eventRow } from './event-row.ts';
import type { EventRow } from './row.ts';

/** In place of a state that only the archive can tell. */
const ARCHIVED = '(in the archive)';

/** An entry as a row of the story; undefined for one that tells no state of a purchase. */
export function rowOf(entry: Entry): EventRow | undefined {
  const { eventId: id, source, type, eventTime: time, subject: key, causationId } = entry;
  const because = causationId === undefined ? {} : { causationId };
  if (entry.archived) {
    const { subject: aggregate, version } = entry;
    if (version === undefined) return undefined;
    return {
      ...{ kind: 'event', id, time, aggregate, version, service: serviceOf(entry) },
      ...{ event: eventOf(entry), state: ARCHIVED, ...because },
    };
  }
  const data = stateOf(entry) as JsonValue | undefined;
  if (data === undefined) return undefined;
  return eventRow({
    ...{ topic: '', partition: 0, offset: '', id, source, type, time, key, data },
    ...because,
  });
}
