/** A JSON Schema (draft 2019-09), as far as the generators look into it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
}

/** Schemas by name. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

/** Where the definition of a name is found from any generated file. */
export function kubernetesDefinition(name: string): JsonSchema {
  return { $ref: `kubernetes.json#/definitions/${name}` };
}

/** Applies a function to every value of a record. */
export function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  convert: (value: From, key: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, convert(value, key)]),
  );
}
