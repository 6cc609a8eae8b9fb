import type { JsonSchema, Schemas } from './json-schema.ts';
import { mapValues } from './json-schema.ts';

/** Values that a property may have, by definition and property. */
export type Enums = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const REFERENCE = '#/components/schemas/';

/** Definitions whose schema in the document is wider than what the API server parses. */
const SPECIAL: Schemas = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['integer', 'string'] },
  // The pattern that controller-gen writes into every CustomResourceDefinition.
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    type: ['string', 'number'],
    pattern:
      '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  },
};

/**
 * The strict schemas of definitions and of all that they refer to, from Kubernetes' own OpenAPI (v3)
 * document: no property but the listed ones, and the values of enumerations, which the document
 * leaves out.
 */
export function strictDefinitions(
  document: Schemas,
  wanted: readonly string[],
  enums: Enums,
): Schemas {
  const found: Record<string, JsonSchema> = {};
  const add = (name: string): void => {
    if (name in found) return;
    const given = SPECIAL[name] ?? document[name];
    if (given === undefined) throw new Error(`The OpenAPI document has no definition '${name}'`);
    found[name] = {};
    found[name] = SPECIAL[name] ?? strict(given, enums[name] ?? {}, add);
  };
  wanted.forEach(add);
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function strict(
  schema: JsonSchema,
  values: Readonly<Record<string, readonly string[]>>,
  add: (name: string) => void,
): JsonSchema {
  const within = (inner: JsonSchema, allowed?: readonly string[]): JsonSchema => {
    const reference = referenceOf(inner);
    if (reference !== undefined) {
      add(reference);
      return { $ref: `#/definitions/${reference}` };
    }
    if (inner.items !== undefined) return { type: 'array', items: within(inner.items, allowed) };
    const plain = strict(inner, {}, add);
    return allowed === undefined ? plain : { ...plain, enum: allowed };
  };
  const { type, properties, required, additionalProperties } = schema;
  return {
    ...(type !== undefined && { type }),
    ...(schema['format'] !== undefined && { format: schema['format'] }),
    ...(properties && {
      properties: mapValues(properties, (inner, name) => within(inner, values[name])),
      additionalProperties: false,
    }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: within(additionalProperties),
    }),
    ...(required && { required }),
  };
}

/** A reference stands alone, or in an `allOf` of one beside a description and a default. */
function referenceOf(schema: JsonSchema): string | undefined {
  const [first] = (schema['allOf'] as readonly JsonSchema[] | undefined) ?? [schema];
  const reference = first?.['$ref'];
  return typeof reference === 'string' ? reference.slice(REFERENCE.length) : undefined;
}
