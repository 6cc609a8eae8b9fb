import { readFileSync } from 'node:fs';
import path from 'node:path';
import { strictDefinitions } from './built-in-schema.ts';
import { declaredEnums } from './declared-enums.ts';
import type { JsonSchema, Schemas } from './json-schema.ts';
import { kubernetesDefinition } from './json-schema.ts';
import type { Kinds } from './sources.ts';

/** Kinds by `apiVersion/kind`, and the definitions that they refer to. */
export interface KubernetesSchemas {
  readonly kinds: Schemas;
  readonly definitions: Schemas;
}

/**
 * The strict schemas of Kubernetes' own kinds. A status is not a property: controllers write it.
 *
 * @param folder the module k8s.io/kubernetes
 * @param kinds by API version
 */
export function kubernetesSchemas(
  folder: string,
  kinds: Readonly<Record<string, Kinds>>,
): KubernetesSchemas {
  const document = Object.fromEntries(
    Object.keys(kinds).flatMap((apiVersion) => Object.entries(openApi(folder, apiVersion))),
  );
  const named = Object.entries(document).flatMap(([definition, schema]) =>
    kindsOf(schema)
      .filter(({ apiVersion, kind }) => kinds[apiVersion]?.includes(kind))
      .map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, definition] as const),
  );
  const names = named.map(([, name]) => name);
  const enums = readFileSync(
    path.join(folder, 'pkg/generated/openapi/zz_generated.openapi.go'),
    'utf8',
  );
  return {
    kinds: Object.fromEntries(named.map(([kind, name]) => [kind, kubernetesDefinition(name)])),
    definitions: strictDefinitions(
      { ...document, ...withoutStatus(document, names) },
      names,
      declaredEnums(enums),
    ),
  };
}

function openApi(folder: string, apiVersion: string): Schemas {
  const name = apiVersion.includes('/') ? `apis__${apiVersion.replace('/', '__')}` : 'api__v1';
  const file = path.join(folder, 'api/openapi-spec/v3', `${name}_openapi.json`);
  const { components } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly components: { readonly schemas: Schemas };
  };
  return components.schemas;
}

function kindsOf(
  schema: JsonSchema,
): readonly { readonly apiVersion: string; readonly kind: string }[] {
  const kinds = schema['x-kubernetes-group-version-kind'] as
    | readonly { readonly group: string; readonly version: string; readonly kind: string }[]
    | undefined;
  return (kinds ?? []).map(({ group, version, kind }) => ({
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
  }));
}

function withoutStatus(document: Schemas, names: readonly string[]): Schemas {
  return Object.fromEntries(
    names.map((name) => {
      const { properties = {}, ...rest } = document[name] ?? {};
      const kept = Object.entries(properties).filter(([property]) => property !== 'status');
      return [name, { ...rest, properties: Object.fromEntries(kept) }];
    }),
  );
}
