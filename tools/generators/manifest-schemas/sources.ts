import type { GoModule } from '../../engines/go-module.ts';

/** Kinds of a group, such as 'Rollout'. */
export type Kinds = readonly string[];

/** Kubernetes itself; its documents are in api/openapi-spec/v3. */
export const KUBERNETES: GoModule & { readonly kinds: Readonly<Record<string, Kinds>> } = {
  module: 'k8s.io/kubernetes',
  version: '1.36.3',
  sum: 'h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o=',
  kinds: {
    v1: [
      'ConfigMap',
      'LimitRange',
      'Namespace',
      'PersistentVolumeClaim',
      'Pod',
      'ResourceQuota',
      'Secret',
      'Service',
      'ServiceAccount',
    ],
    'admissionregistration.k8s.io/v1': [
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ],
    'apps/v1': ['DaemonSet', 'Deployment', 'StatefulSet'],
    'autoscaling/v2': ['HorizontalPodAutoscaler'],
    'batch/v1': ['CronJob', 'Job'],
    'networking.k8s.io/v1': ['NetworkPolicy'],
    'policy/v1': ['PodDisruptionBudget'],
    'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
    'scheduling.k8s.io/v1': ['PriorityClass'],
    'storage.k8s.io/v1': ['StorageClass'],
  },
};

/** An operator: where its module keeps CustomResourceDefinitions, and the kinds taken from them. */
export interface Operator extends GoModule {
  readonly definitions: readonly string[];
  readonly kinds: Kinds;
}

/** The operators by the name of the generated file. */
export const OPERATORS = {
  'argo-rollouts': {
    module: 'github.com/argoproj/argo-rollouts',
    version: '1.10.1',
    sum: 'h1:6oyVPGiHHxu3ixkT6mngemh88HLPDoTX1IwO6KNR1Y4=',
    definitions: ['manifests/crds'],
    kinds: ['AnalysisTemplate', 'Rollout'],
  },
  'cert-manager': {
    module: 'github.com/cert-manager/cert-manager',
    version: '1.21.2',
    sum: 'h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=',
    definitions: ['deploy/crds'],
    kinds: ['Certificate', 'CertificateRequest', 'ClusterIssuer', 'Issuer'],
  },
  'cloudnative-pg': {
    module: 'github.com/cloudnative-pg/cloudnative-pg',
    version: '1.30.1',
    sum: 'h1:d1jxp0jQi7/3zrEhsv9ycD+G5ssmkNvDvTmogaGccCw=',
    definitions: ['config/crd/bases'],
    kinds: ['Cluster', 'Database', 'Pooler', 'ScheduledBackup'],
  },
  elasticsearch: {
    module: 'github.com/elastic/cloud-on-k8s/v3',
    version: '3.5.0',
    sum: 'h1:sR4oj+gNnwI9hgsKhBwjUlx+5F2T/kND40hrzaogtek=',
    definitions: ['config/crds/v1/all-crds.yaml'],
    kinds: ['Elasticsearch'],
  },
  'envoy-gateway': {
    module: 'github.com/envoyproxy/gateway',
    version: '1.9.1',
    sum: 'h1:vAVp6/AlBXJ1aOhp1mxL7fNEzVEfjADUguUhm2wzxQY=',
    definitions: [
      'charts/gateway-helm/charts/crds/crds/generated',
      // The Gateway API that its chart installs, and that it watches: 1.6.1, experimental channel.
      'charts/gateway-helm/charts/crds/crds/gatewayapi-crds.yaml',
    ],
    kinds: [
      ...['Backend', 'BackendTrafficPolicy', 'ClientTrafficPolicy', 'EnvoyProxy', 'SecurityPolicy'],
      ...['BackendTLSPolicy', 'Gateway', 'GatewayClass', 'HTTPRoute', 'ReferenceGrant'],
    ],
  },
  keda: {
    module: 'github.com/kedacore/keda/v2',
    version: '2.21.0',
    sum: 'h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=',
    definitions: ['config/crd/bases'],
    kinds: ['ScaledObject', 'TriggerAuthentication'],
  },
  'plugin-barman-cloud': {
    module: 'github.com/cloudnative-pg/plugin-barman-cloud',
    version: '0.15.0',
    sum: 'h1:gNVytrzzYUE08wxLDrjfJqy1FPPSFkMe1OEr4s4pVI0=',
    definitions: ['config/crd/bases'],
    kinds: ['ObjectStore'],
  },
  'trust-manager': {
    module: 'github.com/cert-manager/trust-manager',
    version: '0.25.0',
    sum: 'h1:nGtkHH9wEacI5uACdsq8wqCKWsCw1PMrwHPJcrUFUXA=',
    definitions: ['deploy/crds'],
    kinds: ['Bundle'],
  },
} satisfies Readonly<Record<string, Operator>>;

/**
 * Strimzi is not a Go module; the generator of its own CustomResourceDefinitions reads annotated classes,
 * and both are on Maven Central (`io.strimzi`).
 */
export const STRIMZI = {
  minimumJava: 21,
  generator: {
    artifact: 'crd-generator',
    version: '1.2.0',
    sha256: '76bb2430e702a1e6a24c071d26c865d5e9572cbc630d176d3b912033ae23ed00',
  },
  classes: {
    artifact: 'api',
    version: '1.2.0',
    sha256: '566961ae5e5646a001ae91312beda5cba3a5d467e740e205e1b761754335fe4e',
  },
  apiVersion: 'v1',
  kinds: {
    Kafka: 'kafka.Kafka',
    KafkaNodePool: 'nodepool.KafkaNodePool',
    KafkaTopic: 'topic.KafkaTopic',
    KafkaUser: 'user.KafkaUser',
  },
} as const;
