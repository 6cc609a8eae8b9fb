// Generated from Go module github.com/elastic/cloud-on-k8s/v3 v3.5.0 by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

type Limits161e67e3 = {
  readonly cpu?: number | string;
  readonly memory?: number | string;
};

type Metadataee80648b = {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly namespace?: string;
};

type PodDisruptionBudget78d453f7 = {
  readonly metadata?: Metadataee80648b;
  readonly spec?: Spec0ec52129;
};

type Ports36a27ecb = readonly Ports83c7bb45[];

type Ports83c7bb45 = {
  readonly appProtocol?: string;
  readonly name?: string;
  readonly nodePort?: number;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
};

type Resourcesa92e2a39 = {
  readonly limits?: Readonly<Record<string, number | string>>;
  readonly requests?: Readonly<Record<string, number | string>>;
};

type SecureSettingse0279baf = readonly {
  readonly entries?: readonly {
    readonly key: string;
    readonly path?: string;
  }[];
  readonly secretName: string;
}[];

type Selectore2d022d7 = {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
  readonly matchLabels?: Readonly<Record<string, string>>;
};

type Service8eb58067 = {
  readonly metadata?: Metadataee80648b;
  readonly spec?: Specb6b86796;
};

type Spec0ec52129 = {
  readonly maxUnavailable?: number | string;
  readonly minAvailable?: number | string;
  readonly selector?: Selectore2d022d7;
  readonly unhealthyPodEvictionPolicy?: string;
};

type Speca16d5304 = {
  readonly accessModes?: readonly string[];
  readonly dataSource?: {
    readonly apiGroup?: string;
    readonly kind: string;
    readonly name: string;
  };
  readonly dataSourceRef?: {
    readonly apiGroup?: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  };
  readonly resources?: Resourcesa92e2a39;
  readonly selector?: Selectore2d022d7;
  readonly storageClassName?: string;
  readonly volumeAttributesClassName?: string;
  readonly volumeMode?: string;
  readonly volumeName?: string;
};

type Specb6b86796 = {
  readonly allocateLoadBalancerNodePorts?: boolean;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly externalIPs?: readonly string[];
  readonly externalName?: string;
  readonly externalTrafficPolicy?: string;
  readonly healthCheckNodePort?: number;
  readonly internalTrafficPolicy?: string;
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly loadBalancerClass?: string;
  readonly loadBalancerIP?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly ports?: Ports36a27ecb;
  readonly publishNotReadyAddresses?: boolean;
  readonly selector?: Readonly<Record<string, string>>;
  readonly sessionAffinity?: string;
  readonly sessionAffinityConfig?: {
    readonly clientIP?: {
      readonly timeoutSeconds?: number;
    };
  };
  readonly trafficDistribution?: string;
  readonly type?: string;
};

type VolumeClaimTemplatesc06aaa11 = readonly VolumeClaimTemplatesddf84cb2[];

type VolumeClaimTemplatesddf84cb2 = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Metadataee80648b;
  readonly spec?: Speca16d5304;
};

export type Elasticsearch = {
  readonly apiVersion: 'elasticsearch.k8s.elastic.co/v1';
  readonly kind: 'Elasticsearch';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly auth?: {
      readonly disableElasticUser?: boolean;
      readonly fileRealm?: readonly {
        readonly secretName?: string;
      }[];
      readonly roles?: readonly {
        readonly secretName?: string;
      }[];
    };
    readonly http?: {
      readonly service?: Service8eb58067;
      readonly tls?: {
        readonly certificate?: {
          readonly secretName?: string;
        };
        readonly client?: {
          readonly authentication?: boolean;
        };
        readonly selfSignedCertificate?: {
          readonly disabled?: boolean;
          readonly subjectAltNames?: readonly {
            readonly dns?: string;
            readonly ip?: string;
          }[];
        };
      };
    };
    readonly image?: string;
    readonly monitoring?: {
      readonly logs?: {
        readonly elasticsearchRefs?: readonly {
          readonly name?: string;
          readonly namespace?: string;
          readonly secretName?: string;
          readonly serviceName?: string;
        }[];
      };
      readonly metrics?: {
        readonly elasticsearchRefs?: readonly {
          readonly name?: string;
          readonly namespace?: string;
          readonly secretName?: string;
          readonly serviceName?: string;
        }[];
      };
    };
    readonly nodeSets: readonly {
      readonly config?: Readonly<Record<string, unknown>>;
      readonly count?: number;
      readonly name: string;
      readonly podTemplate?: Readonly<Record<string, unknown>>;
      readonly resources?: {
        readonly limits?: Limits161e67e3;
        readonly requests?: Limits161e67e3;
      };
      readonly volumeClaimTemplates?: VolumeClaimTemplatesc06aaa11;
      readonly zoneAwareness?: {
        readonly topologyKey?: string;
        readonly zones?: readonly string[];
      };
    }[];
    readonly podDisruptionBudget?: PodDisruptionBudget78d453f7;
    readonly remoteClusterServer?: {
      readonly enabled?: boolean;
      readonly service?: Service8eb58067;
    };
    readonly remoteClusters?: readonly {
      readonly apiKey?: {
        readonly access: {
          readonly replication?: {
            readonly names: readonly string[];
          };
          readonly search?: {
            readonly allow_restricted_indices?: boolean;
            readonly field_security?: {
              readonly except: readonly string[];
              readonly grant: readonly string[];
            };
            readonly names: readonly string[];
            readonly query?: Readonly<Record<string, unknown>>;
          };
        };
      };
      readonly elasticsearchRef?: {
        readonly name?: string;
        readonly namespace?: string;
        readonly serviceName?: string;
      };
      readonly name: string;
    }[];
    readonly revisionHistoryLimit?: number;
    readonly secureSettings?: SecureSettingse0279baf;
    readonly serviceAccountName?: string;
    readonly transport?: {
      readonly service?: Service8eb58067;
      readonly tls?: {
        readonly certificate?: {
          readonly secretName?: string;
        };
        readonly certificateAuthorities?: {
          readonly configMapName?: string;
        };
        readonly otherNameSuffix?: string;
        readonly selfSignedCertificates?: {
          readonly disabled?: boolean;
        };
        readonly subjectAltNames?: readonly {
          readonly dns?: string;
          readonly ip?: string;
        }[];
      };
    };
    readonly updateStrategy?: {
      readonly changeBudget?: {
        readonly maxSurge?: number;
        readonly maxUnavailable?: number;
      };
    };
    readonly version: string;
    readonly volumeClaimDeletePolicy?: 'DeleteOnScaledownOnly' | 'DeleteOnScaledownAndClusterDeletion';
  };
};
