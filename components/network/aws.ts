import { ec2 } from '@pulumi/aws';
import { output } from '@pulumi/pulumi';
import type { AwsNetworkSettings, AwsSettings } from '../aws/aws-settings.ts';
import type { NounLanding } from '../noun-landing.ts';
import { TIERS } from './network.ts';
import type { CloudNetwork, NetworkLanding, Tier } from './network.ts';

/** A subnet of a tier in one zone. */
export interface AwsSubnet {
  readonly tier: Tier;
  readonly zone: string;
  readonly availabilityZone: string;
  /** IPv4 in CIDR notation. */
  readonly cidr: string;
}

/** A VPC over the zones of the platform, or the one that is there. */
export type AwsNetwork =
  | { readonly cidr: string; readonly subnets: readonly AwsSubnet[] }
  | Extract<AwsNetworkSettings, { existing: unknown }>;

/** Makes the VPC with a subnet of each tier in each zone. */
function landNetwork(lowered: AwsNetwork): NetworkLanding {
  return (parent, name) => {
    if ('existing' in lowered) return { cloud: existing(lowered.existing) };
    const vpc = new ec2.Vpc(
      name,
      { cidrBlock: lowered.cidr, enableDnsHostnames: true, enableDnsSupport: true },
      { parent, protect: true },
    );
    const subnets = lowered.subnets.map(({ tier, zone, availabilityZone, cidr }) => ({
      tier,
      zone,
      subnet: new ec2.Subnet(
        `${name}-${tier}-${zone}`,
        { vpcId: vpc.id, availabilityZone, cidrBlock: cidr },
        { parent },
      ),
    }));
    return {
      cloud: {
        id: vpc.id,
        subnets: byTier((tier) =>
          Object.fromEntries(
            subnets.filter((one) => one.tier === tier).map(({ zone, subnet }) => [zone, subnet.id]),
          ),
        ),
      },
    };
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
  };
}

function byTier<Value>(value: (tier: Tier) => Value): Readonly<Record<Tier, Value>> {
  return Object.fromEntries(TIERS.map((tier) => [tier, value(tier)])) as Record<Tier, Value>;
}

/** The network of a stack in an account of AWS. */
export function awsNetwork({
  aws: { network },
  zones,
}: AwsSettings): NounLanding<unknown, AwsNetwork, unknown, NetworkLanding> {
  return {
    lower: () =>
      'existing' in network
        ? network
        : {
            cidr: network.cidr,
            subnets: TIERS.flatMap((tier) =>
              zones.flatMap(({ name, topologyZone }) => {
                const cidr = network.zones[name]?.[tier];
                return cidr === undefined
                  ? []
                  : [{ tier, zone: name, availabilityZone: topologyZone, cidr }];
              }),
            ),
          },
    land: landNetwork,
  };
}
