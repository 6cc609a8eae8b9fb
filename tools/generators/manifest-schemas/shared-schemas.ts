import { createHash } from 'node:crypto';
import type { JsonSchema, Schemas } from './json-schema.ts';
import { mapValues } from './json-schema.ts';

/** Shorter schemas stay where they are: a reference would save nothing. */
const MINIMUM_CHARACTERS = 300;

/**
 * Takes the parts that occur more than once, such as a pod's affinity, out of schemas and refers to
 * them by name. What the schemas allow stays the same; validators compile each part once.
 *
 * @param file name of the file that the definitions will be in
 */
export function shareRepeated(
  schemas: Schemas,
  file: string,
): { readonly kinds: Schemas; readonly definitions: Schemas } {
  const counts = new Map<string, number>();
  const count = (schema: JsonSchema): JsonSchema => {
    const text = JSON.stringify(schema);
    if (text.length >= MINIMUM_CHARACTERS) counts.set(text, (counts.get(text) ?? 0) + 1);
    return mapParts(schema, count);
  };
  Object.values(schemas).forEach(count);

  const definitions: Record<string, JsonSchema> = {};
  const share = (schema: JsonSchema, property: string): JsonSchema => {
    const text = JSON.stringify(schema);
    if ((counts.get(text) ?? 0) < 2) return mapParts(schema, share, property);
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
    const known = Object.keys(definitions).find((key) => key.endsWith(digest));
    const name = known ?? `${property}-${digest}`;
    definitions[name] ??= mapParts(schema, share, property);
    return { $ref: `${file}.json#/definitions/${name}` };
  };
  const kinds = mapValues(schemas, (schema) => mapParts(schema, share));
  return { kinds, definitions };
}

/** Applies a function to the schemas of properties, items and values, with the nearest property's name. */
function mapParts(
  schema: JsonSchema,
  convert: (part: JsonSchema, property: string) => JsonSchema,
  property = 'value',
): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties && { properties: mapValues(properties, convert) }),
    ...(items && { items: convert(items, property) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: convert(additionalProperties, property),
    }),
  };
}
