import type { PodsSettings } from '../kubernetes/kubernetes-settings.ts';

/** The sizes that production comes in; stacks/prod-sizes.ts says what each has. */
export const AWS_SIZES = ['small', 'standard'] as const;

/** 'small' is what still keeps every promise about zones; 'standard' has room for load. */
export type AwsSize = (typeof AWS_SIZES)[number];

/** The instruction sets of processors that nodes can have. */
export const ARCHITECTURES = ['arm64', 'amd64'] as const;

/** As images name it (OCI Image Specification, `architecture`). */
export type Architecture = (typeof ARCHITECTURES)[number];

/** A zone's addresses: the network of the zone, cut into one for each tier. IPv4 in CIDR notation. */
export interface AwsZoneNetworks {
  /** Of load balancers and NAT gateways. */
  readonly public: string;
  /** Of nodes and pods. */
  readonly private: string;
  /** Of engines that AWS manages; nothing leads from it to the internet. */
  readonly data: string;
}

/** A network that is there already, with its subnets of each tier by the zone's name. */
export interface ExistingNetwork {
  readonly vpcId: string;
  readonly subnetIds: Readonly<Record<keyof AwsZoneNetworks, Readonly<Record<string, string>>>>;
}

/** What the platform has of the network: made by the program, or somebody else's. */
export type AwsNetworkSettings =
  | { readonly cidr: string; readonly zones: Readonly<Record<string, AwsZoneNetworks>> }
  | { readonly existing: ExistingNetwork; readonly cidr: string };

/** What makes up a size, by what has it. */
export interface AwsSizes {
  readonly nodes: {
    readonly instanceType: string;
    /** In each zone. */
    readonly least: number;
    readonly most: number;
    readonly diskGib: number;
  };
  readonly kafka: {
    readonly instanceType: string;
    /** In each zone. */
    readonly brokers: number;
    readonly storageGib: number;
  };
  readonly postgres: {
    readonly instanceClass: string;
    readonly storageGib: number;
    readonly iops: number;
    readonly backupDays: number;
  };
  readonly redis: { readonly nodeType: string };
}

/** The plans of Cloudflare, from the least that a zone can have. */
export const CLOUDFLARE_PLANS = ['free', 'pro', 'business', 'enterprise'] as const;

export type CloudflarePlan = (typeof CLOUDFLARE_PLANS)[number];

/** Rules that Cloudflare applies to requests before they reach the platform. */
export const EDGE_RULES = ['managed', 'owasp', 'sign-in-rate', 'api-rate'] as const;

/** 'managed' and 'owasp' are rule sets of Cloudflare's firewall, the others limits of requests of an address. */
export type EdgeRule = (typeof EDGE_RULES)[number];

/** Where users' requests are met. */
export interface CloudflareSettings {
  /** Identity of the zone of DNS, 32 hexadecimal digits. */
  readonly zoneId: string;
  readonly accountId: string;
  readonly plan: CloudflarePlan;
  /** Those of EDGE_RULES that apply, each of which the plan has. */
  readonly rules: readonly EdgeRule[];
  /** Certificates, in PEM, of authorities whose clients are Cloudflare; while one takes over from another, both. */
  readonly originPullAuthorities: readonly string[];
}

/**
 * What PostgreSQL's first data come from: a snapshot by its name or ARN, or a moment of another cluster, whose name RDS has.
 * What is restored is a cluster of its own; the one that it comes from is not touched.
 */
export type AwsPostgresRestore =
  | { readonly snapshot: string }
  | {
      readonly cluster: string;
      /** In UTC as RFC 3339 has it. @default the last moment that can be restored */
      readonly time?: string;
    };

/** A cluster of EKS that is there already, as `aws eks describe-cluster` shows it. Its nodes and add-ons are its owner's. */
export interface ExistingCluster {
  readonly name: string;
  readonly endpoint: string;
  /** Of its API, in base 64. */
  readonly certificateAuthority: string;
  /** The security group that EKS gives nodes and pods. */
  readonly securityGroupId: string;
  /** Where its Services have their addresses; IPv4 in CIDR notation. */
  readonly serviceNetwork: string;
}

/** How people and runners reach the cluster's API. */
export interface AwsApiAccess {
  /** Networks from which it answers, IPv4 in CIDR notation; from inside its own network alone where it is empty. */
  readonly publicFrom: readonly string[];
}

/** Where production runs, and how large it is. */
export interface AwsPlace {
  readonly region: string;
  /** The account's number, 12 digits. */
  readonly account: string;
  readonly size: AwsSize;
  readonly sizes: AwsSizes;
  readonly architecture: Architecture;
  readonly network: AwsNetworkSettings;
  /** @default none, the program makes one */
  readonly existingCluster?: ExistingCluster;
  /** Where Services have their addresses, none of which is the network's; IPv4 in CIDR notation. */
  readonly serviceNetwork: string;
  /** Minor version of Kubernetes, such as '1.36'. */
  readonly kubernetesVersion: string;
  /**
   * Release of the image that nodes run, of the same minor version, such as '1.36.2-20261120'.
   * @default the newest when a group is made, which a deployment refuses
   */
  readonly nodeRelease?: string;
  readonly api: AwsApiAccess;
  readonly cloudflare: CloudflareSettings;
  /** @default nothing, it begins empty */
  readonly postgresRestoreFrom?: AwsPostgresRestore;
  /** Days that logs of the cloud are kept for. */
  readonly logDays: number;
}

/** What a stack in a cluster and with engines that AWS manages decides; stacks/prod.ts gives the defaults. */
export interface AwsSettings extends PodsSettings {
  readonly landing: 'aws';
  readonly aws: AwsPlace;
}
