import { ScalarType } from '@bufbuild/protobuf';
import type { DescEnum, DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { quote } from './violation.ts';

const INTEGER = /^-?(?:0|[1-9][0-9]{0,19})$/;
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** A parameter's text as protobuf JSON, or why it cannot be one. */
export type ParameterValue =
  { readonly ok: true; readonly json: JsonValue } | { readonly ok: false; readonly detail: string };

/**
 * Turns the text of a path or query parameter into the protobuf JSON of its field (one item of it if
 * the field repeats). Ranges are left to the protobuf JSON reader.
 *
 * Source: google/api/http.proto: a parameter is a primitive, an enum or a repeated one of these;
 * well-known types whose JSON form is a string or a bare value are allowed as in every transcoder.
 */
export function parameterValue(field: DescField, text: string): ParameterValue {
  if (!text.isWellFormed() || text.includes('\0')) return refuse('must not contain NUL');
  if (field.fieldKind === 'map') return refuse('is a map and cannot be a parameter');
  if (field.enum !== undefined) return enumValue(field.enum, text);
  if (field.message !== undefined) return messageValue(field.message, text);
  return scalarValue(field.scalar, text);
}

function scalarValue(scalar: ScalarType, text: string): ParameterValue {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return accept(text);
    case ScalarType.BOOL:
      return text === 'true' || text === 'false'
        ? accept(text === 'true')
        : refuse(`must be true or false, got ${quote(text)}`);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return NUMBER.test(text) || ['NaN', 'Infinity', '-Infinity'].includes(text)
        ? accept(text)
        : refuse(`must be a number, got ${quote(text)}`);
    default:
      return INTEGER.test(text) ? accept(text) : refuse(`must be an integer, got ${quote(text)}`);
  }
}

function enumValue(type: DescEnum, text: string): ParameterValue {
  if (type.values.some(({ name }) => name === text)) return accept(text);
  return refuse(`must be one of ${enumNames(type)}, got ${quote(text)}`);
}

function messageValue(message: DescMessage, text: string): ParameterValue {
  if (TEXT_TYPES.has(message.typeName)) return accept(text);
  const [value] = message.fields;
  return WRAPPER.test(message.typeName) && value?.scalar !== undefined
    ? scalarValue(value.scalar, text)
    : refuse('is a message: name one of its fields, as in parent.child');
}

/** Well-known types whose JSON form is a string. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
  'google.protobuf.FieldMask',
]);

const WRAPPER = /^google\.protobuf\.(?:Double|Float|U?Int64|U?Int32|Bool|String|Bytes)Value$/;

/** Whether a field can be a parameter by itself; a message otherwise is reached through its fields. */
export function isParameterField(field: DescField): boolean {
  if (field.fieldKind === 'map') return false;
  if (field.message === undefined) return true;
  const { typeName } = field.message;
  return WRAPPER.test(typeName) || TEXT_TYPES.has(typeName);
}

/** The names of an enum's values, for a message. */
export function enumNames(type: DescEnum): string {
  return type.values.map(({ name }) => name).join(', ');
}

function accept(json: JsonValue): ParameterValue {
  return { ok: true, json };
}

function refuse(detail: string): ParameterValue {
  return { ok: false, detail };
}
