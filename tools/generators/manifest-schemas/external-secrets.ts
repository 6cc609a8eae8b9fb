import type { JsonSchema, Schemas } from './json-schema.ts';
import { kubernetesDefinition } from './json-schema.ts';

/** A name of an object, as its definition has it. */
const NAME: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 253,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
};

const SECRET_KEY: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 253,
  pattern: '^[-._a-zA-Z0-9]+$',
};

const TEXT: JsonSchema = { type: 'string' };

const oneOf = (...values: readonly string[]): JsonSchema => ({ type: 'string', enum: values });

const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  ...required: readonly string[]
): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
});

const KINDS: Schemas = {
  'external-secrets.io/v1/ExternalSecret': object(
    {
      apiVersion: TEXT,
      kind: TEXT,
      metadata: kubernetesDefinition('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
      spec: object(
        {
          secretStoreRef: object(
            { kind: oneOf('SecretStore', 'ClusterSecretStore'), name: NAME },
            'kind',
            'name',
          ),
          refreshInterval: TEXT,
          target: object(
            {
              name: NAME,
              creationPolicy: oneOf('Owner', 'Orphan', 'Merge', 'None', 'CreateOrMerge'),
              deletionPolicy: oneOf('Delete', 'Merge', 'Retain'),
              template: object({ type: TEXT }, 'type'),
            },
            'name',
          ),
          data: {
            type: 'array',
            minItems: 1,
            items: object(
              {
                secretKey: SECRET_KEY,
                remoteRef: object({ key: TEXT, property: TEXT }, 'key', 'property'),
              },
              'remoteRef',
              'secretKey',
            ),
          },
        },
        'data',
        'refreshInterval',
        'secretStoreRef',
        'target',
      ),
    },
    'spec',
  ),
};

/**
 * Of External Secrets there is no module at the pinned version (its second major version goes without `/v2`), so what the
 * program writes of its one kind is written here, and is no more than that: what is left out is refused.
 * Source: External Secrets 2.9.0, apis/externalsecrets/v1/externalsecret_types.go
 */
export const EXTERNAL_SECRETS = {
  source: 'External Secrets v2.9.0, by hand',
  kinds: KINDS,
  definitions: {},
} as const;
