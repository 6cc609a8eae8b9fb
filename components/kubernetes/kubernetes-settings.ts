import type { ExternalParameter } from '@meridian/language/bindings.ts';
import type { ZoneNode } from '../model/graph.ts';
import type { Labels } from './labels.ts';

/** A zone of a cluster. */
export interface KubernetesZone extends ZoneNode {
  /** What its nodes carry in the label topology.kubernetes.io/zone, such as 'eu-central-1a'. */
  readonly topologyZone: string;
}

/** Namespaces of a cluster that the platform shares with others, or keeps for its parts. */
export interface ClusterNamespaces {
  /** Where the proxies of the edge run. */
  readonly edge: string;
  /** Where telemetry is received, kept and shown. */
  readonly observability: string;
  /** Where what reads the lines of each node runs: it mounts folders of its node. */
  readonly nodeLogs: string;
  /** Where the engines run. */
  readonly data: string;
}

/** Who may install the operators: this program, or whoever runs the cluster, before it. */
export const OPERATOR_OWNERS = ['program', 'installed'] as const;

/** 'installed': they are there already, in the namespaces and by the names of the charts that the program would install. */
export type OperatorOwner = (typeof OPERATOR_OWNERS)[number];

/** Where the cluster's DNS answers, as its network sees the packets of pods that ask: behind the Service. */
export interface DnsPlace {
  readonly pods: readonly DnsPods[];
  /** Where it answers without being a pod, as a cache on each node does: IPv4 networks in CIDR notation. */
  readonly networks: readonly string[];
  /** Over UDP and TCP. */
  readonly ports: readonly number[];
}

/** Pods that answer, by their namespace and all of these labels. */
export interface DnsPods {
  readonly namespace: string;
  readonly labels: Labels;
}

/** The addresses and ports at which the API server accepts. */
export interface ApiServerPlace {
  /** IPv4 networks in CIDR notation; anywhere if it is empty. */
  readonly networks: readonly string[];
  readonly ports: readonly number[];
}

/** How many nodes Kafka has. */
export interface KafkaNodes {
  /** A multiple of the zones. */
  readonly brokers: number;
  /** Brokers that are controllers too; an odd number, so that one of them always leads. */
  readonly controllers: number;
}

/** Where and how users reach the platform. */
export interface EdgeSettings {
  /** Host name of the platform, which its owner's DNS leads to the edge. */
  readonly host: string;
  /**
   * A ClusterIssuer of the cluster's owner that issues the certificate for users, such as an ACME one.
   * @default an authority of the platform's own, which clients have to be told to trust
   */
  readonly issuer?: string;
  /** Percent of requests that go to the gateway's release which is not promoted yet. */
  readonly canaryPercent: number;
}

/** A system outside the platform: where it is and by which keys, or that something stands in for it. */
export type ExternalSettings = ExternalPlace | { readonly standIn: true };

/** Where a system outside the platform is, and which of the owner's Secrets has its keys. */
export interface ExternalPlace {
  readonly standIn: false;
  /** Scheme, host and port of it, such as 'https://api.provider.example'. */
  readonly uri: string;
  /** Its addresses, IPv4 networks in CIDR notation: a NetworkPolicy knows no names. */
  readonly networks: readonly string[];
  /** A Secret in the namespace of the services, with a key for each secret such as 'api-key'. */
  readonly secret: string;
  /** There where the pods' own role of a cloud says who comes, and no Secret is needed. @default the Secret's keys do */
  readonly byRole?: true;
  /** What of it is ours, such as a bucket. */
  readonly parameters: Readonly<Partial<Record<ExternalParameter, string>>>;
}

/** What a stack decides about telemetry. */
export interface TelemetrySettings {
  /** Percent of the requests at the edge of which a trace is kept. */
  readonly traceSamplePercent: number;
  /** Where Loki and Tempo keep what they share. @default nowhere; a deployment is refused */
  readonly objectStore?: TelemetryStorePlace;
  /**
   * Whether there is a heartbeat outside, which is asked all the time while somebody watches, and whether there must be.
   * Whoever knows its address can send its beat, so it is in a Secret of the owner's.
   */
  readonly heartbeat: { readonly given: boolean; readonly needed: boolean };
}

/** A bucket, and how it is reached; its keys are in a Secret of the owner's. */
export interface ObjectStorePlace {
  /** Scheme, host and port. */
  readonly uri: string;
  readonly region: string;
  readonly bucket: string;
  /** Its addresses, IPv4 networks in CIDR notation: a NetworkPolicy knows no names. */
  readonly networks: readonly string[];
  /** A Secret in the namespace of whoever uses it, with `access-key-id` and `secret-access-key`. */
  readonly secret: string;
}

/** A bucket whose keys are in a Secret, or none where the roles of those who use it say who they are. */
export type TelemetryStorePlace = Omit<ObjectStorePlace, 'secret'> &
  Partial<Pick<ObjectStorePlace, 'secret'>>;

/** A bucket that PostgreSQL writes to: each change as it happens, and a copy of its data at times. */
export interface PostgresBackup extends ObjectStorePlace {
  /** A folder of the bucket that this server alone writes to. @default the platform's name */
  readonly archive?: string;
  /** For how long any moment can be restored. */
  readonly retentionDays: number;
  /** When the data are copied: seconds, minutes, hours, days, months, weekdays, in UTC. */
  readonly schedule: string;
  /** How the store encrypts what it keeps. @default as the bucket is set to */
  readonly encryption?: 'AES256' | 'aws:kms';
}

/** An archive that PostgreSQL's first data come from. */
export interface PostgresRestore {
  /** A folder of the bucket of backups that a server has written to. */
  readonly archive: string;
  /** The moment to go back to, in UTC as RFC 3339 has it. @default the last transaction in the archive */
  readonly time?: string;
}

/** What becomes of PostgreSQL's data outside of its volumes. */
export interface PostgresSettings {
  /** @default none, and a preview warns */
  readonly backup?: PostgresBackup;
  /** @default nothing, it begins empty */
  readonly restoreFrom?: PostgresRestore;
}

/** The kinds of a store: of its own namespace, or of the whole cluster. */
export const SECRET_STORE_KINDS = ['ClusterSecretStore', 'SecretStore'] as const;

/** From where External Secrets brings the Secrets that are the owner's to make. */
export interface ExternalSecretsSettings {
  /** Name of the store; a SecretStore of this name is needed in each namespace. */
  readonly store: string;
  readonly kind: (typeof SECRET_STORE_KINDS)[number];
  /** What the store has in front of the name of each Secret. @default the platform's name and '/' */
  readonly prefix?: string;
}

/** What a stack whose services are pods decides, whoever manages its cluster and engines. */
export interface PodsSettings {
  /** The file that messages send the user to. */
  readonly file: string;
  /** Name of the environment, such as 'staging'. */
  readonly environment: string;
  readonly trustDomain: string;
  readonly zones: readonly KubernetesZone[];
  /** Host and path that images are pulled from, such as 'registry.example/meridian'. */
  readonly registry: string;
  /** Digests by the name of a service or of an other image, such as 'sha256:…', in place of those that are pinned. */
  readonly images: Readonly<Record<string, string>>;
  /** Digests by reference, of images and of charts of others; what is neither here nor above is unresolved. */
  readonly pins: Readonly<Record<string, string>>;
  /** Secrets of type kubernetes.io/dockerconfigjson with which pods pull, in every namespace; none where it is empty. */
  readonly imagePullSecrets: readonly string[];
  readonly edge: EdgeSettings;
  /** Domain under which the cluster's DNS names Services. */
  readonly clusterDomain: string;
  readonly namespaces: ClusterNamespaces;
  /** Who installs the operators, with their namespaces and custom resource definitions. */
  readonly operators: OperatorOwner;
  readonly dns: DnsPlace;
  /** Where pods that talk to the API server find it; no Service tells a NetworkPolicy. */
  readonly apiServer: ApiServerPlace;
  readonly kafka: KafkaNodes;
  /** Systems outside the platform, by their name; a deployment is refused without each that is used. */
  readonly externals: Readonly<Record<string, ExternalSettings>>;
  /** Another number than before gives every user of an engine a new password. */
  readonly passwordGeneration: number;
  /** Days until what entries of the audit trail carry may move to an archive. @default for ever */
  readonly auditKeepDays?: number;
  /** VolumeSnapshotClass of snapshots of PostgreSQL's volumes. @default none, and no snapshots */
  readonly snapshotClass?: string;
  readonly postgres: PostgresSettings;
  /** @default none: whoever runs the stack makes these Secrets */
  readonly externalSecrets?: ExternalSecretsSettings;
  readonly telemetry: TelemetrySettings;
}

/** What a stack on any Kubernetes cluster decides; stacks/staging.ts gives the defaults. */
export interface KubernetesSettings extends PodsSettings {
  readonly landing: 'kubernetes';
}
