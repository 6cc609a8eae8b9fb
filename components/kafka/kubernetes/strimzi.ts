import type * as k8s from '../../kubernetes/k8s.ts';

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

/** What Strimzi leaves open of the containers of its pods. */
export type KafkaContainerTemplate = NonNullable<
  NonNullable<k8s.Kafka['spec']['kafka']['template']>['kafkaContainer']
>;

/** What Strimzi leaves open of the pods of its brokers. */
export type KafkaPodTemplate = NonNullable<
  NonNullable<k8s.Kafka['spec']['kafka']['template']>['pod']
>;

/** Where clients connect, who they are to prove to be, and how. */
export type KafkaListener = k8s.Kafka['spec']['kafka']['listeners'][number];

/** What a node of the cluster does. */
export type KafkaRole = k8s.KafkaNodePool['spec']['roles'][number];

/** What a principal may do with what. */
export type KafkaAclRule = NonNullable<k8s.KafkaUser['spec']['authorization']>['acls'][number];
