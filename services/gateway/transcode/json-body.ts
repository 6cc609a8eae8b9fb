import { equals, fromJson, mergeFromJsonString } from '@bufbuild/protobuf';
import type { DescMessage, JsonValue, Message } from '@bufbuild/protobuf';
import { renderPath, takeRefusals } from './json-refusals.ts';
import { isRounded, parseJson, scanJson } from './json-text.ts';
import type { JsonPath } from './json-text.ts';
import { InvalidRequest } from './violation.ts';
import type { Violation } from './violation.ts';

/**
 * Merges a JSON text into a message by the protobuf JSON mapping, strictly: duplicate and unknown
 * keys, wrong types and ranges, nesting beyond 100, NUL in text and integers that a JSON reader would
 * round are refused.
 *
 * @throws {InvalidRequest} with each place that was refused.
 */
export function mergeJsonText(schema: DescMessage, target: Message, text: string): void {
  const json = parseJson(text);
  const because = (paths: readonly JsonPath[], detail: string): readonly Violation[] =>
    paths.map((path) => ({ field: renderPath(schema, path), detail }));
  // Almost no text has either, and those that have none need not be looked through.
  const suspicious = /\\u0000|[0-9]{16}/.test(text) ? scanJson(text) : undefined;
  const nuls = because(suspicious?.nuls ?? [], 'must not contain NUL');
  if (nuls.length > 0) throw invalid(nuls);
  try {
    mergeFromJsonString(schema, target, text);
  } catch (error) {
    const { duplicates } = suspicious ?? scanJson(text);
    const found = [
      ...because(duplicates, 'is given twice'),
      ...takeRefusals(schema, json, text.length),
    ];
    throw invalid(found, error);
  }
  const rounded = suspicious?.roundedIntegers ?? [];
  if (rounded.length > 0 && !equals(schema, target, readExactly(schema, text))) {
    throw invalid(
      because(rounded, 'is an integer beyond 2^53: write it as a string, or it would be rounded'),
    );
  }
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

/** Reads integers beyond 2^53 by their digits, in a text that is known to fit. */
function readExactly(schema: DescMessage, text: string): Message {
  const reviver: Reviver = (_key, value, context) =>
    typeof value === 'number' && isRounded(context?.source ?? '') ? context?.source : value;
  return fromJson(schema, JSON.parse(text, reviver) as JsonValue);
}
