import { fromBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { EventType } from '@meridian/language/topic.ts';
import type { Transaction } from '../postgres/database.ts';
import { MalformedEventError } from './cloud-event.ts';
import type { EventContext } from './cloud-event.ts';

/** An event as it arrived. */
export interface ReceivedEvent extends EventContext {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** What is done about an event, within the transaction that remembers it. */
export interface EventHandler<Schema extends EventType = EventType> {
  /** The message; undefined for every type. */
  readonly schema: Schema | undefined;
  handle(event: ReceivedEvent, transaction: Transaction): Promise<void>;
}

/** Handles events of one type; a payload that is not such a message is a dead letter. */
export function on<Schema extends DescMessage>(
  schema: Schema,
  handle: (
    message: MessageShape<Schema>,
    transaction: Transaction,
    event: ReceivedEvent,
  ) => Promise<void>,
): EventHandler<Schema> {
  return {
    schema,
    handle: (event, transaction) => handle(decode(schema, event), transaction, event),
  };
}

/** Handles events of every type that no handler before it takes, undecoded. */
export function onAny(handle: EventHandler['handle']): EventHandler<never> {
  return { schema: undefined, handle };
}

/** The message that an event carries; throws a MalformedEventError if its payload is another. */
export function decode<Schema extends DescMessage>(
  schema: Schema,
  { id, payload }: Pick<ReceivedEvent, 'id' | 'payload'>,
): MessageShape<Schema> {
  try {
    return fromBinary(schema, payload);
  } catch (cause) {
    throw new MalformedEventError(`Event ${id}: its data is not a ${schema.typeName}`, { cause });
  }
}
