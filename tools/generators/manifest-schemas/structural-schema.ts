import type { JsonSchema } from './json-schema.ts';
import { mapValues } from './json-schema.ts';

/** Keywords that mean the same in a CustomResourceDefinition and in JSON Schema. */
const KEPT = [
  'enum',
  'format',
  'maximum',
  'maxItems',
  'maxLength',
  'maxProperties',
  'minimum',
  'minItems',
  'minLength',
  'minProperties',
  'multipleOf',
  'pattern',
  'uniqueItems',
] as const;

/**
 * The strict JSON Schema of a structural schema: a property that the API server would prune is one
 * that is not allowed. Rules in CEL (`x-kubernetes-validations`) are left out.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function strictSchema(schema: JsonSchema): JsonSchema {
  if (schema['x-kubernetes-int-or-string'] === true) {
    return { type: orNull(['integer', 'string'], schema), ...valueRules(schema) };
  }
  const { type, items } = schema;
  return {
    ...(typeof type === 'string' && { type: orNull([type], schema) }),
    ...valueRules(schema),
    ...combinations(schema),
    ...(items && { items: strictSchema(items) }),
    ...(schema['x-kubernetes-list-type'] === 'set' && { uniqueItems: true }),
    ...(type === 'object' && objectRules(schema)),
  };
}

function objectRules(schema: JsonSchema): JsonSchema {
  const { properties = {}, additionalProperties } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const known = {
    ...(embedded && { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: {} }),
    ...mapValues(properties, strictSchema),
  };
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...(Object.keys(known).length > 0 && { properties: known }),
    ...requiredOf(schema),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: strictSchema(additionalProperties) }
      : !open && additionalProperties !== true && { additionalProperties: false }),
  };
}

/** What a combination says of values; which properties exist is said outside of it. */
function valueSchema(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...valueRules(schema),
    ...combinations(schema),
    ...(properties && { properties: mapValues(properties, valueSchema) }),
    ...(items && { items: valueSchema(items) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: valueSchema(additionalProperties),
    }),
    ...requiredOf(schema),
  };
}

function combinations(schema: JsonSchema): JsonSchema {
  const of = (keyword: string): JsonSchema => {
    const alternatives = schema[keyword] as readonly JsonSchema[] | undefined;
    return alternatives === undefined ? {} : { [keyword]: alternatives.map(valueSchema) };
  };
  const { not } = schema as { readonly not?: JsonSchema };
  return { ...of('allOf'), ...of('anyOf'), ...of('oneOf'), ...(not && { not: valueSchema(not) }) };
}

function valueRules(schema: JsonSchema): JsonSchema {
  const kept = KEPT.filter((keyword) => schema[keyword] !== undefined);
  const { maximum, minimum, exclusiveMaximum, exclusiveMinimum, ...rest } = Object.fromEntries([
    ...kept.map((keyword) => [keyword, schema[keyword]] as const),
    ['exclusiveMaximum', schema['exclusiveMaximum']],
    ['exclusiveMinimum', schema['exclusiveMinimum']],
  ]);
  // OpenAPI 3.0 makes a bound exclusive by a flag beside it, JSON Schema by another name.
  return {
    ...rest,
    ...(maximum !== undefined && {
      [exclusiveMaximum === true ? 'exclusiveMaximum' : 'maximum']: maximum,
    }),
    ...(minimum !== undefined && {
      [exclusiveMinimum === true ? 'exclusiveMinimum' : 'minimum']: minimum,
    }),
  };
}

/** The API server fills in defaults before it looks for what is missing. */
function requiredOf({ required = [], properties = {} }: JsonSchema): JsonSchema {
  const missing = required.filter((name) => properties[name]?.['default'] === undefined);
  return missing.length === 0 ? {} : { required: missing };
}

function orNull(types: readonly string[], schema: JsonSchema): string | readonly string[] {
  const all = schema['nullable'] === true ? [...types, 'null'] : types;
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : all;
}
