// Generated from Go module github.com/envoyproxy/gateway v1.9.1 by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

type Activebbb3c4d8 = {
  readonly grpc?: {
    readonly service?: string;
  };
  readonly healthCheckLog?: HealthCheckLog95d50eee;
  readonly healthyThreshold?: number;
  readonly http?: Http0029c6fd;
  readonly initialJitter?: string;
  readonly interval?: string;
  readonly overrides?: {
    readonly port?: number;
  };
  readonly tcp?: Tcp580a78f7;
  readonly timeout?: string;
  readonly type: string;
  readonly unhealthyThreshold?: number;
};

type Add6e4f0ca9 = readonly {
  readonly name: string;
  readonly value: string;
}[];

type Addc02c94e7 = readonly {
  readonly name: string;
  readonly value: string;
}[];

type Addresses06bf7b62 = {
  readonly type?: string;
  readonly value?: string;
};

type Addressesaf3f627f = readonly Addresses06bf7b62[];

type Affinity4e9b5358 = {
  readonly nodeAffinity?: NodeAffinitya09e2c82;
  readonly podAffinity?: PodAffinity4efe19c1;
  readonly podAntiAffinity?: PodAffinity4efe19c1;
};

type After4d036641 = 'envoy.filters.http.custom_response' | 'envoy.filters.http.health_check' | 'envoy.filters.http.fault' | 'envoy.filters.http.cors' | 'envoy.filters.http.csrf' | 'envoy.filters.http.header_mutation' | 'envoy.filters.http.ext_authz' | 'envoy.filters.http.api_key_auth' | 'envoy.filters.http.basic_auth' | 'envoy.filters.http.oauth2' | 'envoy.filters.http.jwt_authn' | 'envoy.filters.http.stateful_session' | 'envoy.filters.http.buffer' | 'envoy.filters.http.lua' | 'envoy.filters.http.ext_proc' | 'envoy.filters.http.wasm' | 'envoy.filters.http.dynamic_modules' | 'envoy.filters.http.geoip' | 'envoy.filters.http.rbac' | 'envoy.filters.http.local_ratelimit' | 'envoy.filters.http.ratelimit' | 'envoy.filters.http.bandwidth_limit' | 'envoy.filters.http.grpc_web' | 'envoy.filters.http.grpc_stats' | 'envoy.filters.http.credential_injector' | 'envoy.filters.http.compressor' | 'envoy.filters.http.dynamic_forward_proxy';

type AllowedListenersf2e64625 = {
  readonly namespaces?: Namespacesff50a786;
};

type AllowedRoutese1e80412 = {
  readonly kinds?: Kinds583e18eb;
  readonly namespaces?: Namespaces2291c29c;
};

type Backendcb85555c = {
  readonly clientCertificateRef?: ClientCertificateRefda13d00b;
};

type BackendRef098e4a9a = {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
};

type BackendRefs038a78b7 = readonly BackendRefs93aec11e[];

type BackendRefs143135b5 = readonly BackendRefs327f22ca[];

type BackendRefs327f22ca = {
  readonly filters?: Filters32c9034f;
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly weight?: number;
};

type BackendRefs93aec11e = {
  readonly fallback?: boolean;
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly weight?: number;
};

type BackendSettings5fd6693f = {
  readonly circuitBreaker?: CircuitBreakere2271b3d;
  readonly connection?: Connectioncf19885b;
  readonly dns?: {
    readonly dnsRefreshRate?: string;
    readonly lookupFamily?: 'IPv4' | 'IPv6' | 'IPv4Preferred' | 'IPv6Preferred' | 'IPv4AndIPv6';
    readonly respectDnsTtl?: boolean;
  };
  readonly healthCheck?: HealthCheck8d789133;
  readonly http2?: Http2ff3c9ac5;
  readonly loadBalancer?: LoadBalanceraf508171;
  readonly proxyProtocol?: {
    readonly version: 'V1' | 'V2';
  };
  readonly retry?: Retry83248f61;
  readonly tcpKeepalive?: {
    readonly idleTime?: string;
    readonly interval?: string;
    readonly probes?: number;
  };
  readonly timeout?: Timeouta37d6a82;
};

type BackendUtilizationdf04078b = {
  readonly blackoutPeriod?: string;
  readonly errorUtilizationPenaltyPercent?: number;
  readonly keepResponseHeaders?: boolean;
  readonly metricNamesForComputingUtilization?: readonly string[];
  readonly outOfBand?: OutOfBandd3e45c2c;
  readonly weightExpirationPeriod?: string;
  readonly weightUpdatePeriod?: string;
};

type CaCertificateRefs871df1e8 = readonly ParametersRef590691c2[];

type CaCertificateRefs8a76a3a1 = {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
};

type CaCertificateRefsd0d4c47a = readonly CaCertificateRefs8a76a3a1[];

type Cephfsd1cc6562 = {
  readonly monitors: readonly string[];
  readonly path?: string;
  readonly readOnly?: boolean;
  readonly secretFile?: string;
  readonly secretRef?: {
    readonly name?: string;
  };
  readonly user?: string;
};

type CertificateRefsccdf9146 = readonly ClientCertificateRefda13d00b[];

type CircuitBreakere2271b3d = {
  readonly maxConnections?: number;
  readonly maxParallelRequests?: number;
  readonly maxParallelRetries?: number;
  readonly maxPendingRequests?: number;
  readonly maxRequestsPerConnection?: number;
  readonly perEndpoint?: {
    readonly maxConnections?: number;
  };
  readonly retryBudget?: RetryBudget8811033c;
};

type ClientCertificateRefda13d00b = {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
};

type ClientSelectors13a36b1b = readonly ClientSelectorscee3f704[];

type ClientSelectorscee3f704 = {
  readonly headers?: Headers64f6c0b9;
  readonly methods?: readonly ({
    readonly invert?: boolean;
    readonly value: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'CONNECT' | 'OPTIONS' | 'TRACE' | 'PATCH';
  })[];
  readonly path?: {
    readonly invert?: boolean;
    readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression';
    readonly value?: string;
  };
  readonly queryParams?: QueryParamsc01f7195;
  readonly sourceCIDR?: {
    readonly invert?: boolean;
    readonly type?: 'Exact' | 'Distinct';
    readonly value: string;
  };
};

type ClusterTrustBundle852cb29d = {
  readonly labelSelector?: Selectore2d022d7;
  readonly name?: string;
  readonly optional?: boolean;
  readonly path: string;
  readonly signerName?: string;
};

type Compressiondfc3e7ff = readonly Compressionee67533a[];

type Compressionee67533a = {
  readonly brotli?: Readonly<Record<string, never>>;
  readonly gzip?: Readonly<Record<string, never>>;
  readonly minContentLength?: number | string;
  readonly type: 'Gzip' | 'Brotli' | 'Zstd';
  readonly zstd?: Readonly<Record<string, never>>;
};

type ConfigMap21984f3c = {
  readonly defaultMode?: number;
  readonly items?: readonly {
    readonly key: string;
    readonly mode?: number;
    readonly path: string;
  }[];
  readonly name?: string;
  readonly optional?: boolean;
};

type ConfigMapd400993e = {
  readonly items?: readonly {
    readonly key: string;
    readonly mode?: number;
    readonly path: string;
  }[];
  readonly name?: string;
  readonly optional?: boolean;
};

type Connectioncf19885b = {
  readonly bufferLimit?: number | string;
  readonly preconnect?: {
    readonly perEndpointPercent?: number;
    readonly predictivePercent?: number;
  };
  readonly socketBufferLimit?: number | string;
};

type ConnectionKeepalivee24b8593 = {
  readonly idleInterval?: string;
  readonly interval?: string;
  readonly intervalJitter?: number;
  readonly timeout?: string;
};

type ConsistentHashdb74538b = {
  readonly cookie?: {
    readonly attributes?: Readonly<Record<string, string>>;
    readonly name: string;
    readonly ttl?: string;
  };
  readonly header?: {
    readonly name: string;
  };
  readonly headers?: readonly {
    readonly name: string;
  }[];
  readonly queryParams?: readonly {
    readonly name: string;
  }[];
  readonly tableSize?: number;
  readonly type: 'SourceIP' | 'Header' | 'Headers' | 'Cookie' | 'QueryParams';
};

type Container9d8ce2f9 = {
  readonly env?: Envdef169ca;
  readonly image?: string;
  readonly imageRepository?: string;
  readonly resources?: Resources90234427;
  readonly securityContext?: SecurityContextaf3d2b58;
  readonly volumeMounts?: VolumeMountsaed2e347;
};

type Cors67e3e30c = {
  readonly allowCredentials?: boolean;
  readonly allowHeaders?: readonly string[];
  readonly allowMethods?: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'CONNECT' | 'OPTIONS' | 'TRACE' | 'PATCH' | '*')[];
  readonly allowOrigins?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAge?: number;
};

type Costb634cd67 = {
  readonly request?: Requestd0941342;
  readonly response?: Requestd0941342;
};

type Csi7a524d3c = {
  readonly driver: string;
  readonly fsType?: string;
  readonly nodePublishSecretRef?: {
    readonly name?: string;
  };
  readonly readOnly?: boolean;
  readonly volumeAttributes?: Readonly<Record<string, string>>;
};

type CustomTags70a4bae4 = Readonly<Record<string, CustomTagsc8e4479a>>;

type CustomTagsc8e4479a = {
  readonly environment?: {
    readonly defaultValue?: string;
    readonly name: string;
  };
  readonly literal?: {
    readonly value: string;
  };
  readonly requestHeader?: {
    readonly defaultValue?: string;
    readonly name: string;
  };
  readonly type?: 'Literal' | 'Environment' | 'RequestHeader';
};

type Default40da5f14 = {
  readonly validation?: Validationd977f4e9;
};

type DownwardAPI87210159 = {
  readonly defaultMode?: number;
  readonly items?: Items0a901ddb;
};

type DownwardAPI985e13df = {
  readonly items?: Items0a901ddb;
};

type EarlyRequestHeaders453f5dcb = {
  readonly add?: Add6e4f0ca9;
  readonly addIfAbsent?: Add6e4f0ca9;
  readonly remove?: readonly string[];
  readonly removeOnMatch?: readonly ({
    readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
    readonly value: string;
  })[];
  readonly set?: Add6e4f0ca9;
};

type Env9cafd5a3 = {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: ValueFrom79826dd7;
};

type Envdef169ca = readonly Env9cafd5a3[];

type Ephemeralf403d677 = {
  readonly volumeClaimTemplate?: VolumeClaimTemplate1dc203e3;
};

type External162d07a5 = {
  readonly metric: Metricbbd3487d;
  readonly target: Target521eef1e;
};

type ExternalAuth36121032 = {
  readonly backendRef: BackendRef098e4a9a;
  readonly forwardBody?: {
    readonly maxSize?: number;
  };
  readonly grpc?: {
    readonly allowedHeaders?: readonly string[];
  };
  readonly http?: Http91402d76;
  readonly protocol: 'HTTP' | 'GRPC';
};

type Filters32c9034f = readonly Filters79cee2ad[];

type Filters79cee2ad = {
  readonly cors?: Cors67e3e30c;
  readonly extensionRef?: CaCertificateRefs8a76a3a1;
  readonly externalAuth?: ExternalAuth36121032;
  readonly requestHeaderModifier?: RequestHeaderModifierecc1ac5c;
  readonly requestMirror?: RequestMirror385f387d;
  readonly requestRedirect?: RequestRedirect80ebaa89;
  readonly responseHeaderModifier?: RequestHeaderModifierecc1ac5c;
  readonly type: 'RequestHeaderModifier' | 'ResponseHeaderModifier' | 'RequestMirror' | 'RequestRedirect' | 'URLRewrite' | 'ExtensionRef' | 'CORS' | 'ExternalAuth';
  readonly urlRewrite?: UrlRewritea61189de;
};

type FlexVolume8c481623 = {
  readonly driver: string;
  readonly fsType?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly readOnly?: boolean;
  readonly secretRef?: {
    readonly name?: string;
  };
};

type From9d010701 = {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
};

type Fromd59d2ddf = readonly From9d010701[];

type Frontend31055280 = {
  readonly default: Default40da5f14;
  readonly perPort?: PerPortaaed98b6;
};

type Headers330ff194 = {
  readonly name: string;
  readonly type?: 'Exact' | 'RegularExpression';
  readonly value: string;
};

type Headers57756c01 = readonly {
  readonly name: string;
  readonly value: string;
}[];

type Headers64f6c0b9 = readonly ({
  readonly invert?: boolean;
  readonly name: string;
  readonly type?: 'Exact' | 'RegularExpression' | 'Distinct';
  readonly value?: string;
})[];

type Headerscbb2c47f = readonly Headers330ff194[];

type HealthCheck8d789133 = {
  readonly active?: Activebbb3c4d8;
  readonly panicThreshold?: number;
  readonly passive?: Passive2dd331b7;
};

type HealthCheckLog95d50eee = {
  readonly matches?: readonly ('Failure' | 'FailureSeriesStart' | 'Success' | 'HealthyTransition')[];
  readonly sinks?: readonly {
    readonly file?: {
      readonly path: string;
    };
    readonly type: 'File';
  }[];
};

type Http0029c6fd = {
  readonly expectedResponse?: {
    readonly binary?: string;
    readonly text?: string;
    readonly type: string;
  };
  readonly expectedStatuses?: readonly number[];
  readonly hostname?: string;
  readonly method?: string;
  readonly path: string;
  readonly requestBody?: {
    readonly binary?: string;
    readonly text?: string;
    readonly type: string;
  };
  readonly retriableStatuses?: readonly number[];
};

type Http86aeee30 = {
  readonly connectionIdleTimeout?: string;
  readonly maxConnectionDuration?: string;
  readonly maxStreamDuration?: string;
  readonly requestTimeout?: string;
  readonly streamIdleTimeout?: string;
};

type Http91402d76 = {
  readonly allowedHeaders?: readonly string[];
  readonly allowedResponseHeaders?: readonly string[];
  readonly path?: string;
};

type Http2ff3c9ac5 = {
  readonly connectionKeepalive?: ConnectionKeepalivee24b8593;
  readonly initialConnectionWindowSize?: number | string;
  readonly initialStreamWindowSize?: number | string;
  readonly maxConcurrentStreams?: number;
  readonly onInvalidMessage?: string;
};

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

type Infrastructureb865b6bf = {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly parametersRef?: CaCertificateRefs8a76a3a1;
};

type Iscsi1c23c9de = {
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

type Items0a7c53f0 = {
  readonly fieldRef?: {
    readonly apiVersion?: string;
    readonly fieldPath: string;
  };
  readonly mode?: number;
  readonly path: string;
  readonly resourceFieldRef?: ResourceFieldRef7127b5c1;
};

type Items0a901ddb = readonly Items0a7c53f0[];

type Kinds583e18eb = readonly Kindsf2a8463e[];

type Kindsf2a8463e = {
  readonly group?: string;
  readonly kind: string;
};

type Limit137881da = {
  readonly fromMetadata?: {
    readonly key: string;
    readonly namespace: string;
  };
  readonly requests: number;
  readonly unit: 'Second' | 'Minute' | 'Hour' | 'Day' | 'Week' | 'Month' | 'Year';
};

type Listenersade90dd1 = {
  readonly allowedRoutes?: AllowedRoutese1e80412;
  readonly hostname?: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls?: Tls282a70ed;
};

type Listenersec766b64 = readonly Listenersade90dd1[];

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

type LoadBalanceraf508171 = {
  readonly backendUtilization?: BackendUtilizationdf04078b;
  readonly consistentHash?: ConsistentHashdb74538b;
  readonly dynamicModule?: {
    readonly config?: unknown;
    readonly lbPolicyName: string;
    readonly name: string;
  };
  readonly endpointOverride?: {
    readonly extractFrom: readonly {
      readonly header?: string;
    }[];
  };
  readonly slowStart?: {
    readonly window: string;
  };
  readonly type: 'ConsistentHash' | 'LeastRequest' | 'Random' | 'RoundRobin' | 'BackendUtilization' | 'DynamicModule';
  readonly zoneAware?: ZoneAwarecd0d8c85;
};

type Matches3dc7ad42 = {
  readonly headers?: Headerscbb2c47f;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'CONNECT' | 'OPTIONS' | 'TRACE' | 'PATCH';
  readonly path?: {
    readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression';
    readonly value?: string;
  };
  readonly queryParams?: QueryParams4372bec3;
};

type Matchesd444c6ff = readonly Matches3dc7ad42[];

type Metricbbd3487d = {
  readonly name: string;
  readonly selector?: Selectore2d022d7;
};

type Namespaces2291c29c = {
  readonly from?: 'All' | 'Selector' | 'Same';
  readonly selector?: Selectore2d022d7;
};

type Namespaces35d901fe = {
  readonly from?: 'Same' | 'All' | 'Selector';
  readonly selector?: Selectore2d022d7;
};

type Namespacesff50a786 = {
  readonly from?: 'All' | 'Selector' | 'Same' | 'None';
  readonly selector?: Selectore2d022d7;
};

type NodeAffinitya09e2c82 = {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredDuringSchedulingIgnoredDuringExecution1262da42;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: RequiredDuringSchedulingIgnoredDuringExecution2ec8ca6b;
};

type NodeSelectorTerms22d3b8c9 = readonly Preferencef113c37c[];

type OutOfBandd3e45c2c = {
  readonly authority?: string;
  readonly port?: number;
  readonly reportingPeriod?: string;
};

type ParametersRef590691c2 = {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
};

type ParentRefs058f08b6 = readonly ParentRefs1ce8a624[];

type ParentRefs1ce8a624 = {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly sectionName?: string;
};

type Passive2dd331b7 = {
  readonly alwaysEjectOneEndpoint?: boolean;
  readonly baseEjectionTime?: string;
  readonly consecutive5XxErrors?: number;
  readonly consecutiveGatewayErrors?: number;
  readonly consecutiveLocalOriginFailures?: number;
  readonly failurePercentageThreshold?: number;
  readonly interval?: string;
  readonly maxEjectionPercent?: number;
  readonly splitExternalLocalOriginErrors?: boolean;
};

type PerPortaaed98b6 = readonly PerPortd65782a0[];

type PerPortd65782a0 = {
  readonly port: number;
  readonly tls: Default40da5f14;
};

type PerRetrydc1474ca = {
  readonly backOff?: {
    readonly baseInterval?: string;
    readonly maxInterval?: string;
  };
  readonly timeout?: string;
};

type Pod642c0e3b = {
  readonly affinity?: Affinity4e9b5358;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly imagePullSecrets?: readonly {
    readonly name?: string;
  }[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly priorityClassName?: string;
  readonly securityContext?: SecurityContext92959978;
  readonly tolerations?: readonly {
    readonly effect?: string;
    readonly key?: string;
    readonly operator?: string;
    readonly tolerationSeconds?: number;
    readonly value?: string;
  }[];
  readonly topologySpreadConstraints?: TopologySpreadConstraintsef7e9bc0;
  readonly volumes?: Volumes2bc0ebec;
};

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

type PodCertificatea059e341 = {
  readonly certificateChainPath?: string;
  readonly credentialBundlePath?: string;
  readonly keyPath?: string;
  readonly keyType: string;
  readonly maxExpirationSeconds?: number;
  readonly signerName: string;
  readonly userAnnotations?: Readonly<Record<string, string>>;
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

type PreferLocale659228c = {
  readonly force?: {
    readonly minEndpointsInZoneThreshold?: number;
  };
  readonly minEndpointsThreshold?: number;
  readonly percentageEnabled?: number;
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

type Projected19fa1880 = {
  readonly defaultMode?: number;
  readonly sources?: Sources7c8c703b;
};

type QueryParams4372bec3 = readonly QueryParamsfac90b8f[];

type QueryParamsc01f7195 = readonly ({
  readonly invert?: boolean;
  readonly name: string;
  readonly type?: 'Exact' | 'RegularExpression' | 'Distinct';
  readonly value?: string;
})[];

type QueryParamsfac90b8f = {
  readonly name: string;
  readonly type?: 'Exact' | 'RegularExpression';
  readonly value: string;
};

type Rbdac7d5b3c = {
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

type Requestd0941342 = {
  readonly from: 'Number' | 'Metadata';
  readonly metadata?: {
    readonly key: string;
    readonly namespace: string;
  };
  readonly number?: number;
};

type RequestHeaderModifierecc1ac5c = {
  readonly add?: Addc02c94e7;
  readonly remove?: readonly string[];
  readonly set?: Addc02c94e7;
};

type RequestMirror385f387d = {
  readonly backendRef: BackendRef098e4a9a;
  readonly fraction?: {
    readonly denominator?: number;
    readonly numerator: number;
  };
  readonly percent?: number;
};

type RequestRedirect80ebaa89 = {
  readonly hostname?: string;
  readonly path?: {
    readonly replaceFullPath?: string;
    readonly replacePrefixMatch?: string;
    readonly type: 'ReplaceFullPath' | 'ReplacePrefixMatch';
  };
  readonly port?: number;
  readonly scheme?: 'http' | 'https';
  readonly statusCode?: 301 | 302 | 303 | 307 | 308;
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

type Retry83248f61 = {
  readonly numAttemptsPerPriority?: number;
  readonly numRetries?: number;
  readonly perRetry?: PerRetrydc1474ca;
  readonly retryOn?: RetryOn427f3bc3;
};

type RetryBudget8811033c = {
  readonly minRetryConcurrency?: number;
  readonly percent: {
    readonly denominator?: number;
    readonly numerator: number;
  };
};

type RetryOn427f3bc3 = {
  readonly httpStatusCodes?: readonly number[];
  readonly triggers?: readonly ('5xx' | 'gateway-error' | 'reset' | 'reset-before-request' | 'connect-failure' | 'retriable-4xx' | 'refused-stream' | 'retriable-status-codes' | 'cancelled' | 'deadline-exceeded' | 'internal' | 'resource-exhausted' | 'unavailable')[];
};

type Rules31d12a85 = {
  readonly clientSelectors?: ClientSelectors13a36b1b;
  readonly cost?: Costb634cd67;
  readonly limit: Limit137881da;
  readonly shadowMode?: boolean;
  readonly shared?: boolean;
  readonly xRateLimitHeaders?: 'Off' | 'DraftVersion03';
};

type Rulesa917d9e5 = {
  readonly backendRefs?: BackendRefs143135b5;
  readonly filters?: Filters32c9034f;
  readonly matches?: Matchesd444c6ff;
  readonly name?: string;
  readonly retry?: {
    readonly attempts?: number;
    readonly backoff?: string;
    readonly codes?: readonly number[];
  };
  readonly sessionPersistence?: SessionPersistence97f843b8;
  readonly timeouts?: {
    readonly backendRequest?: string;
    readonly request?: string;
  };
};

type Rulesde20f06d = readonly Rulesa917d9e5[];

type ScaleDowncdfbebe4 = {
  readonly policies?: readonly {
    readonly periodSeconds: number;
    readonly type: string;
    readonly value: number;
  }[];
  readonly selectPolicy?: string;
  readonly stabilizationWindowSeconds?: number;
  readonly tolerance?: number | string;
};

type ScaleIOdd88876c = {
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

type Secretc954b9c2 = {
  readonly defaultMode?: number;
  readonly items?: readonly {
    readonly key: string;
    readonly mode?: number;
    readonly path: string;
  }[];
  readonly optional?: boolean;
  readonly secretName?: string;
};

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

type SessionPersistence97f843b8 = {
  readonly absoluteTimeout?: string;
  readonly cookieConfig?: {
    readonly lifetimeType?: 'Permanent' | 'Session';
  };
  readonly sessionName?: string;
  readonly type?: 'Cookie' | 'Header';
};

type Sources6bfd8917 = {
  readonly clusterTrustBundle?: ClusterTrustBundle852cb29d;
  readonly configMap?: ConfigMapd400993e;
  readonly downwardAPI?: DownwardAPI985e13df;
  readonly podCertificate?: PodCertificatea059e341;
  readonly secret?: ConfigMapd400993e;
  readonly serviceAccountToken?: {
    readonly audience?: string;
    readonly expirationSeconds?: number;
    readonly path: string;
  };
};

type Sources7c8c703b = readonly Sources6bfd8917[];

type Spec440cbc1d = {
  readonly addresses?: Addressesaf3f627f;
  readonly allowedListeners?: AllowedListenersf2e64625;
  readonly defaultScope?: 'All' | 'None';
  readonly gatewayClassName: string;
  readonly infrastructure?: Infrastructureb865b6bf;
  readonly listeners: Listenersec766b64;
  readonly tls?: Tls16eb6ff8;
};

type Spec80489931 = {
  readonly controllerName: string;
  readonly description?: string;
  readonly parametersRef?: ParametersRef590691c2;
};

type Spec988b88a2 = {
  readonly options?: Readonly<Record<string, string>>;
  readonly targetRefs: TargetRefsa3f2b7cc;
  readonly validation: Validation64845928;
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

type Specc46f939e = {
  readonly from: Fromd59d2ddf;
  readonly to: Toc1cbc1be;
};

type Specc5eec9a6 = {
  readonly hostnames?: readonly string[];
  readonly parentRefs?: ParentRefs058f08b6;
  readonly rules?: Rulesde20f06d;
  readonly useDefaultGateways?: 'All' | 'None';
};

type SubjectAltNames241ea631 = readonly SubjectAltNames912a2304[];

type SubjectAltNames912a2304 = {
  readonly hostname?: string;
  readonly type: 'Hostname' | 'URI';
  readonly uri?: string;
};

type Target521eef1e = {
  readonly averageUtilization?: number;
  readonly averageValue?: number | string;
  readonly type: string;
  readonly value?: number | string;
};

type TargetRefbba5a0d8 = {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly sectionName?: string;
};

type TargetRefs9fd8c867 = readonly TargetRefbba5a0d8[];

type TargetRefsa3f2b7cc = readonly TargetRefbba5a0d8[];

type TargetSelectors666fdd1b = readonly TargetSelectorsf9bfb2b2[];

type TargetSelectorsf9bfb2b2 = {
  readonly group?: string;
  readonly kind: string;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly namespaces?: Namespaces35d901fe;
};

type Tcp580a78f7 = {
  readonly receive?: {
    readonly binary?: string;
    readonly text?: string;
    readonly type: string;
  };
  readonly send?: {
    readonly binary?: string;
    readonly text?: string;
    readonly type: string;
  };
};

type Timeouta37d6a82 = {
  readonly http?: Http86aeee30;
  readonly tcp?: {
    readonly connectTimeout?: string;
  };
};

type Tls16eb6ff8 = {
  readonly backend?: Backendcb85555c;
  readonly frontend?: Frontend31055280;
};

type Tls282a70ed = {
  readonly certificateRefs?: CertificateRefsccdf9146;
  readonly mode?: 'Terminate' | 'Passthrough';
  readonly options?: Readonly<Record<string, string>>;
};

type Toc1cbc1be = readonly Tod9996331[];

type Tod9996331 = {
  readonly group: string;
  readonly kind: string;
  readonly name?: string;
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

type TrustedCIDRs00953f96 = string;

type TrustedCIDRs19ceaaf8 = readonly TrustedCIDRs00953f96[];

type UrlRewritea61189de = {
  readonly hostname?: string;
  readonly path?: {
    readonly replaceFullPath?: string;
    readonly replacePrefixMatch?: string;
    readonly type: 'ReplaceFullPath' | 'ReplacePrefixMatch';
  };
};

type Validation64845928 = {
  readonly caCertificateRefs?: CaCertificateRefsd0d4c47a;
  readonly hostname: string;
  readonly subjectAltNames?: SubjectAltNames241ea631;
  readonly wellKnownCACertificates?: string;
};

type Validationd977f4e9 = {
  readonly caCertificateRefs: CaCertificateRefs871df1e8;
  readonly mode?: 'AllowValidOnly' | 'AllowInsecureFallback';
};

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

type Volumes2bc0ebec = readonly Volumes32ea8734[];

type Volumes32ea8734 = {
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
  readonly cephfs?: Cephfsd1cc6562;
  readonly cinder?: {
    readonly fsType?: string;
    readonly readOnly?: boolean;
    readonly secretRef?: {
      readonly name?: string;
    };
    readonly volumeID: string;
  };
  readonly configMap?: ConfigMap21984f3c;
  readonly csi?: Csi7a524d3c;
  readonly downwardAPI?: DownwardAPI87210159;
  readonly emptyDir?: {
    readonly medium?: string;
    readonly sizeLimit?: number | string;
  };
  readonly ephemeral?: Ephemeralf403d677;
  readonly fc?: {
    readonly fsType?: string;
    readonly lun?: number;
    readonly readOnly?: boolean;
    readonly targetWWNs?: readonly string[];
    readonly wwids?: readonly string[];
  };
  readonly flexVolume?: FlexVolume8c481623;
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
  readonly iscsi?: Iscsi1c23c9de;
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
  readonly projected?: Projected19fa1880;
  readonly quobyte?: {
    readonly group?: string;
    readonly readOnly?: boolean;
    readonly registry: string;
    readonly tenant?: string;
    readonly user?: string;
    readonly volume: string;
  };
  readonly rbd?: Rbdac7d5b3c;
  readonly scaleIO?: ScaleIOdd88876c;
  readonly secret?: Secretc954b9c2;
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
};

type ZoneAwarecd0d8c85 = {
  readonly preferLocal?: PreferLocale659228c;
  readonly weightedZones?: readonly {
    readonly weight: number;
    readonly zone: string;
  }[];
};

export type Backend = {
  readonly apiVersion: 'gateway.envoyproxy.io/v1alpha1';
  readonly kind: 'Backend';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly appProtocols?: readonly ('gateway.envoyproxy.io/h2c' | 'gateway.envoyproxy.io/ws' | 'gateway.envoyproxy.io/wss')[];
    readonly endpoints?: readonly {
      readonly fqdn?: {
        readonly hostname: string;
        readonly port: number;
      };
      readonly hostname?: string;
      readonly ip?: {
        readonly address: string;
        readonly port: number;
      };
      readonly unix?: {
        readonly path: string;
      };
      readonly zone?: string;
    }[];
    readonly fallback?: boolean;
    readonly tls?: {
      readonly alpnProtocols?: readonly string[];
      readonly autoSNIFromEndpointHostname?: boolean;
      readonly caCertificateRefs?: CaCertificateRefsd0d4c47a;
      readonly ciphers?: readonly string[];
      readonly clientCertificateRef?: ClientCertificateRefda13d00b;
      readonly ecdhCurves?: readonly string[];
      readonly fingerprints?: readonly ('JA3' | 'JA4')[];
      readonly insecureSkipVerify?: boolean;
      readonly maxVersion?: 'Auto' | '1.0' | '1.1' | '1.2' | '1.3';
      readonly minVersion?: 'Auto' | '1.0' | '1.1' | '1.2' | '1.3';
      readonly signatureAlgorithms?: readonly string[];
      readonly sni?: string;
      readonly wellKnownCACertificates?: string;
    };
    readonly type?: 'Endpoints' | 'DynamicResolver';
  };
};

export type BackendTrafficPolicy = {
  readonly apiVersion: 'gateway.envoyproxy.io/v1alpha1';
  readonly kind: 'BackendTrafficPolicy';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly admissionControl?: {
      readonly maxRejectionPercent?: number;
      readonly minRequestRate?: number;
      readonly minSuccessRate?: number;
      readonly rejectionAggression?: number;
      readonly samplingWindow?: string;
      readonly successCriteria?: {
        readonly grpc?: {
          readonly statusCodes?: readonly ('Ok' | 'Cancelled' | 'Unknown' | 'InvalidArgument' | 'DeadlineExceeded' | 'NotFound' | 'AlreadyExists' | 'PermissionDenied' | 'ResourceExhausted' | 'FailedPrecondition' | 'Aborted' | 'OutOfRange' | 'Unimplemented' | 'Internal' | 'Unavailable' | 'DataLoss' | 'Unauthenticated')[];
        };
        readonly http?: {
          readonly statusCodes?: readonly number[];
        };
      };
    };
    readonly bandwidthLimit?: {
      readonly request?: {
        readonly limit: {
          readonly unit: 'Second' | 'Minute' | 'Hour';
          readonly value: number | string;
        };
      };
      readonly response?: {
        readonly limit: {
          readonly unit: 'Second' | 'Minute' | 'Hour';
          readonly value: number | string;
        };
        readonly responseTrailers?: {
          readonly prefix?: string;
        };
      };
    };
    readonly circuitBreaker?: CircuitBreakere2271b3d;
    readonly compression?: Compressiondfc3e7ff;
    readonly compressor?: Compressiondfc3e7ff;
    readonly connection?: Connectioncf19885b;
    readonly dns?: {
      readonly dnsRefreshRate?: string;
      readonly lookupFamily?: 'IPv4' | 'IPv6' | 'IPv4Preferred' | 'IPv6Preferred' | 'IPv4AndIPv6';
      readonly respectDnsTtl?: boolean;
    };
    readonly faultInjection?: {
      readonly abort?: {
        readonly grpcStatus?: number;
        readonly httpStatus?: number;
        readonly percentage?: number;
      };
      readonly delay?: {
        readonly fixedDelay: string;
        readonly percentage?: number;
      };
    };
    readonly healthCheck?: HealthCheck8d789133;
    readonly http2?: Http2ff3c9ac5;
    readonly httpUpgrade?: readonly {
      readonly connect?: {
        readonly terminate?: boolean;
      };
      readonly type: string;
    }[];
    readonly loadBalancer?: LoadBalanceraf508171;
    readonly mergeType?: string;
    readonly proxyProtocol?: {
      readonly version: 'V1' | 'V2';
    };
    readonly rateLimit?: {
      readonly global?: {
        readonly rules: readonly Rules31d12a85[];
      };
      readonly local?: {
        readonly rules?: readonly Rules31d12a85[];
      };
      readonly type?: 'Global' | 'Local';
    };
    readonly requestBuffer?: {
      readonly limit?: number | string;
    };
    readonly responseOverride?: readonly ({
      readonly match: {
        readonly responseHeaders?: readonly ({
          readonly name: string;
          readonly value: {
            readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
            readonly value: string;
          };
        })[];
        readonly statusCodes?: readonly {
          readonly range?: {
            readonly end: number;
            readonly start: number;
          };
          readonly type?: string;
          readonly value?: number;
        }[];
      };
      readonly redirect?: {
        readonly hostname?: string;
        readonly path?: {
          readonly replaceFullPath?: string;
          readonly replacePrefixMatch?: string;
          readonly type: 'ReplaceFullPath' | 'ReplacePrefixMatch';
        };
        readonly port?: number;
        readonly scheme?: 'http' | 'https';
        readonly statusCode?: 301 | 302;
      };
      readonly response?: {
        readonly body?: {
          readonly inline?: string;
          readonly type?: string;
          readonly valueRef?: CaCertificateRefs8a76a3a1;
        };
        readonly contentType?: string;
        readonly header?: {
          readonly add?: readonly {
            readonly name: string;
            readonly value: string;
          }[];
          readonly remove?: readonly string[];
          readonly set?: readonly {
            readonly name: string;
            readonly value: string;
          }[];
        };
        readonly statusCode?: number;
      };
      readonly source?: 'All' | 'Local' | 'Backend';
    })[];
    readonly retry?: Retry83248f61;
    readonly routingType?: string;
    readonly targetRef?: TargetRefbba5a0d8;
    readonly targetRefs?: TargetRefs9fd8c867;
    readonly targetSelectors?: TargetSelectors666fdd1b;
    readonly tcpKeepalive?: {
      readonly idleTime?: string;
      readonly interval?: string;
      readonly probes?: number;
    };
    readonly telemetry?: {
      readonly metrics?: {
        readonly routeStatName?: string;
      };
      readonly tracing?: {
        readonly clientSamplingFraction?: {
          readonly denominator?: number;
          readonly numerator: number;
        };
        readonly customTags?: CustomTags70a4bae4;
        readonly overallSamplingFraction?: {
          readonly denominator?: number;
          readonly numerator: number;
        };
        readonly samplingFraction?: {
          readonly denominator?: number;
          readonly numerator: number;
        };
        readonly spanName?: {
          readonly client: string;
          readonly server: string;
        };
        readonly tags?: Readonly<Record<string, string>>;
      };
    };
    readonly timeout?: Timeouta37d6a82;
    readonly useClientProtocol?: boolean;
  };
};

export type ClientTrafficPolicy = {
  readonly apiVersion: 'gateway.envoyproxy.io/v1alpha1';
  readonly kind: 'ClientTrafficPolicy';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly clientIPDetection?: {
      readonly customHeader?: {
        readonly failClosed?: boolean;
        readonly name: string;
      };
      readonly directSourceIP?: Readonly<Record<string, never>>;
      readonly xForwardedFor?: {
        readonly disableXForwardedForAppend?: boolean;
        readonly numTrustedHops?: number;
        readonly trustedCIDRs?: TrustedCIDRs19ceaaf8;
      };
    };
    readonly connection?: {
      readonly bufferLimit?: number | string;
      readonly connectionLimit?: {
        readonly closeDelay?: string;
        readonly maxConnectionDuration?: string;
        readonly maxRequestsPerConnection?: number;
        readonly maxStreamDuration?: string;
        readonly value?: number;
      };
      readonly maxAcceptPerSocketEvent?: number;
      readonly socketBufferLimit?: number | string;
    };
    readonly enableProxyProtocol?: boolean;
    readonly grpc?: {
      readonly enableWeb?: boolean;
    };
    readonly headers?: {
      readonly disableRateLimitHeaders?: boolean;
      readonly earlyRequestHeaders?: EarlyRequestHeaders453f5dcb;
      readonly enableEnvoyHeaders?: boolean;
      readonly host?: {
        readonly stripTrailingHostDot?: boolean;
      };
      readonly lateResponseHeaders?: EarlyRequestHeaders453f5dcb;
      readonly preserveXRequestID?: boolean;
      readonly requestID?: 'PreserveOrGenerate' | 'Preserve' | 'Generate' | 'Disable';
      readonly withUnderscoresAction?: 'Allow' | 'RejectRequest' | 'DropHeader';
      readonly xForwardedClientCert?: {
        readonly certDetailsToAdd?: readonly ('Subject' | 'Cert' | 'Chain' | 'DNS' | 'URI')[];
        readonly mode?: 'Sanitize' | 'ForwardOnly' | 'AppendForward' | 'SanitizeSet' | 'AlwaysForwardOnly';
      };
    };
    readonly healthCheck?: {
      readonly path: string;
    };
    readonly http1?: {
      readonly disableSafeMaxConnectionDuration?: boolean;
      readonly enableTrailers?: boolean;
      readonly http10?: {
        readonly useDefaultHost?: boolean;
      };
      readonly ignoredUpgradeTypes?: readonly ({
        readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
        readonly value: string;
      })[];
      readonly preserveHeaderCase?: boolean;
    };
    readonly http2?: Http2ff3c9ac5;
    readonly http3?: Readonly<Record<string, never>>;
    readonly path?: {
      readonly disableMergeSlashes?: boolean;
      readonly escapedSlashesAction?: 'KeepUnchanged' | 'RejectRequest' | 'UnescapeAndForward' | 'UnescapeAndRedirect';
    };
    readonly proxyProtocol?: {
      readonly optional?: boolean;
    };
    readonly scheme?: 'Preserve' | 'MatchBackend';
    readonly targetRef?: TargetRefbba5a0d8;
    readonly targetRefs?: TargetRefs9fd8c867;
    readonly targetSelectors?: TargetSelectors666fdd1b;
    readonly tcpKeepalive?: {
      readonly idleTime?: string;
      readonly interval?: string;
      readonly probes?: number;
    };
    readonly timeout?: {
      readonly http?: {
        readonly idleTimeout?: string;
        readonly requestHeadersReceivedTimeout?: string;
        readonly requestReceivedTimeout?: string;
        readonly streamIdleTimeout?: string;
      };
      readonly tcp?: {
        readonly connectionInspectionTimeout?: string;
        readonly idleTimeout?: string;
        readonly tlsHandshakeTimeout?: string;
      };
    };
    readonly tls?: {
      readonly alpnProtocols?: readonly string[];
      readonly ciphers?: readonly string[];
      readonly clientValidation?: {
        readonly allowExpiredCertificate?: boolean;
        readonly caCertificateRefs?: readonly ClientCertificateRefda13d00b[];
        readonly certificateHashes?: readonly string[];
        readonly crl?: {
          readonly onlyVerifyLeafCertificate?: boolean;
          readonly refs: readonly ClientCertificateRefda13d00b[];
        };
        readonly mode?: 'Request' | 'RequireAny' | 'VerifyIfGiven' | 'RequireAndVerify';
        readonly optional?: boolean;
        readonly spkiHashes?: readonly string[];
        readonly subjectAltNames?: {
          readonly dnsNames?: readonly ({
            readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
            readonly value: string;
          })[];
          readonly emailAddresses?: readonly ({
            readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
            readonly value: string;
          })[];
          readonly ipAddresses?: readonly ({
            readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
            readonly value: string;
          })[];
          readonly otherNames?: readonly ({
            readonly oid: string;
            readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
            readonly value: string;
          })[];
          readonly uris?: readonly ({
            readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
            readonly value: string;
          })[];
        };
      };
      readonly ecdhCurves?: readonly string[];
      readonly fingerprints?: readonly ('JA3' | 'JA4')[];
      readonly maxVersion?: 'Auto' | '1.0' | '1.1' | '1.2' | '1.3';
      readonly minVersion?: 'Auto' | '1.0' | '1.1' | '1.2' | '1.3';
      readonly session?: {
        readonly resumption?: {
          readonly stateful?: Readonly<Record<string, never>>;
          readonly stateless?: Readonly<Record<string, never>>;
        };
      };
      readonly signatureAlgorithms?: readonly string[];
    };
  };
};

export type EnvoyProxy = {
  readonly apiVersion: 'gateway.envoyproxy.io/v1alpha1';
  readonly kind: 'EnvoyProxy';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly backendTLS?: {
      readonly alpnProtocols?: readonly string[];
      readonly ciphers?: readonly string[];
      readonly clientCertificateRef?: ClientCertificateRefda13d00b;
      readonly ecdhCurves?: readonly string[];
      readonly fingerprints?: readonly ('JA3' | 'JA4')[];
      readonly maxVersion?: 'Auto' | '1.0' | '1.1' | '1.2' | '1.3';
      readonly minVersion?: 'Auto' | '1.0' | '1.1' | '1.2' | '1.3';
      readonly signatureAlgorithms?: readonly string[];
    };
    readonly bootstrap?: {
      readonly jsonPatches?: readonly ({
        readonly from?: string;
        readonly jsonPath?: string;
        readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
        readonly path?: string;
        readonly value?: unknown;
      })[];
      readonly type?: 'Merge' | 'Replace' | 'JSONPatch';
      readonly value?: string;
    };
    readonly concurrency?: number;
    readonly dynamicModules?: readonly ({
      readonly doNotClose?: boolean;
      readonly loadGlobally?: boolean;
      readonly name: string;
      readonly source: {
        readonly local?: {
          readonly path: string;
        };
        readonly remote?: {
          readonly sha256: string;
          readonly url: string;
        };
        readonly type?: 'Local' | 'Remote';
      };
    })[];
    readonly extraArgs?: readonly string[];
    readonly filterOrder?: readonly {
      readonly after?: After4d036641;
      readonly before?: After4d036641;
      readonly name: After4d036641;
    }[];
    readonly geoIP?: {
      readonly provider: {
        readonly maxMind?: {
          readonly anonymousIpDbSource?: {
            readonly local: {
              readonly path: string;
            };
          };
          readonly asnDbSource?: {
            readonly local: {
              readonly path: string;
            };
          };
          readonly cityDbSource?: {
            readonly local: {
              readonly path: string;
            };
          };
          readonly countryDbSource?: {
            readonly local: {
              readonly path: string;
            };
          };
          readonly ispDbSource?: {
            readonly local: {
              readonly path: string;
            };
          };
        };
        readonly type: 'MaxMind';
      };
    };
    readonly ipFamily?: 'IPv4' | 'IPv6' | 'DualStack';
    readonly logging?: {
      readonly level?: Readonly<Record<string, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'off' | 'critical'>>;
    };
    readonly luaValidation?: 'Strict' | 'InsecureSyntax' | 'Disabled';
    readonly mergeBackends?: {
      readonly selector?: Selectore2d022d7;
    };
    readonly mergeGateways?: boolean;
    readonly mergeType?: 'Replace' | 'StrategicMerge' | 'JSONMerge';
    readonly preserveRouteOrder?: boolean;
    readonly provider?: {
      readonly host?: {
        readonly envoyVersion?: string;
      };
      readonly kubernetes?: {
        readonly envoyDaemonSet?: {
          readonly container?: Container9d8ce2f9;
          readonly name?: string;
          readonly patch?: {
            readonly type?: string;
            readonly value: unknown;
          };
          readonly pod?: Pod642c0e3b;
          readonly strategy?: {
            readonly rollingUpdate?: {
              readonly maxSurge?: number | string;
              readonly maxUnavailable?: number | string;
            };
            readonly type?: string;
          };
        };
        readonly envoyDeployment?: {
          readonly container?: Container9d8ce2f9;
          readonly initContainers?: readonly {
            readonly args?: readonly string[];
            readonly command?: readonly string[];
            readonly env?: Envdef169ca;
            readonly envFrom?: readonly {
              readonly configMapRef?: {
                readonly name?: string;
                readonly optional?: boolean;
              };
              readonly prefix?: string;
              readonly secretRef?: {
                readonly name?: string;
                readonly optional?: boolean;
              };
            }[];
            readonly image?: string;
            readonly imagePullPolicy?: string;
            readonly lifecycle?: {
              readonly postStart?: PostStart40487059;
              readonly preStop?: PostStart40487059;
              readonly stopSignal?: string;
            };
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
            readonly resources?: Resources90234427;
            readonly restartPolicy?: string;
            readonly restartPolicyRules?: readonly {
              readonly action: string;
              readonly exitCodes?: {
                readonly operator: string;
                readonly values?: readonly number[];
              };
            }[];
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
          }[];
          readonly name?: string;
          readonly patch?: {
            readonly type?: string;
            readonly value: unknown;
          };
          readonly pod?: Pod642c0e3b;
          readonly replicas?: number;
          readonly strategy?: {
            readonly rollingUpdate?: {
              readonly maxSurge?: number | string;
              readonly maxUnavailable?: number | string;
            };
            readonly type?: string;
          };
        };
        readonly envoyHpa?: {
          readonly behavior?: {
            readonly scaleDown?: ScaleDowncdfbebe4;
            readonly scaleUp?: ScaleDowncdfbebe4;
          };
          readonly maxReplicas: number;
          readonly metrics?: readonly {
            readonly containerResource?: {
              readonly container: string;
              readonly name: string;
              readonly target: Target521eef1e;
            };
            readonly external?: External162d07a5;
            readonly object?: {
              readonly describedObject: {
                readonly apiVersion?: string;
                readonly kind: string;
                readonly name: string;
              };
              readonly metric: Metricbbd3487d;
              readonly target: Target521eef1e;
            };
            readonly pods?: External162d07a5;
            readonly resource?: {
              readonly name: string;
              readonly target: Target521eef1e;
            };
            readonly type: string;
          }[];
          readonly minReplicas?: number;
          readonly name?: string;
          readonly patch?: {
            readonly type?: string;
            readonly value: unknown;
          };
        };
        readonly envoyPDB?: {
          readonly maxUnavailable?: number | string;
          readonly minAvailable?: number | string;
          readonly name?: string;
          readonly patch?: {
            readonly type?: string;
            readonly value: unknown;
          };
        };
        readonly envoyService?: {
          readonly allocateLoadBalancerNodePorts?: boolean;
          readonly annotations?: Readonly<Record<string, string>>;
          readonly externalTrafficPolicy?: 'Local' | 'Cluster';
          readonly labels?: Readonly<Record<string, string>>;
          readonly loadBalancerClass?: string;
          readonly loadBalancerIP?: string;
          readonly loadBalancerSourceRanges?: readonly string[];
          readonly name?: string;
          readonly patch?: {
            readonly type?: string;
            readonly value: unknown;
          };
          readonly type?: 'ClusterIP' | 'LoadBalancer' | 'NodePort';
        };
        readonly envoyServiceAccount?: {
          readonly name?: string;
        };
        readonly useListenerPortAsContainerPort?: boolean;
      };
      readonly type: 'Kubernetes' | 'Host';
    };
    readonly routingType?: string;
    readonly shutdown?: {
      readonly drainTimeout?: string;
      readonly healthCheckFailureDelay?: string;
      readonly minDrainDuration?: string;
    };
    readonly telemetry?: {
      readonly accessLog?: {
        readonly disable?: boolean;
        readonly settings?: readonly ({
          readonly format?: {
            readonly json?: Readonly<Record<string, string>>;
            readonly text?: string;
            readonly type?: 'Text' | 'JSON';
          };
          readonly matches?: readonly string[];
          readonly sinks: readonly ({
            readonly als?: {
              readonly backendRef?: BackendRef098e4a9a;
              readonly backendRefs?: BackendRefs038a78b7;
              readonly backendSettings?: BackendSettings5fd6693f;
              readonly http?: {
                readonly requestHeaders?: readonly string[];
                readonly responseHeaders?: readonly string[];
                readonly responseTrailers?: readonly string[];
              };
              readonly logName?: string;
              readonly type: 'HTTP' | 'TCP';
            };
            readonly file?: {
              readonly path?: string;
            };
            readonly openTelemetry?: {
              readonly backendRef?: BackendRef098e4a9a;
              readonly backendRefs?: BackendRefs038a78b7;
              readonly backendSettings?: BackendSettings5fd6693f;
              readonly headers?: Headers57756c01;
              readonly host?: string;
              readonly port?: number;
              readonly resourceAttributes?: Readonly<Record<string, string>>;
              readonly resources?: Readonly<Record<string, string>>;
            };
            readonly type?: 'ALS' | 'File' | 'OpenTelemetry';
          })[];
          readonly type?: 'Listener' | 'Route' | 'Upstream';
        })[];
      };
      readonly healthCheckLog?: HealthCheckLog95d50eee;
      readonly metrics?: {
        readonly clusterStatName?: string;
        readonly enableGRPCStats?: boolean;
        readonly enablePerEndpointStats?: boolean;
        readonly enableRequestResponseSizesStats?: boolean;
        readonly enableVirtualHostStats?: boolean;
        readonly matches?: readonly ({
          readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
          readonly value: string;
        })[];
        readonly prometheus?: {
          readonly compression?: Compressionee67533a;
          readonly disable?: boolean;
        };
        readonly sinks?: readonly {
          readonly openTelemetry?: {
            readonly backendRef?: BackendRef098e4a9a;
            readonly backendRefs?: BackendRefs038a78b7;
            readonly backendSettings?: BackendSettings5fd6693f;
            readonly headers?: Headers57756c01;
            readonly host?: string;
            readonly port?: number;
            readonly reportCountersAsDeltas?: boolean;
            readonly reportHistogramsAsDeltas?: boolean;
            readonly resourceAttributes?: Readonly<Record<string, string>>;
          };
          readonly type?: 'OpenTelemetry';
        }[];
      };
      readonly requestID?: {
        readonly tracing?: 'PackAndSample' | 'Sample' | 'Pack' | 'Disable';
      };
      readonly tracing?: {
        readonly clientSamplingFraction?: {
          readonly denominator?: number;
          readonly numerator: number;
        };
        readonly customTags?: CustomTags70a4bae4;
        readonly overallSamplingFraction?: {
          readonly denominator?: number;
          readonly numerator: number;
        };
        readonly provider: {
          readonly backendRef?: BackendRef098e4a9a;
          readonly backendRefs?: BackendRefs038a78b7;
          readonly backendSettings?: BackendSettings5fd6693f;
          readonly host?: string;
          readonly openTelemetry?: {
            readonly headers?: Headers57756c01;
            readonly resourceAttributes?: Readonly<Record<string, string>>;
            readonly sampler?: {
              readonly samplingPercentage?: {
                readonly denominator?: number;
                readonly numerator: number;
              };
              readonly type?: 'AlwaysOn' | 'AlwaysOff' | 'TraceIdRatio' | 'ParentBasedAlwaysOn' | 'ParentBasedAlwaysOff' | 'ParentBasedTraceIdRatio';
            };
          };
          readonly port?: number;
          readonly serviceName?: string;
          readonly type?: 'OpenTelemetry' | 'Zipkin' | 'Datadog';
          readonly zipkin?: {
            readonly disableSharedSpanContext?: boolean;
            readonly enable128BitTraceId?: boolean;
          };
        };
        readonly samplingFraction?: {
          readonly denominator?: number;
          readonly numerator: number;
        };
        readonly samplingRate?: number;
        readonly spanName?: {
          readonly client: string;
          readonly server: string;
        };
        readonly tags?: Readonly<Record<string, string>>;
      };
    };
  };
};

export type SecurityPolicy = {
  readonly apiVersion: 'gateway.envoyproxy.io/v1alpha1';
  readonly kind: 'SecurityPolicy';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly apiKeyAuth?: {
      readonly credentialRefs: readonly ClientCertificateRefda13d00b[];
      readonly extractFrom: readonly {
        readonly cookies?: readonly string[];
        readonly headers?: readonly string[];
        readonly params?: readonly string[];
      }[];
      readonly forwardClientIDHeader?: string;
      readonly sanitize?: boolean;
    };
    readonly authorization?: {
      readonly defaultAction?: 'Allow' | 'Deny';
      readonly rules?: readonly ({
        readonly action: 'Allow' | 'Deny';
        readonly cel?: string;
        readonly name?: string;
        readonly operation?: {
          readonly methods?: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'CONNECT' | 'OPTIONS' | 'TRACE' | 'PATCH')[];
          readonly path?: {
            readonly invert?: boolean;
            readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression';
            readonly value?: string;
          };
        };
        readonly principal?: {
          readonly clientCIDRs?: TrustedCIDRs19ceaaf8;
          readonly clientIPGeoLocations?: readonly {
            readonly anonymous?: {
              readonly isAnonymous?: boolean;
              readonly isHosting?: boolean;
              readonly isProxy?: boolean;
              readonly isTor?: boolean;
              readonly isVPN?: boolean;
            };
            readonly asn?: number;
            readonly city?: string;
            readonly country?: string;
            readonly isp?: string;
            readonly region?: string;
          }[];
          readonly headers?: readonly {
            readonly name: string;
            readonly values: readonly string[];
          }[];
          readonly jwt?: {
            readonly claims?: readonly ({
              readonly name: string;
              readonly valueType?: 'String' | 'StringArray';
              readonly values: readonly string[];
            })[];
            readonly provider: string;
            readonly scopes?: readonly string[];
          };
        };
      })[];
    };
    readonly basicAuth?: {
      readonly forwardUsernameHeader?: string;
      readonly users: ClientCertificateRefda13d00b;
    };
    readonly cors?: {
      readonly allowCredentials?: boolean;
      readonly allowHeaders?: readonly string[];
      readonly allowMethods?: readonly string[];
      readonly allowOrigins?: readonly string[];
      readonly exposeHeaders?: readonly string[];
      readonly maxAge?: string;
    };
    readonly csrf?: {
      readonly additionalOrigins?: readonly string[];
      readonly shadowFraction?: {
        readonly denominator?: number;
        readonly numerator: number;
      };
    };
    readonly extAuth?: {
      readonly bodyToExtAuth?: {
        readonly maxRequestBytes: number;
      };
      readonly contextExtensions?: readonly ({
        readonly name: string;
        readonly type?: 'Value' | 'ValueRef';
        readonly value?: string;
        readonly valueRef?: {
          readonly group: string;
          readonly key: string;
          readonly kind: string;
          readonly name: string;
        };
      })[];
      readonly failOpen?: boolean;
      readonly grpc?: {
        readonly backendRef?: BackendRef098e4a9a;
        readonly backendRefs?: BackendRefs038a78b7;
        readonly backendSettings?: BackendSettings5fd6693f;
      };
      readonly headersToExtAuth?: readonly string[];
      readonly http?: {
        readonly backendRef?: BackendRef098e4a9a;
        readonly backendRefs?: BackendRefs038a78b7;
        readonly backendSettings?: BackendSettings5fd6693f;
        readonly headersToBackend?: readonly string[];
        readonly path?: string;
        readonly pathOverride?: string;
      };
      readonly includeRouteMetadata?: boolean;
      readonly recomputeRoute?: boolean;
      readonly statusOnError?: 400 | 401 | 402 | 403 | 404 | 405 | 406 | 407 | 408 | 409 | 410 | 411 | 412 | 413 | 414 | 415 | 416 | 417 | 421 | 422 | 423 | 424 | 426 | 428 | 429 | 431 | 500 | 501 | 502 | 503 | 504 | 505 | 506 | 507 | 508 | 510 | 511;
      readonly timeout?: string;
    };
    readonly jwt?: {
      readonly failOpen?: boolean;
      readonly optional?: boolean;
      readonly providers: readonly ({
        readonly audiences?: readonly string[];
        readonly claimToHeaders?: readonly {
          readonly claim: string;
          readonly header: string;
        }[];
        readonly extractFrom?: {
          readonly cookies?: readonly string[];
          readonly headers?: readonly {
            readonly name: string;
            readonly valuePrefix?: string;
          }[];
          readonly params?: readonly string[];
        };
        readonly issuer?: string;
        readonly localJWKS?: {
          readonly inline?: string;
          readonly type?: 'Inline' | 'ValueRef';
          readonly valueRef?: CaCertificateRefs8a76a3a1;
        };
        readonly name: string;
        readonly recomputeRoute?: boolean;
        readonly remoteJWKS?: {
          readonly backendRef?: BackendRef098e4a9a;
          readonly backendRefs?: BackendRefs038a78b7;
          readonly backendSettings?: BackendSettings5fd6693f;
          readonly cacheDuration?: string;
          readonly failedRefetchDuration?: string;
          readonly uri: string;
        };
      })[];
    };
    readonly mergeType?: string;
    readonly oidc?: {
      readonly clientID?: string;
      readonly clientIDRef?: ClientCertificateRefda13d00b;
      readonly clientSecret: ClientCertificateRefda13d00b;
      readonly cookieConfig?: {
        readonly sameSite?: 'Lax' | 'Strict' | 'None';
      };
      readonly cookieDomain?: string;
      readonly cookieNames?: {
        readonly accessToken?: string;
        readonly idToken?: string;
      };
      readonly csrfTokenTTL?: string;
      readonly defaultRefreshTokenTTL?: string;
      readonly defaultTokenTTL?: string;
      readonly denyRedirect?: {
        readonly headers: readonly ({
          readonly name: string;
          readonly type?: 'Exact' | 'Prefix' | 'Suffix' | 'RegularExpression';
          readonly value: string;
        })[];
      };
      readonly disableTokenEncryption?: boolean;
      readonly forwardAccessToken?: boolean;
      readonly forwardIDToken?: {
        readonly header: string;
      };
      readonly logoutPath?: string;
      readonly passThroughAuthHeader?: boolean;
      readonly provider: {
        readonly authorizationEndpoint?: string;
        readonly backendRef?: BackendRef098e4a9a;
        readonly backendRefs?: BackendRefs038a78b7;
        readonly backendSettings?: BackendSettings5fd6693f;
        readonly endSessionEndpoint?: string;
        readonly issuer: string;
        readonly tokenEndpoint?: string;
      };
      readonly redirectURL?: string;
      readonly refreshToken?: boolean;
      readonly resources?: readonly string[];
      readonly scopes?: readonly string[];
    };
    readonly targetRef?: TargetRefbba5a0d8;
    readonly targetRefs?: TargetRefs9fd8c867;
    readonly targetSelectors?: TargetSelectors666fdd1b;
  };
};

export type BackendTLSPolicy = {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'BackendTLSPolicy';
  readonly metadata: NamedMeta;
  readonly spec: Spec988b88a2;
};

export type Gateway = {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'Gateway';
  readonly metadata: NamedMeta;
  readonly spec: Spec440cbc1d;
};

export type GatewayClass = {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'GatewayClass';
  readonly metadata: NamedMeta;
  readonly spec: Spec80489931;
};

export type HTTPRoute = {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'HTTPRoute';
  readonly metadata: NamedMeta;
  readonly spec: Specc5eec9a6;
};

export type ReferenceGrant = {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'ReferenceGrant';
  readonly metadata: NamedMeta;
  readonly spec: Specc46f939e;
};
