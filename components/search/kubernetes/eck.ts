import type * as k8s from '../../kubernetes/k8s.ts';

/**
 * The last series of Elasticsearch 8, as on every landing: 9 is not to be had from package registries,
 * and a client of one series refuses a server of another.
 */
export const ELASTICSEARCH_VERSION = '8.19.21';

/** The API of ECK. */
export const ECK_API = 'elasticsearch.k8s.elastic.co/v1';

/** Port of Elasticsearch's API. */
export const HTTP_PORT = 9_200;

/** Where nodes talk to each other. */
export const TRANSPORT_PORT = 9_300;

/** Tells to which cluster a pod belongs. */
export const ECK_CLUSTER_LABEL = 'elasticsearch.k8s.elastic.co/cluster-name';

/** Nodes that are alike; the definition leaves the template of their pods open. */
export type NodeSet = Omit<k8s.Elasticsearch['spec']['nodeSets'][number], 'podTemplate'> & {
  readonly podTemplate: k8s.PodTemplateSpec;
};
