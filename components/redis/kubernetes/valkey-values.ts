/** What we set of the values of the chart `valkey` 0.11. Source: valkey-io/valkey-helm, values.yaml. */
export interface ValkeyValues {
  readonly nameOverride: string;
  readonly fullnameOverride: string;
  readonly clusterDomain: string;
  readonly image: { readonly registry: string; readonly repository: string; readonly tag: string };
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  /** Of every object, pods too. */
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly priorityClassName: string;
  readonly deploymentStrategy: 'RollingUpdate' | 'Recreate';
  readonly podSecurityContext: Readonly<Record<string, unknown>>;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly auth: {
    readonly enabled: boolean;
    /** With the password of each user under its name. */
    readonly usersExistingSecret: string;
    readonly aclUsers: Readonly<Record<string, { readonly permissions: string }>>;
  };
  readonly tls: {
    readonly enabled: boolean;
    readonly existingSecret: string;
    readonly serverPublicKey: string;
    readonly serverKey: string;
    readonly caPublicKey: string;
    readonly requireClientCertificate: boolean;
  };
  /** Added to what the chart writes of valkey.conf. */
  readonly valkeyConfig: string;
  readonly startupProbe: ValkeyProbe;
  readonly livenessProbe: ValkeyProbe;
  readonly readinessProbe: ValkeyProbe;
  readonly resources: ValkeyResources;
  readonly initResources: ValkeyResources;
  readonly tolerations: readonly Readonly<Record<string, unknown>>[];
}

/** A probe in the words of Kubernetes, in place of the chart's own. */
export interface ValkeyProbe {
  readonly enabled: boolean;
  readonly customProbe: Readonly<Record<string, unknown>>;
}

/** Requests and limits. */
export interface ValkeyResources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}
