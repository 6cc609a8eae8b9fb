import type { ApiObject } from './kubernetes-client.ts';

/** An object as an operator sees it. */
export interface Reconciled extends ApiObject {
  readonly metadata: ApiObject['metadata'] & {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly finalizers?: readonly string[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: { readonly observedGeneration?: number };
}

/** What an operator makes of a kind, as far as other programs can tell. */
export interface PlayedKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Name of the kind in paths. */
  readonly plural: string;
  /** What keeps an object until the operator has cleaned up after it. @default none */
  readonly finalizer?: string;
  /** The kind without an object of which nobody cleans up: whoever would runs in its pods. @default the operator itself */
  readonly cleanedUpIn?: string;
  /** The kind whose objects use one of this, which therefore stays until the last has gone. @default none */
  readonly usedBy?: string;
  /** What the operator says of an object that it is done with. */
  readonly status: (object: Reconciled) => Readonly<Record<string, unknown>>;
  /** What it makes for an object and names as owned by it. @default nothing */
  readonly owned?: (object: Reconciled) => readonly OwnedObject[];
}

/** Something that goes when its owner does, by the garbage collector. */
export interface OwnedObject {
  /** Path of the list that it is in. */
  readonly list: string;
  readonly body: ApiObject & Readonly<Record<string, unknown>>;
}

/** A condition in the words that every kind here takes. */
function condition(type: string, { metadata }: Reconciled) {
  return {
    type,
    status: 'True',
    reason: 'StoodInFor',
    message: '',
    observedGeneration: metadata.generation ?? 1,
    lastTransitionTime: metadata.creationTimestamp ?? '',
  };
}

const secret = (namespace: string, name: string): OwnedObject => ({
  list: `/api/v1/namespaces/${namespace}/secrets`,
  body: { apiVersion: 'v1', kind: 'Secret', metadata: { name } },
});

const claim = (namespace: string, name: string): OwnedObject => ({
  list: `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
  body: {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
});

const place = ({ metadata }: Reconciled) => metadata.namespace ?? '';

/** Strimzi. Source: Strimzi 1.2.0, KubernetesHandler.java of the topic operator (finalizer); CaReconciler.java. */
const strimzi: readonly PlayedKind[] = [
  {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'Kafka',
    plural: 'kafkas',
    status: (object) => ({ conditions: [kafkaCondition(object)] }),
    owned: (object) =>
      ['cluster-ca-cert', 'clients-ca-cert'].map((name) =>
        secret(place(object), `${object.metadata.name}-${name}`),
      ),
  },
  {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaNodePool',
    plural: 'kafkanodepools',
    status: ({ spec = {} }) => ({ replicas: spec['replicas'], roles: spec['roles'] }),
    owned: (object) => [claim(place(object), `data-${object.metadata.name}-0`)],
  },
  {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    plural: 'kafkatopics',
    finalizer: 'strimzi.io/topic-operator',
    // The topic operator runs beside the brokers.
    cleanedUpIn: 'Kafka',
    status: (object) => ({
      conditions: [kafkaCondition(object)],
      topicName: object.metadata.name,
    }),
  },
  {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaUser',
    plural: 'kafkausers',
    status: (object) => ({
      conditions: [kafkaCondition(object)],
      username: `CN=${object.metadata.name}`,
    }),
  },
];

/** Strimzi's conditions know no generation; its status does. */
function kafkaCondition(object: Reconciled) {
  const { type, status, lastTransitionTime } = condition('Ready', object);
  return { type, status, lastTransitionTime };
}

/** CloudNativePG. Source: CloudNativePG 1.30.1, pkg/utils/finalizers.go; internal/management/controller/database_controller.go. */
const cloudNativePg: readonly PlayedKind[] = [
  {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    plural: 'clusters',
    status: (object) => ({
      conditions: [condition('Ready', object)],
      phase: 'Cluster in healthy state',
      readyInstances: object.spec?.['instances'],
    }),
    owned: (object) => [
      secret(place(object), `${object.metadata.name}-ca`),
      claim(place(object), `${object.metadata.name}-1`),
    ],
  },
  {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Database',
    plural: 'databases',
    finalizer: 'cnpg.io/deleteDatabase',
    // The manager of the instance has it.
    cleanedUpIn: 'Cluster',
    status: () => ({ applied: true }),
  },
];

/** ECK, which takes finalizers away and sets none. Source: ECK 3.5.0, elasticsearch_controller.go. */
const elastic: readonly PlayedKind[] = [
  {
    apiVersion: 'elasticsearch.k8s.elastic.co/v1',
    kind: 'Elasticsearch',
    plural: 'elasticsearches',
    status: () => ({ phase: 'Ready', health: 'green' }),
    owned: (object) => [
      secret(place(object), `${object.metadata.name}-es-elastic-user`),
      claim(place(object), `elasticsearch-data-${object.metadata.name}-es-a-0`),
    ],
  },
];

/** Envoy Gateway. Source: Envoy Gateway 1.9.1, internal/provider/kubernetes/controller.go. */
const envoyGateway: readonly PlayedKind[] = [
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    plural: 'gatewayclasses',
    finalizer: 'gateway-exists-finalizer.gateway.networking.k8s.io',
    usedBy: 'Gateway',
    status: (object) => ({ conditions: [condition('Accepted', object)] }),
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    plural: 'gateways',
    status: (object) => ({
      conditions: [condition('Accepted', object), condition('Programmed', object)],
    }),
    owned: (object) => [
      {
        list: `/api/v1/namespaces/${place(object)}/services`,
        body: {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: `envoy-${object.metadata.name}` },
          spec: { type: 'LoadBalancer', ports: [{ name: 'https', port: 443 }] },
        },
      },
    ],
  },
];

/** KEDA. Source: KEDA 2.21.0, controllers/keda/scaledobject_finalizer.go, controllers/keda/util/finalizer.go. */
const keda: readonly PlayedKind[] = [
  {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    plural: 'scaledobjects',
    finalizer: 'finalizer.keda.sh',
    status: (object) => ({ conditions: [condition('Ready', object)] }),
  },
  {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'TriggerAuthentication',
    plural: 'triggerauthentications',
    finalizer: 'finalizer.keda.sh',
    status: () => ({}),
  },
];

/** trust-manager: a ConfigMap for each namespace, which goes with its Bundle. Source: trust-manager 0.25.0, pkg/bundle. */
const trustManager: readonly PlayedKind[] = [
  {
    apiVersion: 'trust.cert-manager.io/v1alpha1',
    kind: 'Bundle',
    plural: 'bundles',
    status: (object) => ({ conditions: [condition('Synced', object)] }),
    owned: (object) =>
      namespacesOf(object).map((namespace) => ({
        list: `/api/v1/namespaces/${namespace}/configmaps`,
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: object.metadata.name } },
      })),
  },
];

/** Those that the selector of a bundle of ours names. */
function namespacesOf({ spec }: Reconciled): readonly string[] {
  const { target } = spec as {
    readonly target: {
      readonly namespaceSelector: {
        readonly matchExpressions: readonly { readonly values: readonly string[] }[];
      };
    };
  };
  return target.namespaceSelector.matchExpressions.flatMap(({ values }) => values);
}

/** The kinds of all operators that cannot run without pods that do, or that no registry here has. */
export const PLAYED_KINDS: readonly PlayedKind[] = [
  ...strimzi,
  ...cloudNativePg,
  ...elastic,
  ...envoyGateway,
  ...keda,
  ...trustManager,
];
