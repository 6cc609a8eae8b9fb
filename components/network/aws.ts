import { ec2 } from '@pulumi/aws';
import { output } from '@pulumi/pulumi';
import type { Output } from '@pulumi/pulumi';
import { clusterNameOf } from '../aws/account-names.ts';
import type { AwsNetworkSettings, AwsSettings } from '../aws/aws-settings.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { NounLanding } from '../noun-landing.ts';
import { awsEndpoints } from './aws/endpoints.ts';
import type { AwsEndpoints } from './aws/endpoints.ts';
import { declareFlowLogs, flowLogs } from './aws/flow-logs.ts';
import type { FlowLogs } from './aws/flow-logs.ts';
import { declareRoutes } from './aws/routes.ts';
import { TIERS } from './network.ts';
import type { CloudNetwork, NetworkLanding, Tier } from './network.ts';

/** A subnet of a tier in one zone. */
export interface AwsSubnet {
  readonly tier: Tier;
  readonly zone: string;
  readonly availabilityZone: string;
  /** IPv4 in CIDR notation. */
  readonly cidr: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A VPC over the zones of the platform. */
export interface MadeNetwork {
  /** By which what runs in it finds it: that of the cluster too. */
  readonly name: string;
  readonly region: string;
  readonly cidr: string;
  readonly subnets: readonly AwsSubnet[];
  readonly endpoints: AwsEndpoints;
  readonly flowLogs: FlowLogs;
}

/** A VPC that is made, or the one that is there, whose routes, endpoints and logs are its owner's. */
export type AwsNetwork = MadeNetwork | Extract<AwsNetworkSettings, { existing: unknown }>;

/**
 * By which controllers of load balancers find their subnets.
 * Source: AWS Load Balancer Controller, "Subnet Discovery"
 */
const BALANCER_TAGS: Readonly<Record<Tier, Readonly<Record<string, string>>>> = {
  public: { 'kubernetes.io/role/elb': '1' },
  private: { 'kubernetes.io/role/internal-elb': '1' },
  data: {},
};

/** Makes the VPC with a subnet of each tier in each zone, and their ways out. */
function landNetwork(lowered: AwsNetwork): NetworkLanding {
  return (parent, name) => {
    if ('existing' in lowered) return { cloud: existing(lowered.existing) };
    const { region, cidr } = lowered;
    const vpc = new ec2.Vpc(
      name,
      {
        cidrBlock: cidr,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: lowered.name },
      },
      { parent, protect: true },
    );
    // What forgets to name a group would get this one: it lets nothing in and nothing out.
    new ec2.DefaultSecurityGroup(name, { vpcId: vpc.id, ingress: [], egress: [] }, { parent });
    const made = lowered.subnets.map((subnet) => ({ ...subnet, id: declareSubnet(subnet) }));
    const subnets = byTier((tier) =>
      Object.fromEntries(made.filter((one) => one.tier === tier).map(({ zone, id }) => [zone, id])),
    );
    const routed = { name, region, cidr, vpcId: vpc.id, subnets };
    const ways = declareRoutes(routed, lowered.endpoints, { parent });
    declareFlowLogs(`${name}-flows`, vpc.id, lowered.flowLogs, { parent });
    return { cloud: { id: vpc.id, subnets, ways } };

    function declareSubnet({
      tier,
      zone,
      availabilityZone,
      cidr: cidrBlock,
      tags,
    }: AwsSubnet): Output<string> {
      const subnet = `${name}-${tier}-${zone}`;
      return new ec2.Subnet(
        subnet,
        { vpcId: vpc.id, availabilityZone, cidrBlock, tags: { Name: subnet, ...tags } },
        { parent },
      ).id;
    }
  };
}

function existing({
  vpcId,
  subnetIds,
}: Extract<AwsNetworkSettings, { existing: unknown }>['existing']): CloudNetwork {
  return {
    id: output(vpcId),
    subnets: byTier((tier) =>
      Object.fromEntries(Object.entries(subnetIds[tier]).map(([zone, id]) => [zone, output(id)])),
    ),
    ways: { public: [], private: [] },
  };
}

function byTier<Value>(value: (tier: Tier) => Value): Readonly<Record<Tier, Value>> {
  return Object.fromEntries(TIERS.map((tier) => [tier, value(tier)])) as Record<Tier, Value>;
}

function lowerNetwork(settings: AwsSettings, platform: string): AwsNetwork {
  const { aws, environment, zones } = settings;
  const { network, region } = aws;
  if ('existing' in network) return network;
  return {
    name: clusterNameOf(platform, environment),
    region,
    cidr: network.cidr,
    subnets: TIERS.flatMap((tier) =>
      zones.flatMap(({ name, topologyZone }) => {
        const cidr = network.zones[name]?.[tier];
        return cidr === undefined
          ? []
          : [
              {
                ...{ tier, zone: name, availabilityZone: topologyZone, cidr },
                tags: BALANCER_TAGS[tier],
              },
            ];
      }),
    ),
    endpoints: awsEndpoints(settings),
    flowLogs: flowLogs(settings),
  };
}

/** The network of a stack in an account of AWS. */
export function awsNetwork(
  settings: AwsSettings,
): NounLanding<KubernetesContext, AwsNetwork, unknown, NetworkLanding> {
  return { lower: ({ graph }) => lowerNetwork(settings, graph.name), land: landNetwork };
}
