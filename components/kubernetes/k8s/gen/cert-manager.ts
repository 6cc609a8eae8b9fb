// Generated from Go module github.com/cert-manager/cert-manager v1.21.2 by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

type Acmea20f5bde = {
  readonly caBundle?: string;
  readonly disableAccountKeyGeneration?: boolean;
  readonly email?: string;
  readonly enableDurationFeature?: boolean;
  readonly externalAccountBinding?: ExternalAccountBindingd626745d;
  readonly preferredChain?: string;
  readonly privateKeySecretRef: {
    readonly key?: string;
    readonly name: string;
  };
  readonly profile?: string;
  readonly server: string;
  readonly skipTLSVerify?: boolean;
  readonly solvers?: Solvers80b0f66f;
};

type Affinity4e9b5358 = {
  readonly nodeAffinity?: NodeAffinitya09e2c82;
  readonly podAffinity?: PodAffinity4efe19c1;
  readonly podAntiAffinity?: PodAffinity4efe19c1;
};

type Akamai80d0235d = {
  readonly accessTokenSecretRef: {
    readonly key?: string;
    readonly name: string;
  };
  readonly clientSecretSecretRef: {
    readonly key?: string;
    readonly name: string;
  };
  readonly clientTokenSecretRef: {
    readonly key?: string;
    readonly name: string;
  };
  readonly serviceConsumerDomain: string;
};

type Auth047b0e57 = {
  readonly kubernetes: {
    readonly serviceAccountRef: {
      readonly audiences?: readonly string[];
      readonly name: string;
    };
  };
};

type Authb947ed1f = {
  readonly appRole?: {
    readonly path: string;
    readonly roleId: string;
    readonly secretRef: {
      readonly key?: string;
      readonly name: string;
    };
  };
  readonly aws?: Awsa6a86d8c;
  readonly clientCertificate?: {
    readonly mountPath?: string;
    readonly name?: string;
    readonly secretName?: string;
  };
  readonly kubernetes?: Kubernetes113e2d82;
  readonly tokenSecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
};

type Awsa6a86d8c = {
  readonly iamRoleArn?: string;
  readonly mountPath?: string;
  readonly region?: string;
  readonly role: string;
  readonly serviceAccountRef?: {
    readonly audiences?: readonly string[];
    readonly name: string;
  };
  readonly vaultHeaderValue?: string;
};

type AzureDNS555c8238 = {
  readonly clientID?: string;
  readonly clientSecretSecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
  readonly environment?: 'AzurePublicCloud' | 'AzureChinaCloud' | 'AzureGermanCloud' | 'AzureUSGovernmentCloud';
  readonly hostedZoneName?: string;
  readonly managedIdentity?: {
    readonly clientID?: string;
    readonly resourceID?: string;
    readonly tenantID?: string;
  };
  readonly resourceGroupName: string;
  readonly subscriptionID: string;
  readonly tenantID?: string;
  readonly zoneType?: 'AzurePublicZone' | 'AzurePrivateZone';
};

type Caff977128 = {
  readonly crlDistributionPoints?: readonly string[];
  readonly issuingCertificateURLs?: readonly string[];
  readonly ocspServers?: readonly string[];
  readonly secretName: string;
};

type CloudDNSe0eb5328 = {
  readonly hostedZoneName?: string;
  readonly project: string;
  readonly serviceAccountSecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
};

type Cloudflarea07dfd08 = {
  readonly apiKeySecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
  readonly apiTokenSecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
  readonly email?: string;
};

type Dns018c2b9093 = {
  readonly acmeDNS?: {
    readonly accountSecretRef: {
      readonly key?: string;
      readonly name: string;
    };
    readonly host: string;
  };
  readonly akamai?: Akamai80d0235d;
  readonly azureDNS?: AzureDNS555c8238;
  readonly cloudDNS?: CloudDNSe0eb5328;
  readonly cloudflare?: Cloudflarea07dfd08;
  readonly cnameStrategy?: 'None' | 'Follow';
  readonly digitalocean?: {
    readonly tokenSecretRef: {
      readonly key?: string;
      readonly name: string;
    };
  };
  readonly rfc2136?: Rfc2136f86883f9;
  readonly route53?: Route53582f9600;
  readonly webhook?: {
    readonly config?: unknown;
    readonly groupName: string;
    readonly solverName: string;
  };
};

type ExternalAccountBindingd626745d = {
  readonly keyAlgorithm?: 'HS256' | 'HS384' | 'HS512';
  readonly keyID: string;
  readonly keySecretRef: {
    readonly key?: string;
    readonly name: string;
  };
};

type GatewayHTTPRoute22c0acc6 = {
  readonly labels?: Readonly<Record<string, string>>;
  readonly parentRefs?: ParentRefs7ea06cd4;
  readonly podTemplate?: PodTemplate4bf73c6d;
  readonly serviceType?: string;
};

type Http01e56fb454 = {
  readonly gatewayHTTPRoute?: GatewayHTTPRoute22c0acc6;
  readonly ingress?: Ingress634b1c17;
};

type Ingress634b1c17 = {
  readonly class?: string;
  readonly ingressClassName?: string;
  readonly ingressTemplate?: {
    readonly metadata?: {
      readonly annotations?: Readonly<Record<string, string>>;
      readonly labels?: Readonly<Record<string, string>>;
    };
  };
  readonly name?: string;
  readonly podTemplate?: PodTemplate4bf73c6d;
  readonly serviceType?: string;
};

type Kubernetes113e2d82 = {
  readonly mountPath?: string;
  readonly role: string;
  readonly secretRef?: {
    readonly key?: string;
    readonly name: string;
  };
  readonly serviceAccountRef?: {
    readonly audiences?: readonly string[];
    readonly name: string;
  };
};

type LabelSelectore2d022d7 = {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
  readonly matchLabels?: Readonly<Record<string, string>>;
};

type Ngts3122258b = {
  readonly credentialsRef: {
    readonly name: string;
  };
  readonly tokenEndpoint?: string;
  readonly tsgID: string;
  readonly url?: string;
};

type NodeAffinitya09e2c82 = {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredDuringSchedulingIgnoredDuringExecution1262da42;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: RequiredDuringSchedulingIgnoredDuringExecution2ec8ca6b;
};

type NodeSelectorTerms22d3b8c9 = readonly Preferencef113c37c[];

type ParentRefs1ce8a624 = {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly sectionName?: string;
};

type ParentRefs7ea06cd4 = readonly ParentRefs1ce8a624[];

type PodAffinity4efe19c1 = {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredDuringSchedulingIgnoredDuringExecution568aa0ae;
  readonly requiredDuringSchedulingIgnoredDuringExecution?: RequiredDuringSchedulingIgnoredDuringExecution0d017861;
};

type PodAffinityTerm66f0a644 = {
  readonly labelSelector?: LabelSelectore2d022d7;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
  readonly namespaceSelector?: LabelSelectore2d022d7;
  readonly namespaces?: readonly string[];
  readonly topologyKey: string;
};

type PodTemplate4bf73c6d = {
  readonly metadata?: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Specaefb4edd;
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

type Resourcesa92e2a39 = {
  readonly limits?: Readonly<Record<string, number | string>>;
  readonly requests?: Readonly<Record<string, number | string>>;
};

type Rfc2136f86883f9 = {
  readonly nameserver: string;
  readonly protocol?: 'TCP' | 'UDP';
  readonly tsigAlgorithm?: string;
  readonly tsigKeyName?: string;
  readonly tsigSecretSecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
};

type Route53582f9600 = {
  readonly accessKeyID?: string;
  readonly accessKeyIDSecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
  readonly auth?: Auth047b0e57;
  readonly hostedZoneID?: string;
  readonly region?: string;
  readonly role?: string;
  readonly secretAccessKeySecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
};

type SecurityContext05eea2ad = {
  readonly fsGroup?: number;
  readonly fsGroupChangePolicy?: string;
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
  readonly supplementalGroups?: readonly number[];
  readonly sysctls?: readonly {
    readonly name: string;
    readonly value: string;
  }[];
};

type Solvers80b0f66f = readonly Solversd9a59334[];

type Solversd9a59334 = {
  readonly dns01?: Dns018c2b9093;
  readonly http01?: Http01e56fb454;
  readonly selector?: {
    readonly dnsNames?: readonly string[];
    readonly dnsZones?: readonly string[];
    readonly matchLabels?: Readonly<Record<string, string>>;
  };
  readonly waitInsteadOfSelfCheck?: string;
};

type Spec0b92e2aa = {
  readonly acme?: Acmea20f5bde;
  readonly ca?: Caff977128;
  readonly selfSigned?: {
    readonly crlDistributionPoints?: readonly string[];
  };
  readonly vault?: Vaultf56f6dd7;
  readonly venafi?: Venafi152bb4b7;
};

type Specaefb4edd = {
  readonly affinity?: Affinity4e9b5358;
  readonly imagePullSecrets?: readonly {
    readonly name?: string;
  }[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly priorityClassName?: string;
  readonly resources?: Resourcesa92e2a39;
  readonly securityContext?: SecurityContext05eea2ad;
  readonly serviceAccountName?: string;
  readonly tolerations?: readonly {
    readonly effect?: string;
    readonly key?: string;
    readonly operator?: string;
    readonly tolerationSeconds?: number;
    readonly value?: string;
  }[];
};

type Tppaf4ba8af = {
  readonly caBundle?: string;
  readonly caBundleSecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
  readonly credentialsRef: {
    readonly name: string;
  };
  readonly url: string;
};

type Usagesbc63c16c = readonly Usagesc7c5033f[];

type Usagesc7c5033f = 'signing' | 'digital signature' | 'content commitment' | 'key encipherment' | 'key agreement' | 'data encipherment' | 'cert sign' | 'crl sign' | 'encipher only' | 'decipher only' | 'any' | 'server auth' | 'client auth' | 'code signing' | 'email protection' | 's/mime' | 'ipsec end system' | 'ipsec tunnel' | 'ipsec user' | 'timestamping' | 'ocsp signing' | 'microsoft sgc' | 'netscape sgc';

type Vaultf56f6dd7 = {
  readonly auth: Authb947ed1f;
  readonly caBundle?: string;
  readonly caBundleSecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
  readonly clientCertSecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
  readonly clientKeySecretRef?: {
    readonly key?: string;
    readonly name: string;
  };
  readonly namespace?: string;
  readonly path: string;
  readonly server: string;
  readonly serverName?: string;
};

type Venafi152bb4b7 = {
  readonly cloud?: {
    readonly apiTokenSecretRef: {
      readonly key?: string;
      readonly name: string;
    };
    readonly url?: string;
  };
  readonly ngts?: Ngts3122258b;
  readonly tpp?: Tppaf4ba8af;
  readonly zone: string;
};

export type Certificate = {
  readonly apiVersion: 'cert-manager.io/v1';
  readonly kind: 'Certificate';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly additionalOutputFormats?: readonly ({
      readonly type: 'DER' | 'CombinedPEM';
    })[];
    readonly commonName?: string;
    readonly dnsNames?: readonly string[];
    readonly duration?: string;
    readonly emailAddresses?: readonly string[];
    readonly encodeUsagesInRequest?: boolean;
    readonly ipAddresses?: readonly string[];
    readonly isCA?: boolean;
    readonly issuerRef: {
      readonly group?: string;
      readonly kind?: string;
      readonly name: string;
    };
    readonly keystores?: {
      readonly jks?: {
        readonly alias?: string;
        readonly create: boolean;
        readonly password?: string;
        readonly passwordSecretRef?: {
          readonly key?: string;
          readonly name: string;
        };
      };
      readonly pkcs12?: {
        readonly create: boolean;
        readonly password?: string;
        readonly passwordSecretRef?: {
          readonly key?: string;
          readonly name: string;
        };
        readonly profile?: 'LegacyRC2' | 'LegacyDES' | 'Modern2023' | 'Modern2026';
      };
    };
    readonly literalSubject?: string;
    readonly nameConstraints?: {
      readonly critical?: boolean;
      readonly excluded?: {
        readonly dnsDomains?: readonly string[];
        readonly emailAddresses?: readonly string[];
        readonly ipRanges?: readonly string[];
        readonly uriDomains?: readonly string[];
      };
      readonly permitted?: {
        readonly dnsDomains?: readonly string[];
        readonly emailAddresses?: readonly string[];
        readonly ipRanges?: readonly string[];
        readonly uriDomains?: readonly string[];
      };
    };
    readonly otherNames?: readonly {
      readonly oid?: string;
      readonly utf8Value?: string;
    }[];
    readonly privateKey?: {
      readonly algorithm?: 'RSA' | 'ECDSA' | 'Ed25519';
      readonly encoding?: 'PKCS1' | 'PKCS8';
      readonly rotationPolicy?: 'Never' | 'Always';
      readonly size?: number;
    };
    readonly renewBefore?: string;
    readonly renewBeforePercentage?: number;
    readonly renewal?: {
      readonly policy?: 'RenewBefore' | 'Disabled';
      readonly windows?: readonly {
        readonly cron: string;
        readonly timezone?: string;
        readonly windowDuration: string;
      }[];
    };
    readonly revisionHistoryLimit?: number;
    readonly secretName: string;
    readonly secretTemplate?: {
      readonly annotations?: Readonly<Record<string, string>>;
      readonly labels?: Readonly<Record<string, string>>;
    };
    readonly signatureAlgorithm?: 'SHA256WithRSA' | 'SHA384WithRSA' | 'SHA512WithRSA' | 'ECDSAWithSHA256' | 'ECDSAWithSHA384' | 'ECDSAWithSHA512' | 'PureEd25519';
    readonly subject?: {
      readonly countries?: readonly string[];
      readonly localities?: readonly string[];
      readonly organizationalUnits?: readonly string[];
      readonly organizations?: readonly string[];
      readonly postalCodes?: readonly string[];
      readonly provinces?: readonly string[];
      readonly serialNumber?: string;
      readonly streetAddresses?: readonly string[];
    };
    readonly uris?: readonly string[];
    readonly usages?: Usagesbc63c16c;
  };
};

export type CertificateRequest = {
  readonly apiVersion: 'cert-manager.io/v1';
  readonly kind: 'CertificateRequest';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly duration?: string;
    readonly extra?: Readonly<Record<string, readonly string[]>>;
    readonly groups?: readonly string[];
    readonly isCA?: boolean;
    readonly issuerRef: {
      readonly group?: string;
      readonly kind?: string;
      readonly name: string;
    };
    readonly request: string;
    readonly uid?: string;
    readonly usages?: Usagesbc63c16c;
    readonly username?: string;
  };
};

export type ClusterIssuer = {
  readonly apiVersion: 'cert-manager.io/v1';
  readonly kind: 'ClusterIssuer';
  readonly metadata: NamedMeta;
  readonly spec: Spec0b92e2aa;
};

export type Issuer = {
  readonly apiVersion: 'cert-manager.io/v1';
  readonly kind: 'Issuer';
  readonly metadata: NamedMeta;
  readonly spec: Spec0b92e2aa;
};
