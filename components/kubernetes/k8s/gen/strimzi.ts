// Generated from Maven artifact io.strimzi:api:1.2.0 by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

type Affinity2f6709e5 = {
  readonly nodeAffinity?: NodeAffinity3cf7c744;
  readonly podAffinity?: PodAffinityac78109d;
  readonly podAntiAffinity?: PodAffinityac78109d;
};

type BootstrapServicea3101d9a = {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
  readonly ipFamilies?: readonly ('IPv4' | 'IPv6')[];
};

type ClusterCa549d7a95 = {
  readonly generateCertificateAuthority?: boolean;
  readonly generateSecretOwnerReference?: boolean;
  readonly validityDays?: number;
  readonly renewalDays?: number;
  readonly certificateExpirationPolicy?: 'renew-certificate' | 'replace-key';
};

type ConfigMap124dbcd8 = {
  readonly defaultMode?: number;
  readonly items?: readonly {
    readonly key?: string;
    readonly mode?: number;
    readonly path?: string;
  }[];
  readonly name?: string;
  readonly optional?: boolean;
};

type Csi617921ad = {
  readonly driver?: string;
  readonly fsType?: string;
  readonly nodePublishSecretRef?: {
    readonly name?: string;
  };
  readonly readOnly?: boolean;
  readonly volumeAttributes?: Readonly<Record<string, string>>;
};

type Deployment070febdd = {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly deploymentStrategy?: 'RollingUpdate' | 'Recreate';
};

type DnsConfigd2c452e3 = {
  readonly nameservers?: readonly string[];
  readonly options?: readonly {
    readonly name?: string;
    readonly value?: string;
  }[];
  readonly searches?: readonly string[];
};

type Env9b126ad9 = readonly Envf21be1f6[];

type Envf21be1f6 = {
  readonly name?: string;
  readonly value?: string;
  readonly valueFrom?: ValueFrom7a9ac0d7;
};

type JvmOptionseb148084 = {
  readonly '-XX'?: Readonly<Record<string, string>>;
  readonly '-Xmx'?: string;
  readonly '-Xms'?: string;
  readonly gcLoggingEnabled?: boolean;
  readonly javaSystemProperties?: readonly {
    readonly name?: string;
    readonly value?: string;
  }[];
};

type KafkaContainer551b2383 = {
  readonly env?: Env9b126ad9;
  readonly securityContext?: SecurityContext18f8edeb;
  readonly volumeMounts?: VolumeMountsa534b144;
};

type LivenessProbef0397beb = {
  readonly initialDelaySeconds?: number;
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
};

type Logginge7871571 = {
  readonly loggers?: Readonly<Record<string, string>>;
  readonly type: 'inline' | 'external';
  readonly valueFrom?: {
    readonly configMapKeyRef?: {
      readonly key?: string;
      readonly name?: string;
      readonly optional?: boolean;
    };
  };
};

type MetricsConfig9a2bf7a1 = {
  readonly type: 'jmxPrometheusExporter' | 'strimziMetricsReporter';
  readonly valueFrom?: {
    readonly configMapKeyRef?: {
      readonly key?: string;
      readonly name?: string;
      readonly optional?: boolean;
    };
  };
  readonly values?: {
    readonly allowList?: readonly string[];
  };
};

type NamespaceSelectorbe7cf6b4 = {
  readonly matchExpressions?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly values?: readonly string[];
  }[];
  readonly matchLabels?: Readonly<Record<string, string>>;
};

type NodeAffinity3cf7c744 = {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredDuringSchedulingIgnoredDuringExecution8eef3b17;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: RequiredDuringSchedulingIgnoredDuringExecution23103026;
};

type NodeSelectorTerms07673ece = readonly Preference554d41c7[];

type Pod1541a6fd = {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly imagePullSecrets?: readonly {
    readonly name?: string;
  }[];
  readonly securityContext?: SecurityContext6cbca952;
  readonly terminationGracePeriodSeconds?: number;
  readonly affinity?: Affinity2f6709e5;
  readonly tolerations?: readonly {
    readonly effect?: string;
    readonly key?: string;
    readonly operator?: string;
    readonly tolerationSeconds?: number;
    readonly value?: string;
  }[];
  readonly topologySpreadConstraints?: TopologySpreadConstraints9ef52ce8;
  readonly priorityClassName?: string;
  readonly schedulerName?: string;
  readonly hostAliases?: readonly {
    readonly hostnames?: readonly string[];
    readonly ip?: string;
  }[];
  readonly dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  readonly dnsConfig?: DnsConfigd2c452e3;
  readonly enableServiceLinks?: boolean;
  readonly tmpDirSizeLimit?: string;
  readonly volumes?: Volumes5d81ad5f;
  readonly hostUsers?: boolean;
};

type Podb1078909 = {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly imagePullSecrets?: readonly {
    readonly name?: string;
  }[];
  readonly securityContext?: SecurityContext6cbca952;
  readonly terminationGracePeriodSeconds?: number;
  readonly affinity?: Affinity2f6709e5;
  readonly tolerations?: readonly {
    readonly effect?: string;
    readonly key?: string;
    readonly operator?: string;
    readonly tolerationSeconds?: number;
    readonly value?: string;
  }[];
  readonly topologySpreadConstraints?: TopologySpreadConstraints9ef52ce8;
  readonly priorityClassName?: string;
  readonly schedulerName?: string;
  readonly hostAliases?: readonly {
    readonly hostnames?: readonly string[];
    readonly ip?: string;
  }[];
  readonly dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  readonly dnsConfig?: DnsConfigd2c452e3;
  readonly enableServiceLinks?: boolean;
  readonly tmpDirSizeLimit?: string;
  readonly volumes?: Volumes5d81ad5f;
  readonly templatedVolumes?: TemplatedVolumesab17e3eb;
  readonly hostUsers?: boolean;
};

type PodAffinityac78109d = {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredDuringSchedulingIgnoredDuringExecutiond10c1aec;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: RequiredDuringSchedulingIgnoredDuringExecutionc794b3ef;
};

type PodAffinityTerm83760049 = {
  readonly labelSelector?: NamespaceSelectorbe7cf6b4;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
  readonly namespaceSelector?: NamespaceSelectorbe7cf6b4;
  readonly namespaces?: readonly string[];
  readonly topologyKey?: string;
};

type PodDisruptionBudget7d11731d = {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly maxUnavailable?: number;
};

type Preference554d41c7 = {
  readonly matchExpressions?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly values?: readonly string[];
  }[];
  readonly matchFields?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly values?: readonly string[];
  }[];
};

type PreferredDuringSchedulingIgnoredDuringExecution8eef3b17 = readonly PreferredDuringSchedulingIgnoredDuringExecutionb7a924d9[];

type PreferredDuringSchedulingIgnoredDuringExecution9b7e14cf = {
  readonly podAffinityTerm?: PodAffinityTerm83760049;
  readonly weight?: number;
};

type PreferredDuringSchedulingIgnoredDuringExecutionb7a924d9 = {
  readonly preference?: Preference554d41c7;
  readonly weight?: number;
};

type PreferredDuringSchedulingIgnoredDuringExecutiond10c1aec = readonly PreferredDuringSchedulingIgnoredDuringExecution9b7e14cf[];

type RequiredDuringSchedulingIgnoredDuringExecution23103026 = {
  readonly nodeSelectorTerms?: NodeSelectorTerms07673ece;
};

type RequiredDuringSchedulingIgnoredDuringExecutionc794b3ef = readonly PodAffinityTerm83760049[];

type Resourcesc86bb4f8 = {
  readonly claims?: readonly {
    readonly name?: string;
    readonly request?: string;
  }[];
  readonly limits?: Readonly<Record<string, number | string>>;
  readonly requests?: Readonly<Record<string, number | string>>;
};

type Secret0764fb0d = {
  readonly defaultMode?: number;
  readonly items?: readonly {
    readonly key?: string;
    readonly mode?: number;
    readonly path?: string;
  }[];
  readonly optional?: boolean;
  readonly secretName?: string;
};

type SecurityContext18f8edeb = {
  readonly allowPrivilegeEscalation?: boolean;
  readonly appArmorProfile?: {
    readonly localhostProfile?: string;
    readonly type?: string;
  };
  readonly capabilities?: {
    readonly add?: readonly string[];
    readonly drop?: readonly string[];
  };
  readonly privileged?: boolean;
  readonly procMount?: string;
  readonly readOnlyRootFilesystem?: boolean;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seLinuxOptions?: {
    readonly level?: string;
    readonly role?: string;
    readonly type?: string;
    readonly user?: string;
  };
  readonly seccompProfile?: {
    readonly localhostProfile?: string;
    readonly type?: string;
  };
  readonly windowsOptions?: {
    readonly gmsaCredentialSpec?: string;
    readonly gmsaCredentialSpecName?: string;
    readonly hostProcess?: boolean;
    readonly runAsUserName?: string;
  };
};

type SecurityContext6cbca952 = {
  readonly appArmorProfile?: {
    readonly localhostProfile?: string;
    readonly type?: string;
  };
  readonly fsGroup?: number;
  readonly fsGroupChangePolicy?: string;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seLinuxChangePolicy?: string;
  readonly seLinuxOptions?: {
    readonly level?: string;
    readonly role?: string;
    readonly type?: string;
    readonly user?: string;
  };
  readonly seccompProfile?: {
    readonly localhostProfile?: string;
    readonly type?: string;
  };
  readonly supplementalGroups?: readonly number[];
  readonly supplementalGroupsPolicy?: string;
  readonly sysctls?: readonly {
    readonly name?: string;
    readonly value?: string;
  }[];
  readonly windowsOptions?: {
    readonly gmsaCredentialSpec?: string;
    readonly gmsaCredentialSpecName?: string;
    readonly hostProcess?: boolean;
    readonly runAsUserName?: string;
  };
};

type TemplatedVolumesab17e3eb = readonly TemplatedVolumesb6d44ab0[];

type TemplatedVolumesb6d44ab0 = {
  readonly name?: string;
  readonly secret?: Secret0764fb0d;
  readonly configMap?: ConfigMap124dbcd8;
  readonly persistentVolumeClaim?: {
    readonly claimName?: string;
    readonly readOnly?: boolean;
  };
};

type TopologySpreadConstraints9dc36280 = {
  readonly labelSelector?: NamespaceSelectorbe7cf6b4;
  readonly matchLabelKeys?: readonly string[];
  readonly maxSkew?: number;
  readonly minDomains?: number;
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
  readonly topologyKey?: string;
  readonly whenUnsatisfiable?: string;
};

type TopologySpreadConstraints9ef52ce8 = readonly TopologySpreadConstraints9dc36280[];

type ValueFrom7a9ac0d7 = {
  readonly secretKeyRef?: {
    readonly key?: string;
    readonly name?: string;
    readonly optional?: boolean;
  };
  readonly configMapKeyRef?: {
    readonly key?: string;
    readonly name?: string;
    readonly optional?: boolean;
  };
};

type VolumeMountsa534b144 = readonly {
  readonly mountPath?: string;
  readonly mountPropagation?: string;
  readonly name?: string;
  readonly readOnly?: boolean;
  readonly recursiveReadOnly?: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
}[];

type Volumes535251e9 = {
  readonly name?: string;
  readonly secret?: Secret0764fb0d;
  readonly configMap?: ConfigMap124dbcd8;
  readonly emptyDir?: {
    readonly medium?: 'Memory';
    readonly sizeLimit?: string;
  };
  readonly persistentVolumeClaim?: {
    readonly claimName?: string;
    readonly readOnly?: boolean;
  };
  readonly csi?: Csi617921ad;
  readonly image?: {
    readonly pullPolicy?: string;
    readonly reference?: string;
  };
};

type Volumes5d81ad5f = readonly Volumes535251e9[];

export type Kafka = {
  readonly apiVersion: 'kafka.strimzi.io/v1';
  readonly kind: 'Kafka';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly kafka: {
      readonly version?: string;
      readonly metadataVersion?: string;
      readonly image?: string;
      readonly listeners: readonly ({
        readonly name: string;
        readonly port: number;
        readonly type: 'internal' | 'route' | 'tlsroute' | 'loadbalancer' | 'nodeport' | 'ingress' | 'cluster-ip';
        readonly tls: boolean;
        readonly authentication?: {
          readonly listenerConfig?: Readonly<Record<string, unknown>>;
          readonly sasl?: boolean;
          readonly type: 'tls' | 'scram-sha-512' | 'custom';
        };
        readonly configuration?: {
          readonly brokerCertChainAndKey?: {
            readonly secretName: string;
            readonly certificate: string;
            readonly key: string;
          };
          readonly class?: string;
          readonly externalTrafficPolicy?: 'Local' | 'Cluster';
          readonly loadBalancerSourceRanges?: readonly string[];
          readonly bootstrap?: {
            readonly alternativeNames?: readonly string[];
            readonly host?: string;
            readonly nodePort?: number;
            readonly loadBalancerIP?: string;
            readonly annotations?: Readonly<Record<string, string>>;
            readonly labels?: Readonly<Record<string, string>>;
            readonly externalIPs?: readonly string[];
          };
          readonly brokers?: readonly {
            readonly broker: number;
            readonly advertisedHost?: string;
            readonly advertisedPort?: number;
            readonly host?: string;
            readonly nodePort?: number;
            readonly loadBalancerIP?: string;
            readonly annotations?: Readonly<Record<string, string>>;
            readonly labels?: Readonly<Record<string, string>>;
            readonly externalIPs?: readonly string[];
          }[];
          readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
          readonly ipFamilies?: readonly ('IPv4' | 'IPv6')[];
          readonly createBootstrapService?: boolean;
          readonly finalizers?: readonly string[];
          readonly useServiceDnsDomain?: boolean;
          readonly maxConnections?: number;
          readonly maxConnectionCreationRate?: number;
          readonly preferredNodePortAddressType?: 'ExternalIP' | 'ExternalDNS' | 'InternalIP' | 'InternalDNS' | 'Hostname';
          readonly publishNotReadyAddresses?: boolean;
          readonly perBrokerAnnotationsTemplate?: Readonly<Record<string, string>>;
          readonly perBrokerLabelsTemplate?: Readonly<Record<string, string>>;
          readonly hostTemplate?: string;
          readonly advertisedHostTemplate?: string;
          readonly advertisedPortTemplate?: string;
          readonly allocateLoadBalancerNodePorts?: boolean;
          readonly parentRefs?: readonly {
            readonly kind?: string;
            readonly group?: string;
            readonly name?: string;
            readonly namespace?: string;
            readonly port?: number;
            readonly sectionName?: string;
          }[];
        };
        readonly networkPolicyPeers?: readonly {
          readonly ipBlock?: {
            readonly cidr?: string;
            readonly except?: readonly string[];
          };
          readonly namespaceSelector?: NamespaceSelectorbe7cf6b4;
          readonly podSelector?: NamespaceSelectorbe7cf6b4;
        }[];
      })[];
      readonly config?: Readonly<Record<string, unknown>>;
      readonly authorization?: {
        readonly authorizerClass?: string;
        readonly superUsers?: readonly string[];
        readonly supportsAdminApi?: boolean;
        readonly type: 'simple' | 'custom';
      };
      readonly rack?: {
        readonly envVarName?: string;
        readonly topologyKey?: string;
        readonly type?: 'topology-label' | 'environment-variable';
      };
      readonly brokerRackInitImage?: string;
      readonly livenessProbe?: LivenessProbef0397beb;
      readonly readinessProbe?: LivenessProbef0397beb;
      readonly jvmOptions?: JvmOptionseb148084;
      readonly jmxOptions?: {
        readonly authentication?: {
          readonly type: 'password';
        };
      };
      readonly metricsConfig?: MetricsConfig9a2bf7a1;
      readonly logging?: Logginge7871571;
      readonly template?: {
        readonly pod?: Podb1078909;
        readonly bootstrapService?: BootstrapServicea3101d9a;
        readonly brokersService?: BootstrapServicea3101d9a;
        readonly externalBootstrapService?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly perPodService?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly externalBootstrapRoute?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly perPodRoute?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly externalBootstrapIngress?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly perPodIngress?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly persistentVolumeClaim?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly podDisruptionBudget?: PodDisruptionBudget7d11731d;
        readonly kafkaContainer?: KafkaContainer551b2383;
        readonly initContainer?: KafkaContainer551b2383;
        readonly clusterCaCert?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly serviceAccount?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly jmxSecret?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly clusterRoleBinding?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly podSet?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
      };
      readonly tieredStorage?: {
        readonly remoteStorageManager?: {
          readonly className?: string;
          readonly classPath?: string;
          readonly config?: Readonly<Record<string, string>>;
        };
        readonly type: 'custom';
      };
      readonly quotas?: {
        readonly consumerByteRate?: number;
        readonly controllerMutationRate?: number;
        readonly excludedPrincipals?: readonly string[];
        readonly minAvailableBytesPerVolume?: number;
        readonly minAvailableRatioPerVolume?: number;
        readonly producerByteRate?: number;
        readonly requestPercentage?: number;
        readonly type: 'kafka' | 'strimzi';
      };
    };
    readonly entityOperator?: {
      readonly topicOperator?: {
        readonly watchedNamespace?: string;
        readonly image?: string;
        readonly reconciliationIntervalMs?: number;
        readonly startupProbe?: LivenessProbef0397beb;
        readonly livenessProbe?: LivenessProbef0397beb;
        readonly readinessProbe?: LivenessProbef0397beb;
        readonly resources?: Resourcesc86bb4f8;
        readonly logging?: Logginge7871571;
        readonly jvmOptions?: JvmOptionseb148084;
      };
      readonly userOperator?: {
        readonly watchedNamespace?: string;
        readonly image?: string;
        readonly reconciliationIntervalMs?: number;
        readonly secretPrefix?: string;
        readonly livenessProbe?: LivenessProbef0397beb;
        readonly readinessProbe?: LivenessProbef0397beb;
        readonly resources?: Resourcesc86bb4f8;
        readonly logging?: Logginge7871571;
        readonly jvmOptions?: JvmOptionseb148084;
      };
      readonly template?: {
        readonly deployment?: Deployment070febdd;
        readonly pod?: Pod1541a6fd;
        readonly topicOperatorContainer?: KafkaContainer551b2383;
        readonly userOperatorContainer?: KafkaContainer551b2383;
        readonly serviceAccount?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly podDisruptionBudget?: PodDisruptionBudget7d11731d;
        readonly entityOperatorRole?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly topicOperatorRoleBinding?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly userOperatorRoleBinding?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
      };
    };
    readonly clusterCa?: ClusterCa549d7a95;
    readonly clientsCa?: ClusterCa549d7a95;
    readonly cruiseControl?: {
      readonly image?: string;
      readonly resources?: Resourcesc86bb4f8;
      readonly livenessProbe?: LivenessProbef0397beb;
      readonly readinessProbe?: LivenessProbef0397beb;
      readonly jvmOptions?: JvmOptionseb148084;
      readonly logging?: Logginge7871571;
      readonly template?: {
        readonly deployment?: Deployment070febdd;
        readonly pod?: Pod1541a6fd;
        readonly apiService?: BootstrapServicea3101d9a;
        readonly podDisruptionBudget?: PodDisruptionBudget7d11731d;
        readonly cruiseControlContainer?: KafkaContainer551b2383;
        readonly serviceAccount?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
      };
      readonly brokerCapacity?: {
        readonly cpu?: string;
        readonly inboundNetwork?: string;
        readonly outboundNetwork?: string;
        readonly overrides?: readonly {
          readonly brokers: readonly number[];
          readonly cpu?: string;
          readonly inboundNetwork?: string;
          readonly outboundNetwork?: string;
        }[];
      };
      readonly config?: Readonly<Record<string, unknown>>;
      readonly metricsConfig?: MetricsConfig9a2bf7a1;
      readonly apiUsers?: {
        readonly type: 'hashLoginService';
        readonly valueFrom: {
          readonly secretKeyRef?: {
            readonly key?: string;
            readonly name?: string;
            readonly optional?: boolean;
          };
        };
      };
      readonly autoRebalance?: readonly ({
        readonly mode: 'add-brokers' | 'remove-brokers';
        readonly template?: {
          readonly name?: string;
        };
      })[];
    };
    readonly kafkaExporter?: {
      readonly image?: string;
      readonly groupRegex?: string;
      readonly topicRegex?: string;
      readonly groupExcludeRegex?: string;
      readonly topicExcludeRegex?: string;
      readonly resources?: Resourcesc86bb4f8;
      readonly logging?: string;
      readonly livenessProbe?: LivenessProbef0397beb;
      readonly readinessProbe?: LivenessProbef0397beb;
      readonly enableSaramaLogging?: boolean;
      readonly showAllOffsets?: boolean;
      readonly template?: {
        readonly deployment?: Deployment070febdd;
        readonly pod?: Pod1541a6fd;
        readonly container?: KafkaContainer551b2383;
        readonly serviceAccount?: {
          readonly metadata?: {
            readonly labels?: Readonly<Record<string, string>>;
            readonly annotations?: Readonly<Record<string, string>>;
          };
        };
        readonly podDisruptionBudget?: PodDisruptionBudget7d11731d;
      };
    };
    readonly maintenanceTimeWindows?: readonly string[];
  };
};

export type KafkaNodePool = {
  readonly apiVersion: 'kafka.strimzi.io/v1';
  readonly kind: 'KafkaNodePool';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly replicas: number;
    readonly storage: {
      readonly class?: string;
      readonly deleteClaim?: boolean;
      readonly id?: number;
      readonly kraftMetadata?: 'shared';
      readonly selector?: Readonly<Record<string, string>>;
      readonly size?: string;
      readonly sizeLimit?: string;
      readonly type: 'ephemeral' | 'persistent-claim' | 'jbod';
      readonly volumeAttributesClass?: string;
      readonly volumes?: readonly ({
        readonly class?: string;
        readonly deleteClaim?: boolean;
        readonly id?: number;
        readonly kraftMetadata?: 'shared';
        readonly selector?: Readonly<Record<string, string>>;
        readonly size?: string;
        readonly sizeLimit?: string;
        readonly type: 'ephemeral' | 'persistent-claim';
        readonly volumeAttributesClass?: string;
      })[];
    };
    readonly roles: readonly ('controller' | 'broker')[];
    readonly resources?: Resourcesc86bb4f8;
    readonly jvmOptions?: JvmOptionseb148084;
    readonly template?: {
      readonly podSet?: {
        readonly metadata?: {
          readonly labels?: Readonly<Record<string, string>>;
          readonly annotations?: Readonly<Record<string, string>>;
        };
      };
      readonly pod?: Podb1078909;
      readonly perPodService?: {
        readonly metadata?: {
          readonly labels?: Readonly<Record<string, string>>;
          readonly annotations?: Readonly<Record<string, string>>;
        };
      };
      readonly perPodRoute?: {
        readonly metadata?: {
          readonly labels?: Readonly<Record<string, string>>;
          readonly annotations?: Readonly<Record<string, string>>;
        };
      };
      readonly perPodIngress?: {
        readonly metadata?: {
          readonly labels?: Readonly<Record<string, string>>;
          readonly annotations?: Readonly<Record<string, string>>;
        };
      };
      readonly persistentVolumeClaim?: {
        readonly metadata?: {
          readonly labels?: Readonly<Record<string, string>>;
          readonly annotations?: Readonly<Record<string, string>>;
        };
      };
      readonly kafkaContainer?: KafkaContainer551b2383;
      readonly initContainer?: KafkaContainer551b2383;
    };
  };
};

export type KafkaTopic = {
  readonly apiVersion: 'kafka.strimzi.io/v1';
  readonly kind: 'KafkaTopic';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly topicName?: string;
    readonly partitions?: number;
    readonly replicas?: number;
    readonly config?: Readonly<Record<string, unknown>>;
  };
};

export type KafkaUser = {
  readonly apiVersion: 'kafka.strimzi.io/v1';
  readonly kind: 'KafkaUser';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly authentication?: {
      readonly password?: {
        readonly valueFrom: {
          readonly secretKeyRef?: {
            readonly key?: string;
            readonly name?: string;
            readonly optional?: boolean;
          };
        };
      };
      readonly renewalDays?: number;
      readonly type: 'tls' | 'tls-external' | 'scram-sha-512';
      readonly validityDays?: number;
    };
    readonly authorization?: {
      readonly acls: readonly ({
        readonly type?: 'allow' | 'deny';
        readonly resource: {
          readonly name?: string;
          readonly patternType?: 'literal' | 'prefix';
          readonly type: 'topic' | 'group' | 'cluster' | 'transactionalId';
        };
        readonly host?: string;
        readonly operations: readonly ('Read' | 'Write' | 'Create' | 'Delete' | 'Alter' | 'Describe' | 'ClusterAction' | 'AlterConfigs' | 'DescribeConfigs' | 'IdempotentWrite' | 'All')[];
      })[];
      readonly type: 'simple';
    };
    readonly quotas?: {
      readonly producerByteRate?: number;
      readonly consumerByteRate?: number;
      readonly requestPercentage?: number;
      readonly controllerMutationRate?: number;
    };
    readonly template?: {
      readonly secret?: {
        readonly metadata?: {
          readonly labels?: Readonly<Record<string, string>>;
          readonly annotations?: Readonly<Record<string, string>>;
        };
      };
    };
  };
};
