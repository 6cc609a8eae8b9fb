import type { IAffinity } from 'kubernetes-models/v1/Affinity';
import type { IPodSecurityContext } from 'kubernetes-models/v1/PodSecurityContext';
import type { IResourceRequirements } from 'kubernetes-models/v1/ResourceRequirements';
import type { ISecurityContext } from 'kubernetes-models/v1/SecurityContext';
import type { IVolume } from 'kubernetes-models/v1/Volume';
import type { IVolumeMount } from 'kubernetes-models/v1/VolumeMount';
import type { Manifest } from '../../kubernetes/manifest.ts';

/**
 * The newest Kafka that Strimzi 1.2 knows (kafka-versions.yaml); the one on this machine is 4.4, and nothing here
 * needs more than 4.0. Strimzi has KRaft and node pools alone from 1.0 on, and `v1` is its only API: what older
 * versions served besides, `v1beta2`, is gone from its CRDs.
 */
export const KAFKA_VERSION = '4.3.1';

/** The API of Strimzi from 1.0 on. */
export const STRIMZI_API = 'kafka.strimzi.io/v1';

/** Port of the listener for clients with certificates. */
export const CLIENTS_PORT = 9_093;

/** Tells to which cluster an object belongs; pods and Secrets carry it as well. */
export const STRIMZI_CLUSTER_LABEL = 'strimzi.io/cluster';

/** Tells the pods of the brokers from those of the operators beside them. */
export const STRIMZI_NAME_LABEL = 'strimzi.io/name';

/** Names which kind of Strimzi's a pod was made for. */
export const STRIMZI_KIND_LABEL = 'strimzi.io/kind';

/** A cluster, as far as the platform uses it. Source: Strimzi 1.2.0, 040-Crd-kafka.yaml. */
export interface KafkaCluster extends Manifest {
  readonly apiVersion: typeof STRIMZI_API;
  readonly kind: 'Kafka';
  readonly spec: {
    readonly kafka: {
      readonly version: string;
      readonly listeners: readonly KafkaListener[];
      /** `server.properties`, but for what Strimzi itself sets. */
      readonly config: Readonly<Record<string, string | number>>;
      readonly authorization: { readonly type: 'simple' };
      readonly rack: { readonly topologyKey: string };
      readonly metricsConfig: { readonly type: 'strimziMetricsReporter' };
      readonly template: {
        readonly pod: PodTemplate;
        readonly kafkaContainer: ContainerTemplate;
        readonly initContainer: ContainerTemplate;
        readonly podDisruptionBudget: { readonly maxUnavailable: number };
      };
    };
    readonly entityOperator: {
      readonly topicOperator: { readonly resources: IResourceRequirements };
      readonly userOperator: { readonly resources: IResourceRequirements };
      readonly template: {
        readonly pod: PodTemplate;
        readonly topicOperatorContainer: ContainerTemplate;
        readonly userOperatorContainer: ContainerTemplate;
      };
    };
  };
}

/** Where clients connect, who they are to prove to be, and how. */
export interface KafkaListener {
  readonly name: string;
  readonly port: number;
  readonly type: 'internal';
  readonly tls: true;
  readonly authentication: {
    readonly type: 'custom';
    readonly sasl: false;
    /** Of the broker, for this listener. */
    readonly listenerConfig: Readonly<Record<string, string>>;
  };
  readonly configuration: {
    readonly brokerCertChainAndKey: {
      readonly secretName: string;
      readonly certificate: string;
      readonly key: string;
    };
  };
}

/** What Strimzi leaves open of a pod. */
export interface PodTemplate {
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly securityContext?: IPodSecurityContext;
  readonly priorityClassName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly affinity?: IAffinity;
  readonly volumes?: IVolume[];
}

/** What Strimzi leaves open of a container. */
export interface ContainerTemplate {
  readonly securityContext: ISecurityContext;
  readonly volumeMounts?: IVolumeMount[];
}

/** What a node of the cluster does. */
export type KafkaRole = 'controller' | 'broker';

/** Nodes that are alike. Source: Strimzi 1.2.0, 045-Crd-kafkanodepool.yaml. */
export interface KafkaNodePool extends Manifest {
  readonly apiVersion: typeof STRIMZI_API;
  readonly kind: 'KafkaNodePool';
  readonly spec: {
    readonly replicas: number;
    readonly roles: readonly KafkaRole[];
    readonly storage: {
      readonly type: 'jbod';
      readonly volumes: readonly {
        readonly id: number;
        readonly type: 'persistent-claim';
        readonly size: string;
        readonly deleteClaim: boolean;
        /** The volume that also has the metadata of the cluster. */
        readonly kraftMetadata: 'shared';
      }[];
    };
    readonly resources: IResourceRequirements;
    readonly jvmOptions: { readonly '-Xms': string; readonly '-Xmx': string };
    readonly template: { readonly pod: PodTemplate };
  };
}

/** A topic. Source: Strimzi 1.2.0, 043-Crd-kafkatopic.yaml. */
export interface KafkaTopic extends Manifest {
  readonly apiVersion: typeof STRIMZI_API;
  readonly kind: 'KafkaTopic';
  readonly spec: {
    readonly partitions: number;
    readonly replicas: number;
    readonly config: Readonly<Record<string, string | number>>;
  };
}

/** A principal with its rights. Source: Strimzi 1.2.0, 044-Crd-kafkauser.yaml. */
export interface KafkaUser extends Manifest {
  readonly apiVersion: typeof STRIMZI_API;
  readonly kind: 'KafkaUser';
  readonly spec: {
    /** Its certificate is not Strimzi's; the principal is `CN=` and the user's name. */
    readonly authentication: { readonly type: 'tls-external' };
    readonly authorization: { readonly type: 'simple'; readonly acls: readonly KafkaAclRule[] };
  };
}

/** What a principal may do with what. */
export interface KafkaAclRule {
  readonly resource: {
    readonly type: 'topic' | 'group';
    readonly name: string;
    readonly patternType: 'literal' | 'prefix';
  };
  readonly operations: readonly ('Read' | 'Write' | 'Describe')[];
}
