// Generated from Go module github.com/argoproj/argo-rollouts v1.10.1 by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

type Affinity4e9b5358 = {
  readonly nodeAffinity?: NodeAffinitya09e2c82;
  readonly podAffinity?: PodAffinity4efe19c1;
  readonly podAntiAffinity?: PodAffinity4efe19c1;
};

type AntiAffinitya3bc95bd = {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: {
    readonly weight: number;
  };
  readonly requiredDuringSchedulingIgnoredDuringExecution?: Readonly<Record<string, never>>;
};

type Args9b7af4af = readonly Argsf1bcf099[];

type Argsf1bcf099 = {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: {
      readonly fieldPath: string;
    };
    readonly podTemplateHashValue?: string;
  };
};

type Authentication0adb9d8a = {
  readonly oauth2?: {
    readonly clientId?: string;
    readonly clientSecret?: string;
    readonly scopes?: readonly string[];
    readonly tokenUrl?: string;
  };
  readonly sigv4?: {
    readonly profile?: string;
    readonly region?: string;
    readonly roleArn?: string;
  };
};

type Containers66eb36c9 = readonly Containersb17fe757[];

type Containersb17fe757 = {
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: Envdef169ca;
  readonly envFrom?: EnvFrom4ab0088d;
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly lifecycle?: Lifecycle71d569b3;
  readonly livenessProbe?: LivenessProbe836e4003;
  readonly name: string;
  readonly ports?: readonly {
    readonly containerPort: number;
    readonly hostIP?: string;
    readonly hostPort?: number;
    readonly name?: string;
    readonly protocol?: string;
  }[];
  readonly readinessProbe?: LivenessProbe836e4003;
  readonly resizePolicy?: readonly {
    readonly resourceName: string;
    readonly restartPolicy: string;
  }[];
  readonly resources?: {
    readonly claims?: readonly {
      readonly name: string;
      readonly request?: string;
    }[];
    readonly limits?: unknown;
    readonly requests?: unknown;
  };
  readonly restartPolicy?: string;
  readonly restartPolicyRules?: RestartPolicyRules9d83e244;
  readonly securityContext?: SecurityContextaf3d2b58;
  readonly startupProbe?: LivenessProbe836e4003;
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly terminationMessagePath?: string;
  readonly terminationMessagePolicy?: string;
  readonly tty?: boolean;
  readonly volumeDevices?: readonly {
    readonly devicePath: string;
    readonly name: string;
  }[];
  readonly volumeMounts?: VolumeMountsaed2e347;
  readonly workingDir?: string;
};

type DnsConfigd2c452e3 = {
  readonly nameservers?: readonly string[];
  readonly options?: readonly {
    readonly name?: string;
    readonly value?: string;
  }[];
  readonly searches?: readonly string[];
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

type EphemeralContainers20aae791 = {
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: Envdef169ca;
  readonly envFrom?: EnvFrom4ab0088d;
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly lifecycle?: Lifecycle71d569b3;
  readonly livenessProbe?: LivenessProbe836e4003;
  readonly name: string;
  readonly ports?: readonly {
    readonly containerPort: number;
    readonly hostIP?: string;
    readonly hostPort?: number;
    readonly name?: string;
    readonly protocol?: string;
  }[];
  readonly readinessProbe?: LivenessProbe836e4003;
  readonly resizePolicy?: readonly {
    readonly resourceName: string;
    readonly restartPolicy: string;
  }[];
  readonly resources?: {
    readonly claims?: readonly {
      readonly name: string;
      readonly request?: string;
    }[];
    readonly limits?: unknown;
    readonly requests?: unknown;
  };
  readonly restartPolicy?: string;
  readonly restartPolicyRules?: RestartPolicyRules9d83e244;
  readonly securityContext?: SecurityContextaf3d2b58;
  readonly startupProbe?: LivenessProbe836e4003;
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
  readonly volumeMounts?: VolumeMountsaed2e347;
  readonly workingDir?: string;
};

type EphemeralContainersc032337c = readonly EphemeralContainers20aae791[];

type HttpGetec72691d = {
  readonly host?: string;
  readonly httpHeaders?: readonly {
    readonly name: string;
    readonly value: string;
  }[];
  readonly path?: string;
  readonly port: number | string;
  readonly scheme?: string;
};

type Lifecycle71d569b3 = {
  readonly postStart?: PostStart40487059;
  readonly preStop?: PostStart40487059;
  readonly stopSignal?: string;
};

type LivenessProbe836e4003 = {
  readonly exec?: {
    readonly command?: readonly string[];
  };
  readonly failureThreshold?: number;
  readonly grpc?: {
    readonly port: number;
    readonly service?: string;
  };
  readonly httpGet?: HttpGetec72691d;
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

type PodAffinity4efe19c1 = {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredDuringSchedulingIgnoredDuringExecution568aa0ae;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: RequiredDuringSchedulingIgnoredDuringExecution0d017861;
};

type PodAffinityTerm66f0a644 = {
  readonly labelSelector?: Selectore2d022d7;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
  readonly namespaceSelector?: Selectore2d022d7;
  readonly namespaces?: readonly string[];
  readonly topologyKey: string;
};

type PostPromotionAnalysisd7156215 = {
  readonly analysisRunMetadata?: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly args?: Args9b7af4af;
  readonly dryRun?: readonly {
    readonly metricName: string;
  }[];
  readonly measurementRetention?: readonly {
    readonly limit: number;
    readonly metricName: string;
  }[];
  readonly templates?: readonly {
    readonly clusterScope?: boolean;
    readonly templateName?: string;
  }[];
};

type PostStart40487059 = {
  readonly exec?: {
    readonly command?: readonly string[];
  };
  readonly httpGet?: HttpGetec72691d;
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

type RestartPolicyRules9872291f = {
  readonly action: string;
  readonly exitCodes?: {
    readonly operator: string;
    readonly values?: readonly number[];
  };
};

type RestartPolicyRules9d83e244 = readonly RestartPolicyRules9872291f[];

type SecurityContext92959978 = {
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

type Selectore2d022d7 = {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
  readonly matchLabels?: Readonly<Record<string, string>>;
};

type Speca15ee25b = {
  readonly activeDeadlineSeconds?: number;
  readonly affinity?: Affinity4e9b5358;
  readonly automountServiceAccountToken?: boolean;
  readonly containers: Containers66eb36c9;
  readonly dnsConfig?: DnsConfigd2c452e3;
  readonly dnsPolicy?: string;
  readonly enableServiceLinks?: boolean;
  readonly ephemeralContainers?: EphemeralContainersc032337c;
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
  readonly initContainers?: Containers66eb36c9;
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
  readonly securityContext?: SecurityContext92959978;
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
  readonly volumes?: unknown;
};

type Templated9e8e6aa = {
  readonly metadata?: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Speca15ee25b;
};

type TopologySpreadConstraints3e2f8e18 = {
  readonly labelSelector?: Selectore2d022d7;
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

type VirtualService7c3e067d = {
  readonly name: string;
  readonly routes?: readonly string[];
  readonly tcpRoutes?: readonly {
    readonly port?: number;
  }[];
  readonly tlsRoutes?: readonly {
    readonly port?: number;
    readonly sniHosts?: readonly string[];
  }[];
};

type VolumeMounts54d61ae4 = {
  readonly mountPath: string;
  readonly mountPropagation?: string;
  readonly name: string;
  readonly readOnly?: boolean;
  readonly recursiveReadOnly?: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
};

type VolumeMountsaed2e347 = readonly VolumeMounts54d61ae4[];

export type AnalysisTemplate = {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'AnalysisTemplate';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly args?: readonly {
      readonly name: string;
      readonly value?: string;
      readonly valueFrom?: {
        readonly fieldRef?: {
          readonly fieldPath: string;
        };
        readonly secretKeyRef?: {
          readonly key: string;
          readonly name: string;
        };
      };
    }[];
    readonly dryRun?: readonly {
      readonly metricName: string;
    }[];
    readonly measurementRetention?: readonly {
      readonly limit: number;
      readonly metricName: string;
    }[];
    readonly metrics?: readonly ({
      readonly consecutiveErrorLimit?: number | string;
      readonly consecutiveSuccessLimit?: number | string;
      readonly count?: number | string;
      readonly failureCondition?: string;
      readonly failureLimit?: number | string;
      readonly inconclusiveLimit?: number | string;
      readonly initialDelay?: string;
      readonly interval?: string;
      readonly name: string;
      readonly provider: {
        readonly cloudWatch?: {
          readonly interval?: string;
          readonly metricDataQueries: readonly ({
            readonly expression?: string;
            readonly id?: string;
            readonly label?: string;
            readonly metricStat?: {
              readonly metric?: {
                readonly dimensions?: readonly {
                  readonly name?: string;
                  readonly value?: string;
                }[];
                readonly metricName?: string;
                readonly namespace?: string;
              };
              readonly period?: number | string;
              readonly stat?: string;
              readonly unit?: string;
            };
            readonly period?: number | string;
            readonly returnData?: boolean;
          })[];
        };
        readonly datadog?: {
          readonly aggregator?: 'avg' | 'min' | 'max' | 'sum' | 'last' | 'percentile' | 'mean' | 'l2norm' | 'area';
          readonly apiVersion?: 'v1' | 'v2';
          readonly formula?: string;
          readonly interval?: string;
          readonly queries?: Readonly<Record<string, string>>;
          readonly query?: string;
          readonly requestTimeout?: string;
          readonly secretRef?: {
            readonly name?: string;
            readonly namespaced?: boolean;
          };
        };
        readonly graphite?: {
          readonly address?: string;
          readonly query?: string;
        };
        readonly influxdb?: {
          readonly profile?: string;
          readonly query?: string;
        };
        readonly job?: {
          readonly metadata?: {
            readonly annotations?: Readonly<Record<string, string>>;
            readonly labels?: Readonly<Record<string, string>>;
          };
          readonly spec: {
            readonly activeDeadlineSeconds?: number;
            readonly backoffLimit?: number;
            readonly backoffLimitPerIndex?: number;
            readonly completionMode?: string;
            readonly completions?: number;
            readonly managedBy?: string;
            readonly manualSelector?: boolean;
            readonly maxFailedIndexes?: number;
            readonly parallelism?: number;
            readonly podFailurePolicy?: {
              readonly rules: readonly {
                readonly action: string;
                readonly onExitCodes?: {
                  readonly containerName?: string;
                  readonly operator: string;
                  readonly values: readonly number[];
                };
                readonly onPodConditions?: readonly {
                  readonly status: string;
                  readonly type: string;
                }[];
              }[];
            };
            readonly podReplacementPolicy?: string;
            readonly selector?: Selectore2d022d7;
            readonly successPolicy?: {
              readonly rules: readonly {
                readonly succeededCount?: number;
                readonly succeededIndexes?: string;
              }[];
            };
            readonly suspend?: boolean;
            readonly template: Templated9e8e6aa;
            readonly ttlSecondsAfterFinished?: number;
          };
        };
        readonly kayenta?: {
          readonly address: string;
          readonly application: string;
          readonly canaryConfigName: string;
          readonly configurationAccountName: string;
          readonly lookback?: boolean;
          readonly metricsAccountName: string;
          readonly scopes: readonly {
            readonly controlScope: {
              readonly end?: string;
              readonly region: string;
              readonly scope: string;
              readonly start?: string;
              readonly step: number;
            };
            readonly experimentScope: {
              readonly end?: string;
              readonly region: string;
              readonly scope: string;
              readonly start?: string;
              readonly step: number;
            };
            readonly name: string;
          }[];
          readonly storageAccountName: string;
          readonly threshold: {
            readonly marginal: number;
            readonly pass: number;
          };
        };
        readonly newRelic?: {
          readonly profile?: string;
          readonly query: string;
          readonly timeout?: number;
        };
        readonly plugin?: Readonly<Record<string, unknown>>;
        readonly prometheus?: {
          readonly address?: string;
          readonly authentication?: Authentication0adb9d8a;
          readonly headers?: readonly {
            readonly key: string;
            readonly value: string;
          }[];
          readonly insecure?: boolean;
          readonly query?: string;
          readonly rangeQuery?: {
            readonly end?: string;
            readonly start?: string;
            readonly step?: string;
          };
          readonly timeout?: number;
        };
        readonly skywalking?: {
          readonly address?: string;
          readonly interval?: string;
          readonly query?: string;
        };
        readonly wavefront?: {
          readonly address?: string;
          readonly query?: string;
        };
        readonly web?: {
          readonly authentication?: Authentication0adb9d8a;
          readonly body?: string;
          readonly headers?: readonly {
            readonly key: string;
            readonly value: string;
          }[];
          readonly insecure?: boolean;
          readonly jsonBody?: Readonly<Record<string, unknown>>;
          readonly jsonPath?: string;
          readonly method?: string;
          readonly timeoutSeconds?: number;
          readonly url: string;
        };
      };
      readonly successCondition?: string;
    })[];
    readonly templates?: readonly {
      readonly clusterScope?: boolean;
      readonly templateName?: string;
    }[];
  };
};

export type Rollout = {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'Rollout';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly analysis?: {
      readonly successfulRunHistoryLimit?: number;
      readonly unsuccessfulRunHistoryLimit?: number;
    };
    readonly minReadySeconds?: number;
    readonly paused?: boolean;
    readonly progressDeadlineAbort?: boolean;
    readonly progressDeadlineSeconds?: number;
    readonly replicas?: number;
    readonly restartAt?: string;
    readonly revisionHistoryLimit?: number;
    readonly rollbackWindow?: {
      readonly revisions?: number;
    };
    readonly selector?: Selectore2d022d7;
    readonly strategy?: {
      readonly blueGreen?: {
        readonly abortScaleDownDelaySeconds?: number;
        readonly activeMetadata?: {
          readonly annotations?: Readonly<Record<string, string>>;
          readonly labels?: Readonly<Record<string, string>>;
        };
        readonly activeService: string;
        readonly antiAffinity?: AntiAffinitya3bc95bd;
        readonly autoPromotionEnabled?: boolean;
        readonly autoPromotionSeconds?: number;
        readonly maxUnavailable?: number | string;
        readonly postPromotionAnalysis?: PostPromotionAnalysisd7156215;
        readonly prePromotionAnalysis?: PostPromotionAnalysisd7156215;
        readonly previewMetadata?: {
          readonly annotations?: Readonly<Record<string, string>>;
          readonly labels?: Readonly<Record<string, string>>;
        };
        readonly previewReplicaCount?: number;
        readonly previewService?: string;
        readonly scaleDownDelayRevisionLimit?: number;
        readonly scaleDownDelaySeconds?: number;
      };
      readonly canary?: {
        readonly abortScaleDownDelaySeconds?: number;
        readonly analysis?: {
          readonly analysisRunMetadata?: {
            readonly annotations?: Readonly<Record<string, string>>;
            readonly labels?: Readonly<Record<string, string>>;
          };
          readonly args?: Args9b7af4af;
          readonly dryRun?: readonly {
            readonly metricName: string;
          }[];
          readonly measurementRetention?: readonly {
            readonly limit: number;
            readonly metricName: string;
          }[];
          readonly startingStep?: number;
          readonly templates?: readonly {
            readonly clusterScope?: boolean;
            readonly templateName?: string;
          }[];
        };
        readonly antiAffinity?: AntiAffinitya3bc95bd;
        readonly canaryMetadata?: {
          readonly annotations?: Readonly<Record<string, string>>;
          readonly labels?: Readonly<Record<string, string>>;
        };
        readonly canaryService?: string;
        readonly dynamicStableScale?: boolean;
        readonly maxSurge?: number | string;
        readonly maxUnavailable?: number | string;
        readonly minPodsPerReplicaSet?: number;
        readonly pingPong?: {
          readonly pingService: string;
          readonly pongService: string;
        };
        readonly replicaProgressThreshold?: {
          readonly type: string;
          readonly value: number;
        };
        readonly scaleDownDelayRevisionLimit?: number;
        readonly scaleDownDelaySeconds?: number;
        readonly stableMetadata?: {
          readonly annotations?: Readonly<Record<string, string>>;
          readonly labels?: Readonly<Record<string, string>>;
        };
        readonly stableService?: string;
        readonly steps?: readonly ({
          readonly analysis?: PostPromotionAnalysisd7156215;
          readonly experiment?: {
            readonly analyses?: readonly {
              readonly args?: Args9b7af4af;
              readonly clusterScope?: boolean;
              readonly name: string;
              readonly requiredForCompletion?: boolean;
              readonly templateName: string;
            }[];
            readonly analysisRunMetadata?: {
              readonly annotations?: Readonly<Record<string, string>>;
              readonly labels?: Readonly<Record<string, string>>;
            };
            readonly dryRun?: readonly {
              readonly metricName: string;
            }[];
            readonly duration?: string;
            readonly scaleDownDelaySeconds?: number;
            readonly templates: readonly {
              readonly metadata?: {
                readonly annotations?: Readonly<Record<string, string>>;
                readonly labels?: Readonly<Record<string, string>>;
              };
              readonly name: string;
              readonly replicas?: number;
              readonly selector?: Selectore2d022d7;
              readonly service?: {
                readonly name?: string;
              };
              readonly specRef: string;
              readonly weight?: number;
            }[];
          };
          readonly pause?: {
            readonly duration?: number | string;
          };
          readonly plugin?: {
            readonly config?: Readonly<Record<string, unknown>>;
            readonly name: string;
          };
          readonly setCanaryScale?: {
            readonly matchTrafficWeight?: boolean;
            readonly replicas?: number;
            readonly weight?: number;
          };
          readonly setHeaderRoute?: {
            readonly match?: readonly {
              readonly headerName: string;
              readonly headerValue: {
                readonly exact?: string;
                readonly prefix?: string;
                readonly regex?: string;
              };
            }[];
            readonly name?: string;
          };
          readonly setMirrorRoute?: {
            readonly match?: readonly {
              readonly headers?: Readonly<Record<string, {
                readonly exact?: string;
                readonly prefix?: string;
                readonly regex?: string;
              }>>;
              readonly method?: {
                readonly exact?: string;
                readonly prefix?: string;
                readonly regex?: string;
              };
              readonly path?: {
                readonly exact?: string;
                readonly prefix?: string;
                readonly regex?: string;
              };
            }[];
            readonly name: string;
            readonly percentage?: number;
          };
          readonly setWeight?: number;
        })[];
        readonly trafficRouting?: {
          readonly alb?: {
            readonly annotationPrefix?: string;
            readonly ingress?: string;
            readonly ingresses?: readonly string[];
            readonly rootService?: string;
            readonly servicePort: number;
            readonly stickinessConfig?: {
              readonly durationSeconds: number;
              readonly enabled: boolean;
            };
          };
          readonly ambassador?: {
            readonly mappings: readonly string[];
          };
          readonly apisix?: {
            readonly route?: {
              readonly name: string;
              readonly rules?: readonly string[];
            };
          };
          readonly appMesh?: {
            readonly virtualNodeGroup?: {
              readonly canaryVirtualNodeRef: {
                readonly name: string;
              };
              readonly stableVirtualNodeRef: {
                readonly name: string;
              };
            };
            readonly virtualService?: {
              readonly name: string;
              readonly routes?: readonly string[];
            };
          };
          readonly istio?: {
            readonly destinationRule?: {
              readonly additionalSubsetNames?: readonly string[];
              readonly canarySubsetName: string;
              readonly name: string;
              readonly stableSubsetName: string;
            };
            readonly virtualService?: VirtualService7c3e067d;
            readonly virtualServices?: readonly VirtualService7c3e067d[];
          };
          readonly managedRoutes?: readonly {
            readonly name: string;
          }[];
          readonly maxTrafficWeight?: number;
          readonly nginx?: {
            readonly additionalIngressAnnotations?: Readonly<Record<string, string>>;
            readonly annotationPrefix?: string;
            readonly canaryIngressAnnotations?: Readonly<Record<string, string>>;
            readonly stableIngress?: string;
            readonly stableIngresses?: readonly string[];
          };
          readonly plugins?: Readonly<Record<string, unknown>>;
          readonly smi?: {
            readonly rootService?: string;
            readonly trafficSplitName?: string;
          };
          readonly traefik?: {
            readonly weightedTraefikServiceName: string;
          };
        };
      };
    };
    readonly template?: Templated9e8e6aa;
    readonly workloadRef?: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly scaleDown?: string;
    };
  };
};
