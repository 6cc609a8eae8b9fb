import type { JsonSchema, Schemas } from './json-schema.ts';
import { kubernetesDefinition } from './json-schema.ts';

const TEXT: JsonSchema = { type: 'string' };

const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  ...required: readonly string[]
): JsonSchema => ({ type: 'object', properties, required, additionalProperties: false });

const KINDS: Schemas = {
  'elbv2.k8s.aws/v1beta1/TargetGroupBinding': object(
    {
      apiVersion: TEXT,
      kind: TEXT,
      metadata: kubernetesDefinition('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
      spec: object(
        {
          serviceRef: object({ name: TEXT, port: { type: 'integer' } }, 'name', 'port'),
          // At most 32 letters, digits and hyphens. Source: Elastic Load Balancing API, CreateTargetGroup, Name
          targetGroupName: {
            type: 'string',
            minLength: 1,
            maxLength: 32,
            pattern: '^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$',
          },
          targetType: { type: 'string', enum: ['instance', 'ip'] },
          ipAddressType: { type: 'string', enum: ['ipv4', 'ipv6'] },
        },
        'serviceRef',
        'targetGroupName',
        'targetType',
      ),
    },
    'spec',
  ),
};

/**
 * Of AWS Load Balancer Controller there is no module at the pinned version either (./external-secrets.ts says why), so what the
 * program writes of its one kind is written here, and is no more than that.
 * Source: AWS Load Balancer Controller 3, "TargetGroupBinding", Choosing the Target Group; Specification
 */
export const LOAD_BALANCER_CONTROLLER = {
  source: 'AWS Load Balancer Controller v3.5.0, by hand',
  kinds: KINDS,
  definitions: {},
} as const;
