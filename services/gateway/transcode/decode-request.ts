import { create, mergeFromJson } from '@bufbuild/protobuf';
import type { DescField, JsonValue, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { ReflectMessage } from '@bufbuild/protobuf/reflect';
import { isHeaderField, resolveFieldPath } from './http-binding.ts';
import type { FieldPath, HttpBinding } from './http-binding.ts';
import { mergeJsonText } from './json-body.ts';
import { mustBe } from './json-kinds.ts';
import { parseJson } from './json-text.ts';
import { parameterValue } from './parameter-value.ts';
import type { PathValue } from './path-template.ts';
import { parseQuery } from './query.ts';
import { InvalidRequest } from './violation.ts';
import type { Violation } from './violation.ts';

/** What of an HTTP request makes the gRPC request. */
export interface RequestParts {
  readonly pathValues: readonly PathValue[];
  /** The raw query string without its question mark. */
  readonly query: string;
  /** The decoded body; empty if there is none. */
  readonly body: string;
}

/**
 * Makes the gRPC request message of an HTTP request, by the binding's google.api.http rule.
 *
 * @throws {InvalidRequest} listing everything in path and query that the contract does not allow, or
 *   else everything in the body.
 */
export function decodeRequest(binding: HttpBinding, parts: RequestParts): Message {
  const message = create(binding.method.input);
  mergeBody(binding, message, parts.body);
  const violations = [
    ...mergePath(binding, message, parts.pathValues),
    ...mergeQuery(binding, message, parts.query),
  ];
  if (violations.length > 0) {
    throw new InvalidRequest(
      'invalid-argument',
      'The path or query does not fit the contract.',
      violations,
    );
  }
  return message;
}

/** The name of a field in JSON and in messages, such as `filter.maxPrice`. */
export function jsonPath(path: readonly DescField[]): string {
  return path.map(({ jsonName }) => jsonName).join('.');
}

function mergeBody(binding: HttpBinding, message: Message, body: string): void {
  if (binding.body === 'none' || body === '') return;
  const { input } = binding.method;
  if (binding.body === 'whole') {
    mergeJsonText(input, message, body);
    return;
  }
  // Parsed by itself first, so that a text that is not one JSON value cannot add fields.
  parseJson(body);
  mergeJsonText(input, message, `{${JSON.stringify(binding.body.jsonName)}:${body}}`);
}

function mergePath(
  binding: HttpBinding,
  message: Message,
  values: readonly PathValue[],
): readonly Violation[] {
  return binding.pathFields.flatMap((fields, index) => {
    const before = currentValue(binding, message, fields);
    const violations = mergeParameter(binding, message, fields, values[index]?.value ?? '');
    const contradicts = before !== undefined && before !== currentValue(binding, message, fields);
    return contradicts
      ? [{ field: jsonPath(fields), detail: 'differs between the path and the body' }]
      : violations;
  });
}

function mergeQuery(binding: HttpBinding, message: Message, raw: string): readonly Violation[] {
  const { parameters, violations: unreadable } = parseQuery(raw);
  const violations = [...unreadable];
  const taken = new Map(binding.pathFields.map((path) => [jsonPath(path), 'in the path']));
  for (const { name, value } of parameters) {
    const fields = resolveFieldPath(binding.method.input, name);
    if (fields === undefined || binding.body === 'whole' || isHeaderField(binding, fields[0])) {
      const detail = 'is not a query parameter of this operation';
      violations.push({ field: name.slice(0, 60), detail });
      continue;
    }
    const key = jsonPath(fields);
    const holder = fields[0] === binding.body ? 'in the body' : holderOf(fields, taken);
    if (holder !== undefined) {
      violations.push({ field: key, detail: `is given ${holder} already` });
      continue;
    }
    occupy(fields, taken);
    violations.push(...mergeParameter(binding, message, fields, value));
  }
  return violations;
}

/** Where the field, or another member of a oneof on the way to it, was given before. */
function holderOf(fields: FieldPath, taken: ReadonlyMap<string, string>): string | undefined {
  const leaf = fields.at(-1);
  if (leaf?.fieldKind !== 'list' && taken.has(jsonPath(fields))) return taken.get(jsonPath(fields));
  for (const [index, { oneof, jsonName }] of fields.entries()) {
    const member = oneof && taken.get(oneofKey(fields, index));
    if (member !== undefined && member !== jsonName) return `as ${member}`;
  }
  return undefined;
}

function occupy(fields: FieldPath, taken: Map<string, string>): void {
  taken.set(jsonPath(fields), 'in the query');
  for (const [index, { oneof, jsonName }] of fields.entries()) {
    if (oneof) taken.set(oneofKey(fields, index), jsonName);
  }
}

function oneofKey(fields: FieldPath, index: number): string {
  return `${jsonPath(fields.slice(0, index))}?${fields[index]?.oneof?.name ?? ''}`;
}

function mergeParameter(
  binding: HttpBinding,
  message: Message,
  fields: FieldPath,
  text: string,
): readonly Violation[] {
  const leaf = fields.at(-1) ?? fields[0];
  const value = parameterValue(leaf, text);
  if (!value.ok) return [{ field: jsonPath(fields), detail: value.detail }];
  const json = fields.reduceRight<JsonValue>(
    (inner, { jsonName }) => ({ [jsonName]: inner }),
    leaf.fieldKind === 'list' ? [value.json] : value.json,
  );
  try {
    mergeFromJson(binding.method.input, message, json);
    return [];
  } catch {
    // Of a text that is well formed by now, the contract refuses what it means.
    return [{ field: jsonPath(fields), detail: mustBe(leaf, value.json) }];
  }
}

/** The scalar or enum at a path as the message holds it now; undefined where it is not set. */
function currentValue(binding: HttpBinding, message: Message, fields: FieldPath): unknown {
  let at: ReflectMessage = reflect(binding.method.input, message);
  for (const field of fields) {
    if (!at.isSet(field)) return undefined;
    if (field.fieldKind !== 'message') return at.get(field);
    at = at.get(field);
  }
  return undefined;
}
