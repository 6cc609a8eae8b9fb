// Generated from Go module github.com/cloudnative-pg/cloudnative-pg v1.30.1 by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

type AdditionalPodAffinity4efe19c1 = {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredDuringSchedulingIgnoredDuringExecution568aa0ae;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: RequiredDuringSchedulingIgnoredDuringExecution0d017861;
};

type AzureCredentialsb7e3f231 = {
  readonly connectionString?: {
    readonly key: string;
    readonly name: string;
  };
  readonly inheritFromAzureAD?: boolean;
  readonly storageAccount?: {
    readonly key: string;
    readonly name: string;
  };
  readonly storageKey?: {
    readonly key: string;
    readonly name: string;
  };
  readonly storageSasToken?: {
    readonly key: string;
    readonly name: string;
  };
  readonly useDefaultAzureCredentials?: boolean;
};

type BarmanObjectStore30ed3aa9 = {
  readonly azureCredentials?: AzureCredentialsb7e3f231;
  readonly data?: Data5b7df7de;
  readonly destinationPath: string;
  readonly endpointCA?: {
    readonly key: string;
    readonly name: string;
  };
  readonly endpointURL?: string;
  readonly googleCredentials?: {
    readonly applicationCredentials?: {
      readonly key: string;
      readonly name: string;
    };
    readonly gkeEnvironment?: boolean;
  };
  readonly historyTags?: Readonly<Record<string, string>>;
  readonly s3Credentials?: S3Credentials8ffed9f1;
  readonly serverName?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly wal?: Wal6ea5549d;
};

type ClusterTrustBundlee6f9d853 = {
  readonly labelSelector?: LabelSelectore2d022d7;
  readonly name?: string;
  readonly optional?: boolean;
  readonly path: string;
  readonly signerName?: string;
  readonly user?: number;
};

type ConfigMap19149b24 = {
  readonly items?: readonly {
    readonly key: string;
    readonly mode?: number;
    readonly path: string;
    readonly user?: number;
  }[];
  readonly name?: string;
  readonly optional?: boolean;
};

type Containers1a3ec781 = {
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: Envdef169ca;
  readonly envFrom?: EnvFrom4ab0088d;
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly lifecycle?: Lifecycle28fc6a46;
  readonly livenessProbe?: LivenessProbe295aa531;
  readonly name: string;
  readonly ports?: readonly {
    readonly containerPort: number;
    readonly hostIP?: string;
    readonly hostPort?: number;
    readonly name?: string;
    readonly protocol?: string;
  }[];
  readonly readinessProbe?: LivenessProbe295aa531;
  readonly resizePolicy?: readonly {
    readonly resourceName: string;
    readonly restartPolicy: string;
  }[];
  readonly resources?: Resources90234427;
  readonly restartPolicy?: string;
  readonly restartPolicyRules?: RestartPolicyRules9d83e244;
  readonly securityContext?: SecurityContextaf3d2b58;
  readonly startupProbe?: LivenessProbe295aa531;
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly terminationMessagePath?: string;
  readonly terminationMessagePolicy?: string;
  readonly tty?: boolean;
  readonly volumeDevices?: readonly {
    readonly devicePath: string;
    readonly name: string;
  }[];
  readonly volumeMounts?: VolumeMounts4ca6b217;
  readonly workingDir?: string;
};

type Containers83c66e4c = readonly Containers1a3ec781[];

type Data5b7df7de = {
  readonly additionalCommandArgs?: readonly string[];
  readonly compression?: 'bzip2' | 'gzip' | 'lz4' | 'snappy';
  readonly encryption?: 'AES256' | 'aws:kms';
  readonly immediateCheckpoint?: boolean;
  readonly jobs?: number;
  readonly restoreAdditionalCommandArgs?: readonly string[];
};

type DownwardAPId3f26b30 = {
  readonly items?: Itemsf81ddb40;
};

type Env9cafd5a3 = {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: ValueFrom79826dd7;
};

type Envdef169ca = readonly Env9cafd5a3[];

type EnvFrom01ea5011 = {
  readonly configMapRef?: {
    readonly name?: string;
    readonly optional?: boolean;
  };
  readonly prefix?: string;
  readonly secretRef?: {
    readonly name?: string;
    readonly optional?: boolean;
  };
};

type EnvFrom4ab0088d = readonly EnvFrom01ea5011[];

type EphemeralVolumeSourcef403d677 = {
  readonly volumeClaimTemplate?: VolumeClaimTemplate1dc203e3;
};

type HttpGetd26ff9c5 = {
  readonly host?: string;
  readonly httpHeaders?: readonly {
    readonly name: string;
    readonly value: string;
  }[];
  readonly path?: string;
  readonly port: number | string;
  readonly protocol?: string;
  readonly scheme?: string;
};

type Items0397a2e0 = {
  readonly fieldRef?: {
    readonly apiVersion?: string;
    readonly fieldPath: string;
  };
  readonly mode?: number;
  readonly path: string;
  readonly resourceFieldRef?: ResourceFieldRef7127b5c1;
  readonly user?: number;
};

type Itemsf81ddb40 = readonly Items0397a2e0[];

type LabelSelectore2d022d7 = {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
  readonly matchLabels?: Readonly<Record<string, string>>;
};

type Lifecycle28fc6a46 = {
  readonly postStart?: PostStartcbfd920f;
  readonly preStop?: PostStartcbfd920f;
  readonly stopSignal?: string;
};

type LivenessProbe295aa531 = {
  readonly exec?: {
    readonly command?: readonly string[];
  };
  readonly failureThreshold?: number;
  readonly grpc?: {
    readonly mode?: string;
    readonly port: number;
    readonly service?: string;
  };
  readonly httpGet?: HttpGetd26ff9c5;
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly successThreshold?: number;
  readonly tcpSocket?: {
    readonly host?: string;
    readonly port: number | string;
  };
  readonly terminationGracePeriodSeconds?: number;
  readonly timeoutSeconds?: number;
};

type NodeAffinitya09e2c82 = {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredDuringSchedulingIgnoredDuringExecution1262da42;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: RequiredDuringSchedulingIgnoredDuringExecution2ec8ca6b;
};

type NodeSelectorTerms22d3b8c9 = readonly Preferencef113c37c[];

type PodAffinityTerm66f0a644 = {
  readonly labelSelector?: LabelSelectore2d022d7;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
  readonly namespaceSelector?: LabelSelectore2d022d7;
  readonly namespaces?: readonly string[];
  readonly topologyKey: string;
};

type PodCertificateac882950 = {
  readonly certificateChainPath?: string;
  readonly credentialBundlePath?: string;
  readonly keyPath?: string;
  readonly keyType: string;
  readonly maxExpirationSeconds?: number;
  readonly signerName: string;
  readonly user?: number;
  readonly userAnnotations?: Readonly<Record<string, string>>;
};

type PodMonitorMetricRelabelings90bbf0bb = readonly PodMonitorMetricRelabelingsefaeb13d[];

type PodMonitorMetricRelabelingsefaeb13d = {
  readonly action?: 'replace' | 'Replace' | 'keep' | 'Keep' | 'drop' | 'Drop' | 'hashmod' | 'HashMod' | 'labelmap' | 'LabelMap' | 'labeldrop' | 'LabelDrop' | 'labelkeep' | 'LabelKeep' | 'lowercase' | 'Lowercase' | 'uppercase' | 'Uppercase' | 'keepequal' | 'KeepEqual' | 'dropequal' | 'DropEqual';
  readonly modulus?: number;
  readonly regex?: string;
  readonly replacement?: string;
  readonly separator?: string;
  readonly sourceLabels?: readonly string[];
  readonly targetLabel?: string;
};

type PodSecurityContext92959978 = {
  readonly appArmorProfile?: {
    readonly localhostProfile?: string;
    readonly type: string;
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
    readonly type: string;
  };
  readonly supplementalGroups?: readonly number[];
  readonly supplementalGroupsPolicy?: string;
  readonly sysctls?: readonly {
    readonly name: string;
    readonly value: string;
  }[];
  readonly windowsOptions?: {
    readonly gmsaCredentialSpec?: string;
    readonly gmsaCredentialSpecName?: string;
    readonly hostProcess?: boolean;
    readonly runAsUserName?: string;
  };
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

type PostInitApplicationSQLRefs8decee83 = {
  readonly configMapRefs?: readonly {
    readonly key: string;
    readonly name: string;
  }[];
  readonly secretRefs?: readonly {
    readonly key: string;
    readonly name: string;
  }[];
};

type PostStartcbfd920f = {
  readonly exec?: {
    readonly command?: readonly string[];
  };
  readonly httpGet?: HttpGetd26ff9c5;
  readonly sleep?: {
    readonly seconds: number;
  };
  readonly tcpSocket?: {
    readonly host?: string;
    readonly port: number | string;
  };
};

type Preferencef113c37c = {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
  readonly matchFields?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
};

type PreferredDuringSchedulingIgnoredDuringExecution1262da42 = readonly PreferredDuringSchedulingIgnoredDuringExecution242bdd84[];

type PreferredDuringSchedulingIgnoredDuringExecution242bdd84 = {
  readonly preference: Preferencef113c37c;
  readonly weight: number;
};

type PreferredDuringSchedulingIgnoredDuringExecution568aa0ae = readonly PreferredDuringSchedulingIgnoredDuringExecution7757314b[];

type PreferredDuringSchedulingIgnoredDuringExecution7757314b = {
  readonly podAffinityTerm: PodAffinityTerm66f0a644;
  readonly weight: number;
};

type ProjectedVolumeTemplate69594728 = {
  readonly defaultMode?: number;
  readonly defaultUser?: number;
  readonly sources?: Sourcesd45792df;
};

type Readiness12f7085a = {
  readonly failureThreshold?: number;
  readonly initialDelaySeconds?: number;
  readonly maximumLag?: number | string;
  readonly periodSeconds?: number;
  readonly successThreshold?: number;
  readonly terminationGracePeriodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly type?: 'pg_isready' | 'streaming' | 'query';
};

type RequiredDuringSchedulingIgnoredDuringExecution0d017861 = readonly PodAffinityTerm66f0a644[];

type RequiredDuringSchedulingIgnoredDuringExecution2ec8ca6b = {
  readonly nodeSelectorTerms: NodeSelectorTerms22d3b8c9;
};

type ResourceFieldRef7127b5c1 = {
  readonly containerName?: string;
  readonly divisor?: number | string;
  readonly resource: string;
};

type Resources90234427 = {
  readonly claims?: readonly {
    readonly name: string;
    readonly request?: string;
  }[];
  readonly limits?: Readonly<Record<string, number | string>>;
  readonly requests?: Readonly<Record<string, number | string>>;
};

type Resourcesa92e2a39 = {
  readonly limits?: Readonly<Record<string, number | string>>;
  readonly requests?: Readonly<Record<string, number | string>>;
};

type RestartPolicyRules9872291f = {
  readonly action: string;
  readonly exitCodes?: {
    readonly operator: string;
    readonly values?: readonly number[];
  };
};

type RestartPolicyRules9d83e244 = readonly RestartPolicyRules9872291f[];

type S3Credentials8ffed9f1 = {
  readonly accessKeyId?: {
    readonly key: string;
    readonly name: string;
  };
  readonly inheritFromIAMRole?: boolean;
  readonly region?: {
    readonly key: string;
    readonly name: string;
  };
  readonly secretAccessKey?: {
    readonly key: string;
    readonly name: string;
  };
  readonly sessionToken?: {
    readonly key: string;
    readonly name: string;
  };
};

type SecurityContextaf3d2b58 = {
  readonly allowPrivilegeEscalation?: boolean;
  readonly appArmorProfile?: {
    readonly localhostProfile?: string;
    readonly type: string;
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
    readonly type: string;
  };
  readonly windowsOptions?: {
    readonly gmsaCredentialSpec?: string;
    readonly gmsaCredentialSpecName?: string;
    readonly hostProcess?: boolean;
    readonly runAsUserName?: string;
  };
};

type ServiceTemplatec23d6349 = {
  readonly metadata?: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly name?: string;
  };
  readonly spec?: Specb6b86796;
};

type Sources3465d3b9 = {
  readonly clusterTrustBundle?: ClusterTrustBundlee6f9d853;
  readonly configMap?: ConfigMap19149b24;
  readonly downwardAPI?: DownwardAPId3f26b30;
  readonly podCertificate?: PodCertificateac882950;
  readonly secret?: ConfigMap19149b24;
  readonly serviceAccountToken?: {
    readonly audience?: string;
    readonly expirationSeconds?: number;
    readonly path: string;
    readonly user?: number;
  };
};

type Sourcesd45792df = readonly Sources3465d3b9[];

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
  readonly selector?: LabelSelectore2d022d7;
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

type Storage4619929c = {
  readonly pvcTemplate?: Speca16d5304;
  readonly resizeInUseVolumes?: boolean;
  readonly size?: string;
  readonly storageClass?: string;
};

type TopologySpreadConstraints3e2f8e18 = {
  readonly labelSelector?: LabelSelectore2d022d7;
  readonly matchLabelKeys?: readonly string[];
  readonly maxSkew: number;
  readonly minDomains?: number;
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
};

type TopologySpreadConstraintsef7e9bc0 = readonly TopologySpreadConstraints3e2f8e18[];

type ValueFrom79826dd7 = {
  readonly configMapKeyRef?: {
    readonly key: string;
    readonly name?: string;
    readonly optional?: boolean;
  };
  readonly fieldRef?: {
    readonly apiVersion?: string;
    readonly fieldPath: string;
  };
  readonly fileKeyRef?: {
    readonly key: string;
    readonly optional?: boolean;
    readonly path: string;
    readonly volumeName: string;
  };
  readonly resourceFieldRef?: ResourceFieldRef7127b5c1;
  readonly secretKeyRef?: {
    readonly key: string;
    readonly name?: string;
    readonly optional?: boolean;
  };
};

type VolumeClaimTemplate1dc203e3 = {
  readonly metadata?: Readonly<Record<string, never>>;
  readonly spec: Speca16d5304;
};

type VolumeMounts3e2e848d = {
  readonly bindMountOptions?: readonly string[];
  readonly mountPath: string;
  readonly mountPropagation?: string;
  readonly name: string;
  readonly readOnly?: boolean;
  readonly recursiveReadOnly?: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
};

type VolumeMounts4ca6b217 = readonly VolumeMounts3e2e848d[];

type Wal6ea5549d = {
  readonly archiveAdditionalCommandArgs?: readonly string[];
  readonly compression?: 'bzip2' | 'gzip' | 'lz4' | 'snappy' | 'xz' | 'zstd';
  readonly encryption?: 'AES256' | 'aws:kms';
  readonly maxParallel?: number;
  readonly restoreAdditionalCommandArgs?: readonly string[];
};

export type Cluster = {
  readonly apiVersion: 'postgresql.cnpg.io/v1';
  readonly kind: 'Cluster';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly affinity?: {
      readonly additionalPodAffinity?: AdditionalPodAffinity4efe19c1;
      readonly additionalPodAntiAffinity?: AdditionalPodAffinity4efe19c1;
      readonly enablePodAntiAffinity?: boolean;
      readonly nodeAffinity?: NodeAffinitya09e2c82;
      readonly nodeSelector?: Readonly<Record<string, string>>;
      readonly podAntiAffinityType?: string;
      readonly tolerations?: readonly {
        readonly effect?: string;
        readonly key?: string;
        readonly operator?: string;
        readonly tolerationSeconds?: number;
        readonly value?: string;
      }[];
      readonly topologyKey?: string;
    };
    readonly backup?: {
      readonly barmanObjectStore?: BarmanObjectStore30ed3aa9;
      readonly retentionPolicy?: string;
      readonly target?: 'primary' | 'prefer-standby';
      readonly volumeSnapshot?: {
        readonly annotations?: Readonly<Record<string, string>>;
        readonly className?: string;
        readonly labels?: Readonly<Record<string, string>>;
        readonly online?: boolean;
        readonly onlineConfiguration?: {
          readonly immediateCheckpoint?: boolean;
          readonly waitForArchive?: boolean;
        };
        readonly snapshotOwnerReference?: 'none' | 'cluster' | 'backup';
        readonly tablespaceClassName?: Readonly<Record<string, string>>;
        readonly walClassName?: string;
      };
    };
    readonly bootstrap?: {
      readonly initdb?: {
        readonly builtinLocale?: string;
        readonly dataChecksums?: boolean;
        readonly database?: string;
        readonly encoding?: string;
        readonly icuLocale?: string;
        readonly icuRules?: string;
        readonly import?: {
          readonly databases: readonly string[];
          readonly pgDumpExtraOptions?: readonly string[];
          readonly pgRestoreDataOptions?: readonly string[];
          readonly pgRestoreExtraOptions?: readonly string[];
          readonly pgRestorePostdataOptions?: readonly string[];
          readonly pgRestorePredataOptions?: readonly string[];
          readonly postImportApplicationSQL?: readonly string[];
          readonly roles?: readonly string[];
          readonly schemaOnly?: boolean;
          readonly source: {
            readonly externalCluster: string;
          };
          readonly type: 'microservice' | 'monolith';
        };
        readonly locale?: string;
        readonly localeCType?: string;
        readonly localeCollate?: string;
        readonly localeProvider?: string;
        readonly options?: readonly string[];
        readonly owner?: string;
        readonly postInitApplicationSQL?: readonly string[];
        readonly postInitApplicationSQLRefs?: PostInitApplicationSQLRefs8decee83;
        readonly postInitSQL?: readonly string[];
        readonly postInitSQLRefs?: PostInitApplicationSQLRefs8decee83;
        readonly postInitTemplateSQL?: readonly string[];
        readonly postInitTemplateSQLRefs?: PostInitApplicationSQLRefs8decee83;
        readonly secret?: {
          readonly name: string;
        };
        readonly walSegmentSize?: number;
      };
      readonly pg_basebackup?: {
        readonly database?: string;
        readonly owner?: string;
        readonly secret?: {
          readonly name: string;
        };
        readonly source: string;
      };
      readonly recovery?: {
        readonly backup?: {
          readonly endpointCA?: {
            readonly key: string;
            readonly name: string;
          };
          readonly name: string;
        };
        readonly database?: string;
        readonly owner?: string;
        readonly recoveryTarget?: {
          readonly backupID?: string;
          readonly exclusive?: boolean;
          readonly targetImmediate?: boolean;
          readonly targetLSN?: string;
          readonly targetName?: string;
          readonly targetTLI?: string;
          readonly targetTime?: string;
          readonly targetXID?: string;
        };
        readonly secret?: {
          readonly name: string;
        };
        readonly source?: string;
        readonly volumeSnapshots?: {
          readonly storage: {
            readonly apiGroup?: string;
            readonly kind: string;
            readonly name: string;
          };
          readonly tablespaceStorage?: Readonly<Record<string, {
            readonly apiGroup?: string;
            readonly kind: string;
            readonly name: string;
          }>>;
          readonly walStorage?: {
            readonly apiGroup?: string;
            readonly kind: string;
            readonly name: string;
          };
        };
      };
    };
    readonly certificates?: {
      readonly clientCASecret?: string;
      readonly replicationTLSSecret?: string;
      readonly serverAltDNSNames?: readonly string[];
      readonly serverCASecret?: string;
      readonly serverTLSSecret?: string;
    };
    readonly description?: string;
    readonly enablePDB?: boolean;
    readonly enableSuperuserAccess?: boolean;
    readonly env?: Envdef169ca;
    readonly envFrom?: EnvFrom4ab0088d;
    readonly ephemeralVolumeSource?: EphemeralVolumeSourcef403d677;
    readonly ephemeralVolumesSizeLimit?: {
      readonly shm?: number | string;
      readonly temporaryData?: number | string;
    };
    readonly externalClusters?: readonly {
      readonly barmanObjectStore?: BarmanObjectStore30ed3aa9;
      readonly connectionParameters?: Readonly<Record<string, string>>;
      readonly name: string;
      readonly password?: {
        readonly key: string;
        readonly name?: string;
        readonly optional?: boolean;
      };
      readonly plugin?: {
        readonly enabled?: boolean;
        readonly isWALArchiver?: boolean;
        readonly name: string;
        readonly parameters?: Readonly<Record<string, string>>;
      };
      readonly sslCert?: {
        readonly key: string;
        readonly name?: string;
        readonly optional?: boolean;
      };
      readonly sslKey?: {
        readonly key: string;
        readonly name?: string;
        readonly optional?: boolean;
      };
      readonly sslRootCert?: {
        readonly key: string;
        readonly name?: string;
        readonly optional?: boolean;
      };
    }[];
    readonly failoverDelay?: number;
    readonly imageCatalogRef?: {
      readonly apiGroup?: string;
      readonly kind: string;
      readonly major: number;
      readonly name: string;
    };
    readonly imageName?: string;
    readonly imagePullPolicy?: string;
    readonly imagePullSecrets?: readonly {
      readonly name: string;
    }[];
    readonly inheritedMetadata?: {
      readonly annotations?: Readonly<Record<string, string>>;
      readonly labels?: Readonly<Record<string, string>>;
    };
    readonly instances?: number;
    readonly livenessProbeTimeout?: number;
    readonly logLevel?: 'error' | 'warning' | 'info' | 'debug' | 'trace';
    readonly managed?: {
      readonly roles?: readonly ({
        readonly bypassrls?: boolean;
        readonly comment?: string;
        readonly connectionLimit?: number;
        readonly createdb?: boolean;
        readonly createrole?: boolean;
        readonly disablePassword?: boolean;
        readonly ensure?: 'present' | 'absent';
        readonly inRoles?: readonly string[];
        readonly inherit?: boolean;
        readonly login?: boolean;
        readonly name: string;
        readonly passwordSecret?: {
          readonly name: string;
        };
        readonly replication?: boolean;
        readonly superuser?: boolean;
        readonly validUntil?: string;
      })[];
      readonly services?: {
        readonly additional?: readonly ({
          readonly selectorType: 'rw' | 'r' | 'ro';
          readonly serviceTemplate: ServiceTemplatec23d6349;
          readonly updateStrategy?: 'patch' | 'replace';
        })[];
        readonly disabledDefaultServices?: readonly ('rw' | 'r' | 'ro')[];
      };
    };
    readonly maxSyncReplicas?: number;
    readonly minSyncReplicas?: number;
    readonly monitoring?: {
      readonly customQueriesConfigMap?: readonly {
        readonly key: string;
        readonly name: string;
      }[];
      readonly customQueriesSecret?: readonly {
        readonly key: string;
        readonly name: string;
      }[];
      readonly disableDefaultQueries?: boolean;
      readonly enablePodMonitor?: boolean;
      readonly metricsQueriesTTL?: string;
      readonly podMonitorMetricRelabelings?: PodMonitorMetricRelabelings90bbf0bb;
      readonly podMonitorRelabelings?: PodMonitorMetricRelabelings90bbf0bb;
      readonly tls?: {
        readonly enabled?: boolean;
      };
    };
    readonly nodeMaintenanceWindow?: {
      readonly inProgress?: boolean;
      readonly reusePVC?: boolean;
    };
    readonly plugins?: readonly {
      readonly enabled?: boolean;
      readonly isWALArchiver?: boolean;
      readonly name: string;
      readonly parameters?: Readonly<Record<string, string>>;
    }[];
    readonly podSecurityContext?: PodSecurityContext92959978;
    readonly podSelectorRefs?: readonly {
      readonly name: string;
      readonly selector: LabelSelectore2d022d7;
    }[];
    readonly postgresGID?: number;
    readonly postgresUID?: number;
    readonly postgresql?: {
      readonly enableAlterSystem?: boolean;
      readonly extensions?: readonly {
        readonly bin_path?: readonly string[];
        readonly dynamic_library_path?: readonly string[];
        readonly env?: readonly {
          readonly name: string;
          readonly value: string;
        }[];
        readonly extension_control_path?: readonly string[];
        readonly image?: {
          readonly pullPolicy?: string;
          readonly reference?: string;
        };
        readonly ld_library_path?: readonly string[];
        readonly name: string;
      }[];
      readonly ldap?: {
        readonly bindAsAuth?: {
          readonly prefix?: string;
          readonly suffix?: string;
        };
        readonly bindSearchAuth?: {
          readonly baseDN?: string;
          readonly bindDN?: string;
          readonly bindPassword?: {
            readonly key: string;
            readonly name?: string;
            readonly optional?: boolean;
          };
          readonly searchAttribute?: string;
          readonly searchFilter?: string;
        };
        readonly port?: number;
        readonly scheme?: 'ldap' | 'ldaps';
        readonly server?: string;
        readonly tls?: boolean;
      };
      readonly parameters?: Readonly<Record<string, string>>;
      readonly pg_hba?: readonly string[];
      readonly pg_ident?: readonly string[];
      readonly promotionTimeout?: number;
      readonly shared_preload_libraries?: readonly string[];
      readonly syncReplicaElectionConstraint?: {
        readonly enabled: boolean;
        readonly nodeLabelsAntiAffinity?: readonly string[];
      };
      readonly synchronous?: {
        readonly dataDurability?: 'required' | 'preferred';
        readonly failoverQuorum?: boolean;
        readonly maxStandbyNamesFromCluster?: number;
        readonly method: 'any' | 'first';
        readonly number: number;
        readonly standbyNamesPost?: readonly string[];
        readonly standbyNamesPre?: readonly string[];
      };
    };
    readonly primaryLease?: {
      readonly leaseDurationSeconds?: number;
      readonly releasedLeaseDurationSeconds?: number;
      readonly renewDeadlineSeconds?: number;
      readonly retryPeriodSeconds?: number;
    };
    readonly primaryUpdateMethod?: 'switchover' | 'restart';
    readonly primaryUpdateStrategy?: 'unsupervised' | 'supervised';
    readonly priorityClassName?: string;
    readonly probes?: {
      readonly liveness?: {
        readonly failureThreshold?: number;
        readonly initialDelaySeconds?: number;
        readonly isolationCheck?: {
          readonly connectionTimeout?: number;
          readonly enabled?: boolean;
          readonly requestTimeout?: number;
        };
        readonly periodSeconds?: number;
        readonly successThreshold?: number;
        readonly terminationGracePeriodSeconds?: number;
        readonly timeoutSeconds?: number;
      };
      readonly readiness?: Readiness12f7085a;
      readonly startup?: Readiness12f7085a;
    };
    readonly projectedVolumeTemplate?: ProjectedVolumeTemplate69594728;
    readonly replica?: {
      readonly enabled?: boolean;
      readonly minApplyDelay?: string;
      readonly primary?: string;
      readonly promotionToken?: string;
      readonly self?: string;
      readonly source: string;
    };
    readonly replicationSlots?: {
      readonly highAvailability?: {
        readonly enabled?: boolean;
        readonly slotPrefix?: string;
        readonly synchronizeLogicalDecoding?: boolean;
      };
      readonly synchronizeReplicas?: {
        readonly enabled?: boolean;
        readonly excludePatterns?: readonly string[];
      };
      readonly updateInterval?: number;
    };
    readonly resources?: Resources90234427;
    readonly schedulerName?: string;
    readonly seccompProfile?: {
      readonly localhostProfile?: string;
      readonly type: string;
    };
    readonly securityContext?: SecurityContextaf3d2b58;
    readonly serviceAccountName?: string;
    readonly serviceAccountTemplate?: {
      readonly metadata: {
        readonly annotations?: Readonly<Record<string, string>>;
        readonly labels?: Readonly<Record<string, string>>;
        readonly name?: string;
      };
    };
    readonly smartShutdownTimeout?: number;
    readonly startDelay?: number;
    readonly stopDelay?: number;
    readonly storage?: Storage4619929c;
    readonly superuserSecret?: {
      readonly name: string;
    };
    readonly switchoverDelay?: number;
    readonly tablespaces?: readonly {
      readonly name: string;
      readonly owner?: {
        readonly name?: string;
      };
      readonly storage: Storage4619929c;
      readonly temporary?: boolean;
    }[];
    readonly topologySpreadConstraints?: TopologySpreadConstraintsef7e9bc0;
    readonly walStorage?: Storage4619929c;
  };
};

export type Database = {
  readonly apiVersion: 'postgresql.cnpg.io/v1';
  readonly kind: 'Database';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly allowConnections?: boolean;
    readonly builtinLocale?: string;
    readonly cluster: {
      readonly name?: string;
    };
    readonly collationVersion?: string;
    readonly connectionLimit?: number;
    readonly databaseReclaimPolicy?: 'delete' | 'retain';
    readonly encoding?: string;
    readonly ensure?: 'present' | 'absent';
    readonly extensions?: readonly ({
      readonly ensure?: 'present' | 'absent';
      readonly name: string;
      readonly schema?: string;
      readonly version?: string;
    })[];
    readonly fdws?: readonly ({
      readonly ensure?: 'present' | 'absent';
      readonly handler?: string;
      readonly name: string;
      readonly options?: readonly ({
        readonly ensure?: 'present' | 'absent';
        readonly name: string;
        readonly value: string;
      })[];
      readonly owner?: string;
      readonly usage?: readonly ({
        readonly name: string;
        readonly type?: 'grant' | 'revoke';
      })[];
      readonly validator?: string;
    })[];
    readonly icuLocale?: string;
    readonly icuRules?: string;
    readonly isTemplate?: boolean;
    readonly locale?: string;
    readonly localeCType?: string;
    readonly localeCollate?: string;
    readonly localeProvider?: string;
    readonly name: string;
    readonly owner: string;
    readonly schemas?: readonly ({
      readonly ensure?: 'present' | 'absent';
      readonly name: string;
      readonly owner?: string;
    })[];
    readonly servers?: readonly ({
      readonly ensure?: 'present' | 'absent';
      readonly fdw: string;
      readonly name: string;
      readonly options?: readonly ({
        readonly ensure?: 'present' | 'absent';
        readonly name: string;
        readonly value: string;
      })[];
      readonly usage?: readonly ({
        readonly name: string;
        readonly type?: 'grant' | 'revoke';
      })[];
    })[];
    readonly tablespace?: string;
    readonly template?: string;
  };
};

export type Pooler = {
  readonly apiVersion: 'postgresql.cnpg.io/v1';
  readonly kind: 'Pooler';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly cluster: {
      readonly name: string;
    };
    readonly deploymentStrategy?: {
      readonly rollingUpdate?: {
        readonly maxSurge?: number | string;
        readonly maxUnavailable?: number | string;
      };
      readonly type?: string;
    };
    readonly instances?: number;
    readonly monitoring?: {
      readonly enablePodMonitor?: boolean;
      readonly podMonitorMetricRelabelings?: PodMonitorMetricRelabelings90bbf0bb;
      readonly podMonitorRelabelings?: PodMonitorMetricRelabelings90bbf0bb;
      readonly tls?: {
        readonly enabled?: boolean;
      };
    };
    readonly pgbouncer: {
      readonly authQuery?: string;
      readonly authQuerySecret?: {
        readonly name: string;
      };
      readonly clientCASecret?: {
        readonly name: string;
      };
      readonly clientTLSSecret?: {
        readonly name: string;
      };
      readonly image?: string;
      readonly imageCatalogRef?: {
        readonly apiGroup?: string;
        readonly key: string;
        readonly kind: string;
        readonly name: string;
      };
      readonly parameters?: Readonly<Record<string, string>>;
      readonly paused?: boolean;
      readonly pg_hba?: readonly string[];
      readonly poolMode?: 'session' | 'transaction';
      readonly serverCASecret?: {
        readonly name: string;
      };
      readonly serverTLSSecret?: {
        readonly name: string;
      };
    };
    readonly serviceAccountName?: string;
    readonly serviceTemplate?: ServiceTemplatec23d6349;
    readonly template?: {
      readonly metadata?: {
        readonly annotations?: Readonly<Record<string, string>>;
        readonly labels?: Readonly<Record<string, string>>;
        readonly name?: string;
      };
      readonly spec?: {
        readonly activeDeadlineSeconds?: number;
        readonly affinity?: {
          readonly nodeAffinity?: NodeAffinitya09e2c82;
          readonly podAffinity?: AdditionalPodAffinity4efe19c1;
          readonly podAntiAffinity?: AdditionalPodAffinity4efe19c1;
        };
        readonly automountServiceAccountToken?: boolean;
        readonly containers: Containers83c66e4c;
        readonly dnsConfig?: {
          readonly nameservers?: readonly string[];
          readonly options?: readonly {
            readonly name?: string;
            readonly value?: string;
          }[];
          readonly searches?: readonly string[];
        };
        readonly dnsPolicy?: string;
        readonly enableServiceLinks?: boolean;
        readonly ephemeralContainers?: readonly {
          readonly args?: readonly string[];
          readonly command?: readonly string[];
          readonly env?: Envdef169ca;
          readonly envFrom?: EnvFrom4ab0088d;
          readonly image?: string;
          readonly imagePullPolicy?: string;
          readonly lifecycle?: Lifecycle28fc6a46;
          readonly livenessProbe?: LivenessProbe295aa531;
          readonly name: string;
          readonly ports?: readonly {
            readonly containerPort: number;
            readonly hostIP?: string;
            readonly hostPort?: number;
            readonly name?: string;
            readonly protocol?: string;
          }[];
          readonly readinessProbe?: LivenessProbe295aa531;
          readonly resizePolicy?: readonly {
            readonly resourceName: string;
            readonly restartPolicy: string;
          }[];
          readonly resources?: Resources90234427;
          readonly restartPolicy?: string;
          readonly restartPolicyRules?: RestartPolicyRules9d83e244;
          readonly securityContext?: SecurityContextaf3d2b58;
          readonly startupProbe?: LivenessProbe295aa531;
          readonly stdin?: boolean;
          readonly stdinOnce?: boolean;
          readonly targetContainerName?: string;
          readonly terminationMessagePath?: string;
          readonly terminationMessagePolicy?: string;
          readonly tty?: boolean;
          readonly volumeDevices?: readonly {
            readonly devicePath: string;
            readonly name: string;
          }[];
          readonly volumeMounts?: VolumeMounts4ca6b217;
          readonly workingDir?: string;
        }[];
        readonly evictionResponders?: readonly {
          readonly name: string;
          readonly priority: number;
        }[];
        readonly hostAliases?: readonly {
          readonly hostnames?: readonly string[];
          readonly ip: string;
        }[];
        readonly hostIPC?: boolean;
        readonly hostNetwork?: boolean;
        readonly hostPID?: boolean;
        readonly hostUsers?: boolean;
        readonly hostname?: string;
        readonly hostnameOverride?: string;
        readonly imagePullSecrets?: readonly {
          readonly name?: string;
        }[];
        readonly initContainers?: Containers83c66e4c;
        readonly nodeName?: string;
        readonly nodeSelector?: Readonly<Record<string, string>>;
        readonly os?: {
          readonly name: string;
        };
        readonly overhead?: Readonly<Record<string, number | string>>;
        readonly preemptionPolicy?: string;
        readonly priority?: number;
        readonly priorityClassName?: string;
        readonly readinessGates?: readonly {
          readonly conditionType: string;
        }[];
        readonly resourceClaims?: readonly {
          readonly name: string;
          readonly resourceClaimName?: string;
          readonly resourceClaimTemplateName?: string;
        }[];
        readonly resources?: Resources90234427;
        readonly restartPolicy?: string;
        readonly runtimeClassName?: string;
        readonly schedulerName?: string;
        readonly schedulingGates?: readonly {
          readonly name: string;
        }[];
        readonly schedulingGroup?: {
          readonly podGroupName?: string;
        };
        readonly securityContext?: PodSecurityContext92959978;
        readonly serviceAccount?: string;
        readonly serviceAccountName?: string;
        readonly setHostnameAsFQDN?: boolean;
        readonly shareProcessNamespace?: boolean;
        readonly subdomain?: string;
        readonly terminationGracePeriodSeconds?: number;
        readonly tolerations?: readonly {
          readonly effect?: string;
          readonly key?: string;
          readonly operator?: string;
          readonly tolerationSeconds?: number;
          readonly value?: string;
        }[];
        readonly topologySpreadConstraints?: TopologySpreadConstraintsef7e9bc0;
        readonly volumes?: readonly ({
          readonly awsElasticBlockStore?: {
            readonly fsType?: string;
            readonly partition?: number;
            readonly readOnly?: boolean;
            readonly volumeID: string;
          };
          readonly azureDisk?: {
            readonly cachingMode?: string;
            readonly diskName: string;
            readonly diskURI: string;
            readonly fsType?: string;
            readonly kind?: string;
            readonly readOnly?: boolean;
          };
          readonly azureFile?: {
            readonly readOnly?: boolean;
            readonly secretName: string;
            readonly shareName: string;
          };
          readonly cephfs?: {
            readonly monitors: readonly string[];
            readonly path?: string;
            readonly readOnly?: boolean;
            readonly secretFile?: string;
            readonly secretRef?: {
              readonly name?: string;
            };
            readonly user?: string;
          };
          readonly cinder?: {
            readonly fsType?: string;
            readonly readOnly?: boolean;
            readonly secretRef?: {
              readonly name?: string;
            };
            readonly volumeID: string;
          };
          readonly configMap?: {
            readonly defaultMode?: number;
            readonly defaultUser?: number;
            readonly items?: readonly {
              readonly key: string;
              readonly mode?: number;
              readonly path: string;
              readonly user?: number;
            }[];
            readonly name?: string;
            readonly optional?: boolean;
          };
          readonly csi?: {
            readonly driver: string;
            readonly fsType?: string;
            readonly nodePublishSecretRef?: {
              readonly name?: string;
            };
            readonly readOnly?: boolean;
            readonly volumeAttributes?: Readonly<Record<string, string>>;
          };
          readonly downwardAPI?: {
            readonly defaultMode?: number;
            readonly defaultUser?: number;
            readonly items?: Itemsf81ddb40;
          };
          readonly emptyDir?: {
            readonly medium?: string;
            readonly mode?: number;
            readonly sizeLimit?: number | string;
          };
          readonly ephemeral?: EphemeralVolumeSourcef403d677;
          readonly fc?: {
            readonly fsType?: string;
            readonly lun?: number;
            readonly readOnly?: boolean;
            readonly targetWWNs?: readonly string[];
            readonly wwids?: readonly string[];
          };
          readonly flexVolume?: {
            readonly driver: string;
            readonly fsType?: string;
            readonly options?: Readonly<Record<string, string>>;
            readonly readOnly?: boolean;
            readonly secretRef?: {
              readonly name?: string;
            };
          };
          readonly flocker?: {
            readonly datasetName?: string;
            readonly datasetUUID?: string;
          };
          readonly gcePersistentDisk?: {
            readonly fsType?: string;
            readonly partition?: number;
            readonly pdName: string;
            readonly readOnly?: boolean;
          };
          readonly gitRepo?: {
            readonly directory?: string;
            readonly repository: string;
            readonly revision?: string;
          };
          readonly glusterfs?: {
            readonly endpoints: string;
            readonly path: string;
            readonly readOnly?: boolean;
          };
          readonly hostPath?: {
            readonly path: string;
            readonly type?: string;
          };
          readonly image?: {
            readonly pullPolicy?: string;
            readonly reference?: string;
          };
          readonly iscsi?: {
            readonly chapAuthDiscovery?: boolean;
            readonly chapAuthSession?: boolean;
            readonly fsType?: string;
            readonly initiatorName?: string;
            readonly iqn: string;
            readonly iscsiInterface?: string;
            readonly lun: number;
            readonly portals?: readonly string[];
            readonly readOnly?: boolean;
            readonly secretRef?: {
              readonly name?: string;
            };
            readonly targetPortal: string;
          };
          readonly name: string;
          readonly nfs?: {
            readonly path: string;
            readonly readOnly?: boolean;
            readonly server: string;
          };
          readonly persistentVolumeClaim?: {
            readonly claimName: string;
            readonly readOnly?: boolean;
          };
          readonly photonPersistentDisk?: {
            readonly fsType?: string;
            readonly pdID: string;
          };
          readonly portworxVolume?: {
            readonly fsType?: string;
            readonly readOnly?: boolean;
            readonly volumeID: string;
          };
          readonly projected?: ProjectedVolumeTemplate69594728;
          readonly quobyte?: {
            readonly group?: string;
            readonly readOnly?: boolean;
            readonly registry: string;
            readonly tenant?: string;
            readonly user?: string;
            readonly volume: string;
          };
          readonly rbd?: {
            readonly fsType?: string;
            readonly image: string;
            readonly keyring?: string;
            readonly monitors: readonly string[];
            readonly pool?: string;
            readonly readOnly?: boolean;
            readonly secretRef?: {
              readonly name?: string;
            };
            readonly user?: string;
          };
          readonly scaleIO?: {
            readonly fsType?: string;
            readonly gateway: string;
            readonly protectionDomain?: string;
            readonly readOnly?: boolean;
            readonly secretRef: {
              readonly name?: string;
            };
            readonly sslEnabled?: boolean;
            readonly storageMode?: string;
            readonly storagePool?: string;
            readonly system: string;
            readonly volumeName?: string;
          };
          readonly secret?: {
            readonly defaultMode?: number;
            readonly defaultUser?: number;
            readonly items?: readonly {
              readonly key: string;
              readonly mode?: number;
              readonly path: string;
              readonly user?: number;
            }[];
            readonly optional?: boolean;
            readonly secretName?: string;
          };
          readonly storageos?: {
            readonly fsType?: string;
            readonly readOnly?: boolean;
            readonly secretRef?: {
              readonly name?: string;
            };
            readonly volumeName?: string;
            readonly volumeNamespace?: string;
          };
          readonly vsphereVolume?: {
            readonly fsType?: string;
            readonly storagePolicyID?: string;
            readonly storagePolicyName?: string;
            readonly volumePath: string;
          };
        })[];
      };
    };
    readonly type?: 'rw' | 'ro' | 'r';
  };
};

export type ScheduledBackup = {
  readonly apiVersion: 'postgresql.cnpg.io/v1';
  readonly kind: 'ScheduledBackup';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly backupOwnerReference?: 'none' | 'self' | 'cluster';
    readonly cluster: {
      readonly name: string;
    };
    readonly immediate?: boolean;
    readonly method?: 'barmanObjectStore' | 'volumeSnapshot' | 'plugin';
    readonly online?: boolean;
    readonly onlineConfiguration?: {
      readonly immediateCheckpoint?: boolean;
      readonly waitForArchive?: boolean;
    };
    readonly pluginConfiguration?: {
      readonly name: string;
      readonly parameters?: Readonly<Record<string, string>>;
    };
    readonly schedule: string;
    readonly suspend?: boolean;
    readonly target?: 'primary' | 'prefer-standby';
  };
};
