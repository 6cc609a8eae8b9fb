import type { PropertyPath } from './property-path.ts';

/** What no object of any kind can change. */
const OF_EVERY_KIND = ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace'];

/**
 * What else can only be changed by another object in its place, by `apiVersion/kind`: what
 * Kubernetes refuses to change, and the content of a ConfigMap or Secret, which Pulumi's provider
 * replaces so that pods notice (its options enableConfigMapMutable and enableSecretMutable).
 * Source: pulumi-kubernetes 4, properties that force a replacement.
 */
const OF_KIND: Readonly<Record<string, readonly string[]>> = {
  'v1/ConfigMap': ['data', 'binaryData'],
  'v1/PersistentVolumeClaim': [
    'spec.accessModes',
    'spec.selector',
    'spec.storageClassName',
    'spec.volumeName',
  ],
  'v1/ResourceQuota': ['spec.scopes'],
  'v1/Secret': ['type', 'data', 'stringData'],
  'v1/Service': ['spec.clusterIP'],
  'apps/v1/DaemonSet': ['spec.selector'],
  'apps/v1/Deployment': ['spec.selector'],
  'apps/v1/StatefulSet': [
    'spec.podManagementPolicy',
    'spec.revisionHistoryLimit',
    'spec.selector',
    'spec.serviceName',
    'spec.volumeClaimTemplates',
  ],
  'batch/v1/Job': ['spec.completions', 'spec.parallelism', 'spec.selector', 'spec.template'],
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': ['roleRef'],
  'rbac.authorization.k8s.io/v1/RoleBinding': ['roleRef'],
  'storage.k8s.io/v1/StorageClass': ['parameters', 'provisioner'],
};

/** Whether a change at the path makes another object necessary. */
export function forcesReplacement(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  path: PropertyPath,
): boolean {
  return isBelow(path, [...OF_EVERY_KIND, ...(OF_KIND[`${apiVersion}/${kind}`] ?? [])]);
}

/** Whether a path is one of those given, or below it or above it. */
export function isBelow(path: PropertyPath, fields: readonly string[]): boolean {
  return fields.some((field) =>
    field.split('.').every((key, depth) => path.length <= depth || path[depth] === key),
  );
}
