import { createHash } from 'node:crypto';
import { toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonValue, MessageShape } from '@bufbuild/protobuf';

/** SHA-256 of a request, the same for the same content. */
export function requestDigest<Schema extends DescMessage>(
  schema: Schema,
  request: MessageShape<Schema>,
): Buffer {
  return createHash('sha256').update(canonicalText(schema, request)).digest();
}

/**
 * A request as a text, the same for the same content: JSON with sorted keys, as the order of a map's
 * entries on the wire means nothing.
 */
export function canonicalText<Schema extends DescMessage>(
  schema: Schema,
  request: MessageShape<Schema>,
): string {
  return JSON.stringify(sorted(toJson(schema, request)));
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
