// Generated from Go module github.com/kedacore/keda/v2 v2.21.0 by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

type AccessKeye9969bd6 = {
  readonly valueFrom: {
    readonly secretKeyRef: {
      readonly key: string;
      readonly name: string;
    };
  };
};

type PodIdentity9a2440aa = {
  readonly externalID?: string;
  readonly identityAuthorityHost?: string;
  readonly identityId?: string;
  readonly identityOwner?: 'keda' | 'workload';
  readonly identityTenantId?: string;
  readonly provider: 'azure-workload' | 'gcp' | 'aws' | 'aws-eks' | 'none';
  readonly roleArn?: string;
};

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

export type ScaledObject = {
  readonly apiVersion: 'keda.sh/v1alpha1';
  readonly kind: 'ScaledObject';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly advanced?: {
      readonly horizontalPodAutoscalerConfig?: {
        readonly behavior?: {
          readonly scaleDown?: ScaleDowncdfbebe4;
          readonly scaleUp?: ScaleDowncdfbebe4;
        };
        readonly name?: string;
      };
      readonly restoreToOriginalReplicaCount?: boolean;
      readonly scalingModifiers?: {
        readonly activationTarget?: string;
        readonly formula?: string;
        readonly metricType?: 'AverageValue' | 'Value';
        readonly target?: string;
      };
    };
    readonly cooldownPeriod?: number;
    readonly fallback?: {
      readonly behavior?: 'static' | 'currentReplicas' | 'currentReplicasIfHigher' | 'currentReplicasIfLower' | 'scalingModifiers';
      readonly failureThreshold: number;
      readonly replicas: number;
    };
    readonly idleReplicaCount?: number;
    readonly initialCooldownPeriod?: number;
    readonly maxReplicaCount?: number;
    readonly minReplicaCount?: number;
    readonly pollingInterval?: number;
    readonly scaleTargetRef: {
      readonly apiVersion?: string;
      readonly envSourceContainerName?: string;
      readonly kind?: string;
      readonly name: string;
    };
    readonly triggers: readonly ({
      readonly authenticationRef?: {
        readonly kind?: 'TriggerAuthentication' | 'ClusterTriggerAuthentication';
        readonly name: string;
      };
      readonly metadata: Readonly<Record<string, string>>;
      readonly metricType?: string;
      readonly name?: string;
      readonly type: string;
      readonly useCachedMetrics?: boolean;
    })[];
  };
};

export type TriggerAuthentication = {
  readonly apiVersion: 'keda.sh/v1alpha1';
  readonly kind: 'TriggerAuthentication';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly awsSecretManager?: {
      readonly credentials?: {
        readonly accessKey: AccessKeye9969bd6;
        readonly accessSecretKey: AccessKeye9969bd6;
        readonly accessToken?: AccessKeye9969bd6;
      };
      readonly podIdentity?: PodIdentity9a2440aa;
      readonly region?: string;
      readonly secrets: readonly {
        readonly name: string;
        readonly parameter: string;
        readonly secretKey?: string;
        readonly versionId?: string;
        readonly versionStage?: string;
      }[];
    };
    readonly azureKeyVault?: {
      readonly cloud?: {
        readonly activeDirectoryEndpoint?: string;
        readonly keyVaultResourceURL?: string;
        readonly type: string;
      };
      readonly credentials?: {
        readonly clientId: string;
        readonly clientSecret: AccessKeye9969bd6;
        readonly tenantId: string;
      };
      readonly podIdentity?: PodIdentity9a2440aa;
      readonly secrets: readonly {
        readonly name: string;
        readonly parameter: string;
        readonly version?: string;
      }[];
      readonly vaultUri: string;
    };
    readonly azureServicePrincipal?: {
      readonly activeDirectoryEndpoint?: string;
      readonly clientCertificate?: AccessKeye9969bd6;
      readonly clientCertificatePassword?: AccessKeye9969bd6;
      readonly clientId: string;
      readonly clientSecret?: AccessKeye9969bd6;
      readonly cloud?: string;
      readonly tenantId: string;
    };
    readonly boundServiceAccountToken?: readonly {
      readonly parameter: string;
      readonly serviceAccountName: string;
    }[];
    readonly configMapTargetRef?: readonly {
      readonly key: string;
      readonly name: string;
      readonly parameter: string;
    }[];
    readonly env?: readonly {
      readonly containerName?: string;
      readonly name: string;
      readonly parameter: string;
    }[];
    readonly filePath?: string;
    readonly gcpSecretManager?: {
      readonly credentials?: {
        readonly clientSecret: AccessKeye9969bd6;
      };
      readonly podIdentity?: PodIdentity9a2440aa;
      readonly secrets: readonly {
        readonly id: string;
        readonly parameter: string;
        readonly version?: string;
      }[];
    };
    readonly hashiCorpVault?: {
      readonly address: string;
      readonly authentication: 'token' | 'kubernetes';
      readonly credential?: {
        readonly serviceAccount?: string;
        readonly serviceAccountName?: string;
        readonly token?: string;
      };
      readonly mount?: string;
      readonly namespace?: string;
      readonly role?: string;
      readonly secrets: readonly ({
        readonly key: string;
        readonly parameter: string;
        readonly path: string;
        readonly pkiData?: {
          readonly altNames?: string;
          readonly commonName?: string;
          readonly format?: string;
          readonly ipSans?: string;
          readonly otherSans?: string;
          readonly ttl?: string;
          readonly uriSans?: string;
        };
        readonly type?: '' | 'secretV2' | 'secret' | 'pki';
      })[];
    };
    readonly oauth2?: {
      readonly clientId: string;
      readonly clientSecret?: AccessKeye9969bd6;
      readonly scopes?: readonly string[];
      readonly tokenUrl: string;
      readonly tokenUrlParams?: Readonly<Record<string, string>>;
      readonly type?: 'clientCredentials';
    };
    readonly podIdentity?: PodIdentity9a2440aa;
    readonly secretTargetRef?: readonly {
      readonly key: string;
      readonly name: string;
      readonly parameter: string;
    }[];
  };
};
