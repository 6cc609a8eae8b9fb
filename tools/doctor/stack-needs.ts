import type { Architecture, AwsSettings } from '@meridian/components/aws/aws-settings.ts';
import type { awsNouns } from '@meridian/components/aws/aws-nouns.ts';
import type { StackOf } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { ownImages } from '../images/wanted-images.ts';
import type { OwnImage } from '../images/wanted-images.ts';
import { deploymentSecrets } from './deployment-secrets.ts';

/** A stack on AWS, lowered. */
export type AwsStack = StackOf<ReturnType<typeof awsNouns>>;

/** A zone of the platform, and where it is. */
export interface NeededZone {
  readonly name: string;
  readonly availabilityZone: string;
}

/** What is needed of an engine, or of nodes, that has machines of one type. */
export interface NeededMachines {
  readonly type: string;
  /** In all zones together. */
  readonly count: number;
  /** As AWS names it; empty of what has none. */
  readonly version: string;
}

/** An image of the platform's own, which pods are to run. */
export type NeededImage = OwnImage;

/** What a stack needs of an account before anything of it is made: all of it follows from what is lowered. */
export interface StackNeeds {
  readonly account: string;
  readonly region: string;
  readonly zones: readonly NeededZone[];
  readonly architecture: Architecture;
  readonly network: AwsSettings['aws']['network'];
  readonly clusterName: string;
  /** One that is there, whose nodes and add-ons are its owner's. */
  readonly existingCluster?: NonNullable<AwsSettings['aws']['existingCluster']>;
  readonly kubernetesVersion: string;
  readonly addons: readonly { readonly name: string; readonly version: string }[];
  /** With the most nodes that there may be; none in a cluster that is there. */
  readonly nodes?: NeededMachines;
  readonly postgres: NeededMachines & { readonly restoreFrom?: PostgresSource };
  /** None where no service has a key space. */
  readonly redis?: NeededMachines & { readonly engine: string };
  /** None where nobody publishes. */
  readonly kafka?: NeededMachines;
  /** Addresses that do not change, one for each way out. */
  readonly addresses: number;
  readonly networks: number;
  readonly balancers: number;
  readonly images: readonly NeededImage[];
  /** Names in Secrets Manager. */
  readonly secrets: readonly string[];
  readonly cloudflare: AwsSettings['aws']['cloudflare'];
  /** Networks from which the edge takes connections: those of Cloudflare as they are known here, IPv4 in CIDR notation. */
  readonly edgeNetworks: readonly string[];
  readonly host: string;
}

type PostgresSource = NonNullable<AwsSettings['aws']['postgresRestoreFrom']>;

/** Reckons it. */
export function stackNeeds(settings: AwsSettings, stack: AwsStack): StackNeeds {
  const { aws, environment, zones, edge } = settings;
  const { network, cluster, postgres, redis, kafka } = stack;
  const made = 'existing' in network ? undefined : network;
  const { restoreFrom } = postgres.cluster;
  return {
    account: aws.account,
    region: aws.region,
    zones: zones.map(({ name, topologyZone }) => ({ name, availabilityZone: topologyZone })),
    architecture: aws.architecture,
    network: aws.network,
    kubernetesVersion: aws.kubernetesVersion,
    ...clusterNeeds(cluster),
    postgres: {
      type: postgres.cluster.instanceClass,
      // A writer, and a reader in every other zone.
      count: zones.length,
      version: postgres.cluster.engineVersion,
      ...(restoreFrom === undefined ? {} : { restoreFrom }),
    },
    ...(redis.users.length === 0
      ? {}
      : {
          redis: {
            type: redis.group.nodeType,
            count: redis.group.availabilityZones.length,
            version: redis.group.engineVersion,
            engine: redis.group.engine,
          },
        }),
    ...(kafka.topics.length === 0
      ? {}
      : {
          kafka: { type: kafka.instanceType, count: kafka.brokers, version: kafka.kafkaVersion },
        }),
    // A NAT gateway in the public subnet of each zone.
    addresses: made?.subnets.filter(({ tier }) => tier === 'public').length ?? 0,
    networks: made === undefined ? 0 : 1,
    balancers: 1,
    images: ownImages({ settings, lowered: stack }),
    secrets: Object.values(deploymentSecrets(environment)),
    cloudflare: aws.cloudflare,
    edgeNetworks: stack.edge.balancer.from,
    host: edge.host,
  };
}

function clusterNeeds({
  eks,
}: AwsStack['cluster']): Pick<StackNeeds, 'clusterName' | 'existingCluster' | 'addons' | 'nodes'> {
  if ('existing' in eks) {
    return { clusterName: eks.existing.name, existingCluster: eks.existing, addons: [] };
  }
  const { controlPlane, addons, nodes } = eks;
  return {
    clusterName: controlPlane.name,
    addons: addons.map(({ name, version }) => ({ name, version })),
    nodes: {
      type: nodes.size.instanceType,
      count: nodes.zones.length * nodes.size.most,
      version: '',
    },
  };
}
