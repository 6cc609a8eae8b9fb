import { encodeLeaf } from './leaf.ts';
import { hashLeaf } from './log/merkle.ts';
import type { StoredEvent } from './stored-event.ts';

/** The hash of an event's leaf, also where what it carried has moved to an archive. */
export function leafHashOf(event: StoredEvent): Buffer {
  return event.archivedLeaf === undefined
    ? hashLeaf(encodeLeaf(event))
    : Buffer.from(event.archivedLeaf);
}
