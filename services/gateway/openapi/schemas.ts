import { getOption, hasOption, ScalarType } from '@bufbuild/protobuf';
import type { DescEnum, DescField, DescMessage, DescOneof } from '@bufbuild/protobuf';
import {
  field_behavior,
  FieldBehavior,
} from '@meridian/kit/contract/gen/google/api/field_behavior_pb.js';
import { isOneofRequired, neededField, readRules } from '@meridian/kit/constraints/read-rules.ts';
import { isWellKnown } from '../transcode/http-binding.ts';
import { fullName } from './comments.ts';
import type { Comments } from './comments.ts';
import { withRules } from './rule-schema.ts';

/** A JSON Schema of the dialect that OpenAPI 3.1 uses (2020-12). */
export type Schema = Readonly<Record<string, unknown>>;

/**
 * JSON Schemas of protobuf messages by the protobuf JSON mapping; each message and enum that is met
 * becomes a component. Source: https://protobuf.dev/programming-guides/json/
 */
export class Schemas {
  readonly #comments: Comments;
  /** Messages that requests hold: nobody may send what they do not have. */
  readonly #asked = new Set<string>();
  readonly #components = new Map<string, Schema>();

  constructor(comments: Comments) {
    this.#comments = comments;
  }

  /** Every component met so far, sorted by name. */
  get components(): Readonly<Record<string, Schema>> {
    const names = [...this.#components.keys()].sort();
    return Object.fromEntries(
      names.map((name) => [
        name,
        {
          ...this.#components.get(name),
          ...(this.#asked.has(name) ? { additionalProperties: false } : {}),
        },
      ]),
    );
  }

  /** Says that requests hold this message: it has no properties but those of the contract then. */
  close(message: DescMessage): void {
    if (isWellKnown(message) || this.#asked.has(message.typeName)) return;
    this.#asked.add(message.typeName);
    for (const field of message.fields) if (field.message) this.close(field.message);
  }

  /** Schema of a message's JSON form: a reference, or the form of a well-known type. */
  message(message: DescMessage): Schema {
    if (isWellKnown(message)) return wellKnown(message);
    const { typeName } = message;
    if (!this.#components.has(typeName)) {
      // Registered before its fields are read, which may lead back to it.
      this.#components.set(typeName, {});
      this.#components.set(typeName, this.#describe(message));
    }
    return { $ref: `#/components/schemas/${typeName}` };
  }

  /** Schema of a field's value, with its comment. */
  field(field: DescField): Schema {
    const comment = this.#comments[fullName(field)];
    return {
      ...withRules(field, this.#fieldType(field)),
      ...(comment === undefined ? {} : { description: comment }),
      ...(behaves(field, FieldBehavior.OUTPUT_ONLY) ? { readOnly: true } : {}),
    };
  }

  /** The comment of an element, as a description. */
  description(name: string): { readonly description?: string } {
    const comment = this.#comments[name];
    return comment === undefined ? {} : { description: comment };
  }

  /** The same of a message's other fields, in place: only one operation asks for it. */
  without(message: DescMessage, left: readonly DescField[]): Schema {
    const fields = message.fields.filter((field) => !left.includes(field));
    return { ...this.#describe(message, fields), additionalProperties: false };
  }

  #describe(message: DescMessage, fields: readonly DescField[] = message.fields): Schema {
    const properties = fields.map((field) => [field.jsonName, this.field(field)] as const);
    const required = fields.filter(isRequired).map(({ jsonName }) => jsonName);
    const oneofs = message.oneofs.map(
      (oneof) =>
        `${isOneofRequired(oneof) ? 'Exactly' : 'At most'} one of ${oneof.fields.map(({ jsonName }) => jsonName).join(', ')}.`,
    );
    const description = [this.#comments[message.typeName], ...oneofs].filter(Boolean).join('\n\n');
    return {
      type: 'object',
      ...(description === '' ? {} : { description }),
      ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...(required.length === 0 ? {} : { required }),
      ...alternatives(message.oneofs),
    };
  }

  #fieldType(field: DescField): Schema {
    switch (field.fieldKind) {
      case 'list':
        return { type: 'array', items: this.#single(field) };
      case 'map':
        return { type: 'object', additionalProperties: this.#single(field) };
      default:
        return this.#single(field);
    }
  }

  #single(field: DescField): Schema {
    if (field.message !== undefined) return this.message(field.message);
    if (field.enum !== undefined) return this.#enumeration(field.enum);
    return scalar(field.scalar);
  }

  #enumeration(type: DescEnum): Schema {
    const values = type.values.map((value) => {
      const comment = this.#comments[fullName(value)];
      return comment === undefined ? undefined : `- \`${value.name}\`: ${comment}`;
    });
    const description = [this.#comments[type.typeName], ...values].filter(Boolean).join('\n');
    this.#components.set(type.typeName, {
      type: 'string',
      ...(description === '' ? {} : { description }),
      enum: type.values.map(({ name }) => name),
    });
    return { $ref: `#/components/schemas/${type.typeName}` };
  }
}

/** Which members of oneofs can be given together, and what each needs beside it. */
function alternatives(oneofs: readonly DescOneof[]): Schema {
  const each = oneofs.map((oneof) => {
    const needs = oneof.fields.some((field) => neededField(field) !== undefined);
    const members = oneof.fields.map((field) => {
      const needed = neededField(field);
      const required = [field, ...(needed === undefined ? [] : [needed])];
      // What another member lacks beside it must not make two of them one.
      const others = needs ? oneof.fields.filter((other) => other !== field) : [];
      const properties = {
        ...Object.fromEntries(others.map(({ jsonName }) => [jsonName, false])),
        ...(needed === undefined ? {} : { [needed.jsonName]: { minLength: 1 } }),
      };
      return {
        required: required.map(({ jsonName }) => jsonName),
        ...(Object.keys(properties).length === 0 ? {} : { properties }),
      };
    });
    if (isOneofRequired(oneof)) return { oneOf: members };
    const none = { not: { anyOf: oneof.fields.map(({ jsonName }) => ({ required: [jsonName] })) } };
    return { oneOf: [none, ...members] };
  });
  const [only, ...others] = each;
  if (only === undefined) return {};
  return others.length === 0 ? only : { allOf: each };
}

/** Whether a request without this field is refused. */
export function isRequired(field: DescField): boolean {
  return behaves(field, FieldBehavior.REQUIRED) || readRules(field).required;
}

function behaves(field: DescField, behaviour: FieldBehavior): boolean {
  return hasOption(field, field_behavior) && getOption(field, field_behavior).includes(behaviour);
}

const NON_FINITE = { type: 'string', enum: ['NaN', 'Infinity', '-Infinity'] } as const;

/** No text has it: PostgreSQL could not store it. The rules of a field may say more in its place. */
const WITHOUT_NUL = '^[^\\x00]*$';

function scalar(type: ScalarType): Schema {
  switch (type) {
    case ScalarType.STRING:
      return { type: 'string', pattern: WITHOUT_NUL };
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.FLOAT:
      return { oneOf: [{ type: 'number', format: 'float' }, NON_FINITE] };
    case ScalarType.DOUBLE:
      return { oneOf: [{ type: 'number', format: 'double' }, NON_FINITE] };
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return { type: 'integer', format: 'int32', minimum: -2_147_483_648, maximum: 2_147_483_647 };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { type: 'integer', minimum: 0, maximum: 4_294_967_295 };
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return { type: 'string', format: 'int64', pattern: '^-?(0|[1-9][0-9]{0,18})$' };
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return { type: 'string', format: 'uint64', pattern: '^(0|[1-9][0-9]{0,19})$' };
  }
}

function wellKnown(message: DescMessage): Schema {
  switch (message.typeName) {
    case 'google.protobuf.Timestamp':
      return { type: 'string', format: 'date-time' };
    case 'google.protobuf.Duration':
      return { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$' };
    case 'google.protobuf.FieldMask':
      return { type: 'string' };
    case 'google.protobuf.Struct':
      return { type: 'object' };
    case 'google.protobuf.ListValue':
      return { type: 'array', items: {} };
    case 'google.protobuf.Value':
      return {};
    case 'google.protobuf.Any':
      return { type: 'object', properties: { '@type': { type: 'string' } }, required: ['@type'] };
    default: {
      // What remains are the wrappers, whose one field is the value.
      const type = message.fields[0]?.scalar;
      return type === undefined ? {} : scalar(type);
    }
  }
}
