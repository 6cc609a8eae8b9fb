import { equals, fromJson, mergeFromJsonString } from '@bufbuild/protobuf';
import type { DescField, DescMessage, JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { findField, isWellKnown } from './http-binding.ts';
import { enumNames } from './parameter-value.ts';
import { InvalidRequest, MAX_VIOLATIONS, quote } from './violation.ts';
import type { Violation } from './violation.ts';

/** Above this many characters the reason for a refusal is given without searching for its place. */
const MAX_LOCATED_CHARACTERS = 65_536;

/**
 * Merges a JSON text into a message by the protobuf JSON mapping, strictly: duplicate and unknown
 * keys, wrong types and ranges, nesting beyond 100, NUL in text and integers that a JSON reader would
 * round are refused.
 *
 * @param path where the text belongs in the request, for messages: '' for the whole body.
 * @throws {InvalidRequest} with each place that was refused, as far as it can be told.
 */
export function mergeJsonText(schema: DescMessage, target: Message, text: string, path = ''): void {
  const json = parseJson(text);
  const { nuls, roundedIntegers } = inspectText(text, path);
  if (nuls.length > 0) throw invalid(nuls);
  try {
    mergeFromJsonString(schema, target, text);
  } catch (error) {
    const found = text.length <= MAX_LOCATED_CHARACTERS ? locate(schema, json, path) : [];
    throw invalid(found.length > 0 ? found : [{ field: path, detail: readerDetail(error) }], error);
  }
  if (roundedIntegers.length > 0 && !equals(schema, target, readExactly(schema, text))) {
    throw invalid(roundedIntegers);
  }
}

/** @throws {InvalidRequest} of kind malformed-json */
export function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new InvalidRequest('malformed-json', 'The request body is not valid JSON.', [], {
      cause: error,
    });
  }
}

/** What the protobuf JSON reader says of a value, without the names of its own types. */
export function readerDetail(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const reason =
    cause instanceof Error && !(cause instanceof SyntaxError) ? cause.message : message;
  const plain = reason.replace(/^cannot decode .*? from JSON: /s, '');
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}

function invalid(violations: readonly Violation[], cause?: unknown): InvalidRequest {
  const message = 'The request body does not fit the contract.';
  return new InvalidRequest('invalid-argument', message, violations, { cause });
}

/** The parse option that TypeScript's library does not know yet. Source: ECMA-262, JSON.parse. */
type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context?: { source?: string },
) => unknown;

/** What the reader would accept, and yet round or pass on to where it cannot be stored. */
interface Suspicions {
  readonly nuls: readonly Violation[];
  /** Integers that a double cannot hold; a field that is a double loses nothing by it. */
  readonly roundedIntegers: readonly Violation[];
}

function inspectText(text: string, path: string): Suspicions {
  const nuls: Violation[] = [];
  const roundedIntegers: Violation[] = [];
  if (!/\\u0000|[0-9]{16}/.test(text)) return { nuls, roundedIntegers };
  const field = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const reviver: Reviver = (key, value, context) => {
    if (key.includes('\0') || (typeof value === 'string' && value.includes('\0'))) {
      nuls.push({ field: field(key.replaceAll('\0', '')), detail: 'must not contain NUL' });
    } else if (isRoundedInteger(value, context)) {
      const detail = 'is an integer beyond 2^53: write it as a string, or it would be rounded';
      roundedIntegers.push({ field: field(key), detail });
    }
    return value;
  };
  JSON.parse(text, reviver);
  return { nuls, roundedIntegers };
}

/** Reads integers beyond 2^53 by their digits, in a text that is known to fit. */
function readExactly(schema: DescMessage, text: string): Message {
  const reviver: Reviver = (_key, value, context) =>
    isRoundedInteger(value, context) ? context?.source : value;
  return fromJson(schema, JSON.parse(text, reviver) as JsonValue);
}

function isRoundedInteger(value: unknown, context: { source?: string } | undefined): boolean {
  return (
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    /^-?[0-9]+$/.test(context?.source ?? '')
  );
}

/** Finds each part of a refused value by reading the parts by themselves. */
function locate(schema: DescMessage, json: JsonValue, path: string): readonly Violation[] {
  if (isWellKnown(schema) || !isObject(json)) return tryRead(schema, json, path);
  const violations: Violation[] = [];
  for (const [key, value] of Object.entries(json)) {
    const here = path === '' ? key : `${path}.${key}`;
    const field = findField(schema, key);
    if (field === undefined) {
      violations.push({ field: here.slice(0, 200), detail: 'is not a field of the contract' });
    } else {
      violations.push(...locateField(schema, field, value, here));
    }
    if (violations.length >= MAX_VIOLATIONS) break;
  }
  return violations;
}

function locateField(
  schema: DescMessage,
  field: DescField,
  value: JsonValue,
  path: string,
): readonly Violation[] {
  const whole = tryRead(schema, { [field.jsonName]: value }, path);
  if (whole.length === 0) return [];
  if (field.message !== undefined && field.fieldKind === 'message') {
    return locate(field.message, value, path);
  }
  const item = field.message;
  if (item !== undefined && field.fieldKind === 'list' && Array.isArray(value)) {
    const parts = value.flatMap((each, index) => locate(item, each, `${path}[${index}]`));
    if (parts.length > 0) return parts;
  }
  if (field.enum !== undefined && typeof value === 'string') {
    return [
      { field: path, detail: `must be one of ${enumNames(field.enum)}, got ${quote(value)}` },
    ];
  }
  return whole;
}

function tryRead(schema: DescMessage, json: JsonValue, path: string): readonly Violation[] {
  try {
    fromJson(schema, json);
    return [];
  } catch (error) {
    return [{ field: path, detail: readerDetail(error) }];
  }
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
