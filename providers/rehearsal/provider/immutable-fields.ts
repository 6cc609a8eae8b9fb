import { cloudReplacement, isOfCloud } from '../clouds/replaced-properties.ts';
import type { ChangedInputs } from '../clouds/replaced-properties.ts';
import type { PropertyPath } from './property-path.ts';

/** Properties for which Pulumi's provider puts another resource in place of one, and where its source says so. */
interface ReplacedProperties {
  /** Keys from the root; `*` is every member of a list. */
  readonly properties: readonly string[];
  /** File and lines in pulumi-kubernetes 4.32.0, below provider/pkg/provider. */
  readonly source: string;
}

/** What no object of any kind can change. */
const OF_EVERY_KIND: ReplacedProperties = {
  properties: ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace'],
  source:
    'diff.go:207-212, metadataForceNewProperties; another apiVersion or kind is another type of the program',
};

const SELECTOR = ['spec.selector'];
const ROLE_BINDING: ReplacedProperties = { properties: ['roleRef'], source: 'diff.go:192-194' };
const CONTAINERS = ['spec.containers.*', 'spec.initContainers.*'].flatMap((container) =>
  [
    ...['args', 'command', 'env', 'image', 'imagePullPolicy', 'lifecycle', 'livenessProbe'],
    ...['ports', 'readinessProbe', 'resources', 'securityContext', 'stdin', 'stdinOnce'],
    ...['terminationMessagePath', 'terminationMessagePolicy', 'tty', 'volumeDevices'],
    ...['volumeMounts', 'workingDir'],
  ].map((property) => `${container}.${property}`),
);

/**
 * What else can only be changed by another object in its place, by `apiVersion/kind`: what
 * Kubernetes refuses to change, and the content of a ConfigMap or Secret, which Pulumi's provider
 * replaces so that pods notice (its options enableConfigMapMutable and enableSecretMutable). The provider's own
 * table is whole: of any other kind, an operator's as well, nothing else is replaced (diff.go:23-38).
 */
const OF_KIND: Readonly<Record<string, ReplacedProperties>> = {
  'v1/ConfigMap': { properties: ['data', 'binaryData'], source: 'diff.go:32-33' },
  'v1/PersistentVolume': {
    properties: [
      ...['awsElasticBlockStore', 'azureDisk', 'azureFile', 'cephfs', 'cinder', 'csi', 'fc'],
      ...['flexVolume', 'flocker', 'gcePersistentDisk', 'glusterfs', 'hostPath', 'iscsi', 'local'],
      ...['nfs', 'photonPersistentDisk', 'portworxVolume', 'quobyte', 'rbd', 'scaleIO'],
      ...['storageos', 'vsphereVolume'],
    ].map((property) => `spec.${property}`),
    source: 'diff.go:87-110',
  },
  'v1/PersistentVolumeClaim': {
    properties: ['spec.accessModes', 'spec.selector', 'spec.storageClassName', 'spec.volumeName'],
    source: 'diff.go:111-118',
  },
  'v1/Pod': {
    properties: [
      ...[
        ...['affinity', 'automountServiceAccountToken', 'dnsConfig', 'dnsPolicy'],
        ...['enableServiceLinks', 'hostAliases', 'hostIPC', 'hostNetwork', 'hostPID', 'hostname'],
        ...['imagePullSecrets', 'nodeName', 'nodeSelector', 'overhead', 'preemptionPolicy'],
        ...['priority', 'priorityClassName', 'readinessGates', 'restartPolicy'],
        ...['runtimeClassName', 'schedulerName', 'securityContext', 'serviceAccount'],
        ...['serviceAccountName', 'shareProcessNamespace', 'subdomain'],
        ...['terminationGracePeriodSeconds', 'volumes'],
      ].map((property) => `spec.${property}`),
      ...CONTAINERS,
    ],
    source: 'diff.go:119-151, 214-241',
  },
  'v1/ResourceQuota': { properties: ['spec.scopes'], source: 'diff.go:152-154' },
  'v1/Secret': { properties: ['type', 'data', 'stringData'], source: 'diff.go:28-29, 155-157' },
  'v1/Service': { properties: ['spec.clusterIP'], source: 'diff.go:158-160' },
  'apps/v1/DaemonSet': { properties: SELECTOR, source: 'diff.go:164-169' },
  'apps/v1/Deployment': { properties: SELECTOR, source: 'diff.go:171-176' },
  'apps/v1/StatefulSet': {
    properties: [
      'spec.podManagementPolicy',
      'spec.revisionHistoryLimit',
      'spec.selector',
      'spec.serviceName',
      'spec.volumeClaimTemplates',
    ],
    source: 'diff.go:196-205',
  },
  'batch/v1/Job': {
    properties: ['spec.completions', 'spec.parallelism', 'spec.selector', 'spec.template'],
    source: 'diff.go:178-186',
  },
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': ROLE_BINDING,
  'rbac.authorization.k8s.io/v1/RoleBinding': ROLE_BINDING,
  'storage.k8s.io/v1/StorageClass': {
    properties: ['parameters', 'provisioner'],
    source: 'diff.go:70-77',
  },
};

/** Another release comes in place of one of another name; anything else is an upgrade. */
const OF_RELEASE: ReplacedProperties = {
  properties: ['name', 'namespace'],
  source: 'helm_release.go:907',
};

/** What becomes of a resource by a change of one property; 'unknown' where nobody has looked it up. */
export type Replacement = 'replaced' | 'kept' | 'unknown';

/** Whether a change at the path makes another object necessary. */
export function forcesReplacement(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  path: PropertyPath,
): boolean {
  const { properties = [] } = OF_KIND[`${apiVersion}/${kind}`] ?? {};
  return isBelow(path, [...OF_EVERY_KIND.properties, ...properties]);
}

/** Whether a change at the path makes another release of a chart necessary. */
export function replacesRelease(path: PropertyPath): boolean {
  return isBelow(path, OF_RELEASE.properties);
}

/**
 * What a provider would do with a resource of a type by a change at the path, from its source: an object of a cluster, a release,
 * a resource of a cloud, and nothing of any other provider.
 *
 * @param type such as 'kubernetes:apps/v1:StatefulSet'
 * @param inputs what conditions of a cloud's provider look at
 */
export function replacementOf(
  type: string,
  path: PropertyPath,
  inputs?: ChangedInputs,
): Replacement {
  if (isOfCloud(type)) return cloudReplacement(type, path, inputs);
  const [provider, version = '', kind = ''] = type.split(':');
  if (provider !== 'kubernetes' || /^(?:yaml|kustomize|helm\.sh\/v4)/.test(version))
    return 'unknown';
  const isReplaced = version.startsWith('helm.sh/')
    ? replacesRelease(path)
    : forcesReplacement({ apiVersion: version.replace(/^core\//, ''), kind }, path);
  return isReplaced ? 'replaced' : 'kept';
}

/** Whether a path is one of those given, or below it or above it. */
function isBelow(path: PropertyPath, fields: readonly string[]): boolean {
  return fields.some((field) =>
    field
      .split('.')
      .every((key, depth) => path.length <= depth || key === '*' || path[depth] === key),
  );
}
