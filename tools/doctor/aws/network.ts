import {
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { Subnet } from '@aws-sdk/client-ec2';
import type { ExistingNetwork } from '@meridian/components/aws/aws-settings.ts';
import { failed, passed } from '../answer.ts';
import type { Answer, Check } from '../answer.ts';
import type { NeededZone, StackNeeds } from '../stack-needs.ts';
import type { AwsAccess } from './aws-access.ts';

/** Addresses that a subnet of nodes and pods needs at least: a /24, as anything smaller holds two nodes' prefixes and no growth. */
const LEAST_PRIVATE = 128;

/** EKS and engines need so many in each of theirs. Source: Amazon EKS User Guide, "Subnet requirements for clusters" */
const LEAST = 16;

/** Whether a network that is there is the one that the settings say; none where the program makes it. */
export function networkChecks(access: AwsAccess, { network, zones }: StackNeeds): readonly Check[] {
  if (!('existing' in network)) return [];
  const { existing, cidr } = network;
  return [vpcCheck(access, existing.vpcId, cidr), subnetsCheck(access, existing, zones)];
}

function vpcCheck(access: AwsAccess, id: string, cidr: string): Check {
  const about = `Network '${id}'`;
  return {
    about,
    run: async (signal): Promise<readonly Answer[]> => {
      const client = new EC2Client(access);
      const options = { abortSignal: signal };
      // By a filter: what is not there is then an empty list and no error.
      const { Vpcs: [vpc] = [] } = await client.send(
        new DescribeVpcsCommand({ Filters: [{ Name: 'vpc-id', Values: [id] }] }),
        options,
      );
      if (vpc === undefined)
        return [failed(about, 'must be in this account and region, got none; set network')];
      const networks = (vpc.CidrBlockAssociationSet ?? []).map(({ CidrBlock }) => CidrBlock);
      const { EnableDnsHostnames: names } = await client.send(
        new DescribeVpcAttributeCommand({ VpcId: id, Attribute: 'enableDnsHostnames' }),
        options,
      );
      return [
        networks.includes(cidr)
          ? passed(about, `has '${cidr}'`)
          : failed(about, `must have '${cidr}', got '${networks.join("', '")}'; set network`),
        names?.Value === true
          ? passed(about, 'gives names to addresses')
          : failed(
              about,
              'must give names to addresses, as EKS and endpoints need; set enableDnsHostnames of it',
            ),
      ];
    },
  };
}

function subnetsCheck(
  access: AwsAccess,
  { vpcId, subnetIds }: ExistingNetwork,
  zones: readonly NeededZone[],
): Check {
  const wanted = Object.entries(subnetIds).flatMap(([tier, ofTier]) =>
    Object.entries(ofTier).map(([zone, id]) => ({ tier, zone, id })),
  );
  return {
    about: `Subnets of network '${vpcId}'`,
    run: async (signal) => {
      const { Subnets: found = [] } = await new EC2Client(access).send(
        new DescribeSubnetsCommand({
          Filters: [{ Name: 'subnet-id', Values: wanted.map(({ id }) => id) }],
        }),
        { abortSignal: signal },
      );
      return wanted.map(({ tier, zone, id }) => {
        const place = zones.find(({ name }) => name === zone)?.availabilityZone ?? '';
        const about = `Subnet '${id}', ${tier} in zone '${zone}'`;
        const faults = subnetFaults(
          found.find(({ SubnetId }) => SubnetId === id),
          { vpcId, place, least: tier === 'private' ? LEAST_PRIVATE : LEAST },
        );
        return faults.length === 0
          ? passed(about, `is in '${place}'`)
          : failed(about, `${faults.join(', and ')}; set network`);
      });
    },
  };
}

function subnetFaults(
  subnet: Subnet | undefined,
  {
    vpcId,
    place,
    least,
  }: { readonly vpcId: string; readonly place: string; readonly least: number },
): readonly string[] {
  if (subnet === undefined) return ['must be in this account and region, got none'];
  const { VpcId: of = '', AvailabilityZone: zone = '', AvailableIpAddressCount: free = 0 } = subnet;
  return [
    ...(of === vpcId ? [] : [`must be of '${vpcId}', got '${of}'`]),
    ...(zone === place ? [] : [`must be in '${place}', got '${zone}'`]),
    ...(free >= least ? [] : [`must have ${least} free addresses, got ${free}`]),
  ];
}
