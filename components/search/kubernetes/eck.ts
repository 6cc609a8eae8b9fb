import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import type { Manifest } from '../../kubernetes/manifest.ts';
import type { NodeSetting } from '../node-settings.ts';

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

/** A cluster, as far as the platform uses it. Source: ECK 3.5.0, all-crds.yaml. */
export interface Elasticsearch extends Manifest {
  readonly apiVersion: typeof ECK_API;
  readonly kind: 'Elasticsearch';
  readonly spec: {
    readonly version: string;
    readonly volumeClaimDeletePolicy: 'DeleteOnScaledownOnly';
    readonly auth: {
      /** Whether the super user that ECK makes is not made. */
      readonly disableElasticUser: true;
      /** Secrets of a user each: username, password and roles. */
      readonly fileRealm: readonly { readonly secretName: string }[];
      /** Secrets with a `roles.yml`. */
      readonly roles: readonly { readonly secretName: string }[];
    };
    readonly http: {
      readonly tls: { readonly certificate: { readonly secretName: string } };
    };
    readonly nodeSets: readonly NodeSet[];
  };
}

/** Nodes that are alike. */
export interface NodeSet {
  readonly name: string;
  readonly count: number;
  /** `elasticsearch.yml`, but for what ECK itself sets. */
  readonly config: Readonly<Record<string, NodeSetting>>;
  readonly podTemplate: IPodTemplateSpec;
  readonly volumeClaimTemplates: readonly IPersistentVolumeClaim[];
}
