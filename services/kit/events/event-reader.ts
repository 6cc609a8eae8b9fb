import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { EventType } from '@meridian/language/topic.ts';
import { decode } from './event-handler.ts';
import type { ReceivedEvent } from './event-handler.ts';

/** Makes of an event what is to be applied. */
export interface EventReader<Change, Schema extends EventType = EventType> {
  readonly schema: Schema;
  /** Throws an error if the event cannot be applied, whenever it is tried. */
  read(event: ReceivedEvent): Change;
}

/** Reads events of one type; a payload that is not such a message is a dead letter. */
export function reading<Schema extends DescMessage, Change>(
  schema: Schema,
  read: (message: MessageShape<Schema>) => Change,
): EventReader<Change, Schema> {
  return { schema, read: (event) => read(decode(schema, event)) };
}
