import type { GoModule } from '../../engines/go-module.ts';

/** Kinds of a group, such as 'Rollout'. */
export type Kinds = readonly string[];

/** Kubernetes itself; its documents are in api/openapi-spec/v3. */
export const KUBERNETES: GoModule & { readonly kinds: Readonly<Record<string, Kinds>> } = {
  module: 'k8s.io/kubernetes',
  version: '1.34.4',
  sum: 'h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk=',
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
export const OPERATORS: Readonly<Record<string, Operator>> = {
  'argo-rollouts': {
    module: 'github.com/argoproj/argo-rollouts',
    version: '1.8.3',
    sum: 'h1:blbtQva4IK9r6gFh+dWkCrLnFdPOWiv9ubQYu36qeaA=',
    definitions: ['manifests/crds'],
    kinds: ['AnalysisTemplate', 'Rollout'],
  },
  'cert-manager': {
    module: 'github.com/cert-manager/cert-manager',
    version: '1.18.2',
    sum: 'h1:H2P75ycGcTMauV3gvpkDqLdS3RSXonWF2S49QGA1PZE=',
    definitions: ['deploy/crds'],
    kinds: ['Certificate', 'CertificateRequest', 'ClusterIssuer', 'Issuer'],
  },
  'cloudnative-pg': {
    module: 'github.com/cloudnative-pg/cloudnative-pg',
    version: '1.27.0',
    sum: 'h1:mp0zlYO4vKAJmQdArWORWKr1lmB4Hj8JeBQGX5RBnpg=',
    definitions: ['config/crd/bases'],
    kinds: ['Cluster', 'Database', 'Pooler', 'ScheduledBackup'],
  },
  elasticsearch: {
    module: 'github.com/elastic/cloud-on-k8s/v2',
    version: '2.16.1',
    sum: 'h1:u1VSUsfj/I8I3mIhoFKGirON2TgonhU4Wq+x2qqD9hQ=',
    definitions: ['config/crds/v1/all-crds.yaml'],
    kinds: ['Elasticsearch'],
  },
  'envoy-gateway': {
    module: 'github.com/envoyproxy/gateway',
    version: '1.5.0',
    sum: 'h1:wfHytSeNoinwu0vCtWT61XK23qJuRmJyU+CPWdIJp2I=',
    definitions: [
      'charts/gateway-helm/crds/generated',
      // The Gateway API that its chart installs, and that it watches: 1.3.0, experimental channel.
      'charts/gateway-helm/crds/gatewayapi-crds.yaml',
    ],
    kinds: [
      ...['Backend', 'BackendTrafficPolicy', 'ClientTrafficPolicy', 'EnvoyProxy', 'SecurityPolicy'],
      ...['BackendTLSPolicy', 'Gateway', 'GatewayClass', 'HTTPRoute', 'ReferenceGrant'],
    ],
  },
  keda: {
    module: 'github.com/kedacore/keda/v2',
    version: '2.17.0',
    sum: 'h1:Msot3UuN6WOhaOaOcVmokmVM0cu3uqSGvnDgg1LkESU=',
    definitions: ['config/crd/bases'],
    kinds: ['ScaledObject', 'TriggerAuthentication'],
  },
  // The release that the charts name, 0.18.0, is not served by the module proxy.
  'trust-manager': {
    module: 'github.com/cert-manager/trust-manager',
    version: '0.25.0',
    sum: 'h1:nGtkHH9wEacI5uACdsq8wqCKWsCw1PMrwHPJcrUFUXA=',
    definitions: ['deploy/crds'],
    kinds: ['Bundle'],
  },
};

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
  /** The last release before 1.0.1, which is not on Maven Central and serves no other API than v1. */
  classes: {
    artifact: 'api',
    version: '0.51.0',
    sha256: '219b54d570c408523f62bffc999041c64ea926afbc784be942290709fbbcde62',
  },
  apiVersion: 'v1',
  kinds: {
    Kafka: 'kafka.Kafka',
    KafkaNodePool: 'nodepool.KafkaNodePool',
    KafkaTopic: 'topic.KafkaTopic',
    KafkaUser: 'user.KafkaUser',
  },
} as const;
