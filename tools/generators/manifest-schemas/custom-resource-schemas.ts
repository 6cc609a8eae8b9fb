import { parseAllDocuments } from 'yaml';
import type { JsonSchema, Schemas } from './json-schema.ts';
import { kubernetesDefinition } from './json-schema.ts';
import { strictSchema } from './structural-schema.ts';

/** What is read of a CustomResourceDefinition. */
interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: JsonSchema };
    }[];
  };
}

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/**
 * The strict schemas of kinds by `apiVersion/kind`, in every version that is served, from the texts of
 * their CustomResourceDefinitions. A status is not a property: controllers write it.
 *
 * @throws {Error} when a kind has no definition
 */
export function customResourceSchemas(texts: readonly string[], kinds: readonly string[]): Schemas {
  const definitions = texts
    .flatMap((text) => parseAllDocuments(text))
    .map((document) => document.toJS() as Definition | null)
    .filter((definition) => definition !== null)
    .filter(({ spec }) => kinds.includes(spec.names.kind));
  const missing = kinds.filter((kind) => !definitions.some(({ spec }) => spec.names.kind === kind));
  if (missing.length > 0) throw new Error(`No definition of ${missing.join(', ')}`);
  return Object.fromEntries(
    definitions.flatMap(({ spec }) =>
      spec.versions
        .filter(({ served }) => served)
        .map(({ name, schema }) => [
          `${spec.group}/${name}/${spec.names.kind}`,
          resourceSchema(schema.openAPIV3Schema),
        ]),
    ),
  );
}

function resourceSchema(given: JsonSchema): JsonSchema {
  const { properties = {}, required = [], ...rest } = strictSchema(given);
  const common = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: kubernetesDefinition(OBJECT_META),
  };
  return {
    ...rest,
    properties: {
      ...Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'status')),
      ...common,
    },
    required: required.filter((name) => name !== 'status' && !(name in common)),
  };
}
