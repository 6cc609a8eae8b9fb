import { ScalarType } from '@bufbuild/protobuf';
import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { enumNames } from './parameter-value.ts';
import { quote } from './violation.ts';

const INT64 = 'a whole number from -9223372036854775808 to 9223372036854775807';
const UINT64 = 'a whole number from 0 to 18446744073709551615';
const INT32 = 'a whole number from -2147483648 to 2147483647';
const UINT32 = 'a whole number from 0 to 4294967295';

/** What the JSON of one value must be, in words: one item of a field that repeats. */
const SCALARS: Readonly<Record<ScalarType, string>> = {
  [ScalarType.STRING]: 'a string',
  [ScalarType.BOOL]: 'true or false',
  [ScalarType.BYTES]: 'a string in base64',
  [ScalarType.DOUBLE]: 'a number of at most 1.8e308',
  [ScalarType.FLOAT]: 'a number of at most 3.4e38',
  [ScalarType.INT32]: INT32,
  [ScalarType.SINT32]: INT32,
  [ScalarType.SFIXED32]: INT32,
  [ScalarType.UINT32]: UINT32,
  [ScalarType.FIXED32]: UINT32,
  [ScalarType.INT64]: INT64,
  [ScalarType.SINT64]: INT64,
  [ScalarType.SFIXED64]: INT64,
  [ScalarType.UINT64]: UINT64,
  [ScalarType.FIXED64]: UINT64,
};

/** The same of messages whose JSON form is their own; wrappers are what they wrap. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'a time of RFC 3339 such as "2026-01-02T03:04:05Z"',
  'google.protobuf.Duration': 'seconds with an s such as "1.5s"',
  'google.protobuf.FieldMask': 'a string of field names in camelCase, with commas',
  'google.protobuf.ListValue': 'an array',
  'google.protobuf.Value': 'any JSON',
};

/**
 * Why a value is refused that cannot be what its field needs.
 *
 * @param whole whether it is all of a field that repeats, as opposed to one item
 */
export function mustBe(field: DescField, value: JsonValue, whole = false): string {
  if (whole) return refusal(field.fieldKind === 'list' ? 'an array' : 'an object', value);
  // A string is refused for nothing else.
  if (field.scalar === ScalarType.STRING && typeof value === 'string') {
    return 'must be Unicode, without half of a surrogate pair';
  }
  return refusal(field.message === undefined ? single(field) : ofMessage(field.message), value);
}

/** The same for a value that must be a message. */
export function mustBeMessage(message: DescMessage, value: JsonValue): string {
  return refusal(ofMessage(message), value);
}

export function isObject(json: JsonValue): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function single({ enum: values, scalar }: DescField): string {
  if (values !== undefined) return `one of ${enumNames(values)}`;
  return scalar === undefined ? 'something else' : SCALARS[scalar];
}

function ofMessage({ typeName, fields }: DescMessage): string {
  const known = WELL_KNOWN[typeName];
  if (known !== undefined) return known;
  const [value] = fields;
  const wraps = /^google\.protobuf\.[A-Za-z0-9]+Value$/.test(typeName) && value !== undefined;
  return wraps ? single(value) : 'an object';
}

function refusal(needed: string, value: JsonValue): string {
  return `must be ${needed}, got ${shown(value)}`;
}

/** A value as it is repeated to whom it came from. */
function shown(value: JsonValue): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return shownNumber(value);
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** JSON.parse has rounded some: those would not be what was sent. */
function shownNumber(value: number): string {
  if (!Number.isFinite(value)) return 'a number beyond 1.8e308';
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? 'a number beyond 2^53'
    : String(value);
}
