import type { JsonSchema } from '../manifest-schemas/json-schema.ts';

/** How a reference of a schema, such as `kubernetes.json#/definitions/…`, is called in TypeScript. */
export type NameOf = (reference: string) => string;

const PLAIN: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  integer: 'number',
  null: 'null',
  number: 'number',
  string: 'string',
};

/**
 * A type of what a strict schema allows, as far as types can say it: patterns, bounds and combinations are left to
 * the schema.
 *
 * @param indent of the line that the type begins on
 */
export function typeText(schema: JsonSchema, nameOf: NameOf, indent = ''): string {
  const { $ref: reference, enum: allowed, type } = schema;
  if (typeof reference === 'string') return nameOf(reference);
  if (Array.isArray(allowed)) {
    return allowed.map((value) => literal(value)).join(' | ');
  }
  const types = type === undefined ? [] : [type].flat();
  const texts = types.map(
    (one) =>
      PLAIN[one] ??
      (one === 'array' ? arrayText(schema, nameOf, indent) : objectText(schema, nameOf, indent)),
  );
  return texts.length === 0 ? 'unknown' : [...new Set(texts)].join(' | ');
}

/** A value as a literal type. */
export function literal(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : String(value);
}

function arrayText({ items = {} }: JsonSchema, nameOf: NameOf, indent: string): string {
  const element = typeText(items, nameOf, indent);
  return element.includes(' | ') || element.includes(' & ')
    ? `readonly (${element})[]`
    : `readonly ${element}[]`;
}

function objectText(schema: JsonSchema, nameOf: NameOf, indent: string): string {
  const { properties, required = [], additionalProperties } = schema;
  if (typeof additionalProperties === 'object') {
    return `Readonly<Record<string, ${typeText(additionalProperties, nameOf, indent)}>>`;
  }
  const isOpen = additionalProperties !== false;
  if (properties === undefined) return `Readonly<Record<string, ${isOpen ? 'unknown' : 'never'}>>`;
  const deeper = `${indent}  `;
  const lines = Object.entries(properties).map(
    ([name, inner]) =>
      `${deeper}readonly ${property(name)}${required.includes(name) ? '' : '?'}: ${typeText(inner, nameOf, deeper)};`,
  );
  const open = isOpen ? [`${deeper}readonly [further: string]: unknown;`] : [];
  return ['{', ...lines, ...open, `${indent}}`].join('\n');
}

function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}
