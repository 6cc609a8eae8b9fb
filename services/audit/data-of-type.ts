import { fromBinary, toJsonString } from '@bufbuild/protobuf';
import type { DescMessage } from '@bufbuild/protobuf';
import type { ConsumedTopics } from '@meridian/kit/events/follow-records.ts';
import { catalogEvents } from '@meridian/catalog/topics.ts';
import { identityEvents } from '@meridian/identity/topics.ts';
import type { EventType } from '@meridian/language/topic.ts';
import { ordersEvents } from '@meridian/orders/topics.ts';
import { paymentsEvents } from '@meridian/payments/topics.ts';
import type { audit } from './service.ts';

/** Every topic of the platform, by its name. */
export const TOPICS: ConsumedTopics<typeof audit> = {
  [catalogEvents.name]: catalogEvents,
  [identityEvents.name]: identityEvents,
  [ordersEvents.name]: ordersEvents,
  [paymentsEvents.name]: paymentsEvents,
};

/** The messages of all events, by their names. */
const SCHEMAS: ReadonlyMap<string, DescMessage> = new Map(
  Object.values(TOPICS)
    .flatMap(({ events }): readonly EventType[] => events)
    .map((schema) => [schema.typeName, schema as DescMessage]),
);

/** Larger data would make an answer of more bytes than a call takes. */
const JSON_MAX_BYTES = 256_000;

/** Whether data is a message of its type, as the contracts are today. */
export function isOfType({
  type,
  data,
}: {
  readonly type: string;
  readonly data: Uint8Array;
}): boolean {
  const schema = SCHEMAS.get(type);
  if (schema === undefined) return false;
  try {
    fromBinary(schema, data);
    return true;
  } catch {
    return false;
  }
}

/** Data as protobuf JSON; empty where it is a message of another type, or very large. */
export function jsonOf({
  type,
  data,
}: {
  readonly type: string;
  readonly data: Uint8Array;
}): string {
  const schema = SCHEMAS.get(type);
  if (schema === undefined || data.length > JSON_MAX_BYTES) return '';
  try {
    return toJsonString(schema, fromBinary(schema, data));
  } catch {
    return '';
  }
}
