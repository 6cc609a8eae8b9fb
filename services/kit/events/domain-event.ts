import { create, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import type { EventType } from '@meridian/language/topic.ts';

/** What happened to which aggregate. */
export interface DomainEvent<Schema extends EventType = EventType> {
  /** The event's protobuf message, whose full name is the CloudEvents type. */
  readonly schema: Schema;
  /** Id of the aggregate: the key in Kafka, by which events are in order. */
  readonly key: string;
  /** Version of the aggregate after the change; read or written while its row is locked. */
  readonly version: bigint;
  /** The message in protobuf's binary form. */
  readonly payload: Uint8Array;
}

/** Bytes of an event at most; Kafka takes 1 MiB in one record batch, headers and key included. */
export const EVENT_PAYLOAD_MAX_BYTES = 900_000;

/** An event from a message of the service's contract. Throws if it is larger than Kafka takes. */
export function domainEvent<Schema extends DescMessage>(
  schema: Schema,
  message: MessageInitShape<Schema>,
  aggregate: { readonly key: string; readonly version: bigint },
): DomainEvent<Schema> {
  const payload = toBinary(schema, create(schema, message));
  if (payload.length > EVENT_PAYLOAD_MAX_BYTES) {
    throw new Error(
      `Event ${schema.typeName} of '${aggregate.key}': must have at most ${EVENT_PAYLOAD_MAX_BYTES} bytes, got ${payload.length}`,
    );
  }
  return { schema, ...aggregate, payload };
}
