import type {
  AwsNetworkSettings,
  AwsZoneNetworks,
  ExistingNetwork,
} from '@meridian/components/aws/aws-settings.ts';
import { TIERS } from '@meridian/components/network/network.ts';
import type { Tier } from '@meridian/components/network/network.ts';
import { z } from 'zod';
import { ipv4Network, NETWORK_FORM } from './ipv4-network.ts';
import { isInside, overlaps } from './ipv4-overlap.ts';
import { jsonSetting } from './setting-schemas.ts';

/** Of a VPC: what three zones with room for pods need, and the largest that AWS takes. */
const LONGEST_PREFIX = 18;
const SHORTEST_PREFIX = 16;

const DEFAULT_CIDR = '10.64.0.0/16';

/** What nobody has on the internet. Source: RFC 1918, section 3 */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] as const;

/** Where EKS may give Services their addresses, the first that has none of the network's own. */
const SERVICE_NETWORKS = ['172.20.0.0/16', '10.100.0.0/16'] as const;

const cidr = ipv4Network.refine((network) => {
  const prefix = prefixOf(network);
  return prefix >= SHORTEST_PREFIX && prefix <= LONGEST_PREFIX && isPrivate(network);
});

function isPrivate(network: string): boolean {
  return PRIVATE_NETWORKS.some((whole) => isInside(network, whole));
}

/**
 * Addresses of Services, which are none of the network's: EKS refuses others, and nobody could be reached at an address that two
 * have. Source: Amazon EKS API, KubernetesNetworkConfigRequest, serviceIpv4Cidr
 */
export function serviceNetworkOf({ cidr: network }: { readonly cidr: string }): string {
  const [first, other] = SERVICE_NETWORKS;
  return overlaps(network, first) ? other : first;
}

/** One network of the VPC that is there, which leaves addresses for Services. */
const existingCidr = ipv4Network.refine((network) =>
  SERVICE_NETWORKS.some((services) => !overlaps(network, services)),
);

const VPC_ID = /^vpc-[0-9a-f]{8,17}$/;
const SUBNET_ID = /^subnet-[0-9a-f]{8,17}$/;

/** The network as the settings say it. */
type GivenNetwork =
  { readonly cidr: string } | { readonly cidr: string; readonly existing: ExistingNetwork };

/** Either a network to make, by its addresses, or one that is there, with a subnet of each tier in each zone. */
export function networkOfProd(zones: readonly string[]) {
  const ids = z
    .record(z.string(), z.string().regex(SUBNET_ID))
    .refine((given) => Object.keys(given).toSorted().join() === zones.join());
  const existing = z.strictObject({
    vpcId: z.string().regex(VPC_ID),
    subnetIds: z.strictObject({ public: ids, private: ids, data: ids }),
  });
  const schema = z.union([
    z.strictObject({ cidr }),
    z.strictObject({ cidr: existingCidr, existing }),
  ]);
  const rule = `must be a JSON object {"cidr": "${DEFAULT_CIDR}"} of ${PRIVATE_NETWORKS.join(', ')}, with a prefix of ${SHORTEST_PREFIX} to ${LONGEST_PREFIX}, or {"cidr": "…", "existing": {"vpcId": "vpc-…", "subnetIds": {"public": {"a": "subnet-…", …}, "private": …, "data": …}}} with a subnet of each tier in each of the zones ${zones.join(', ')}; networks are ${NETWORK_FORM}`;
  return jsonSetting<GivenNetwork>(schema, rule).prefault(`{"cidr": "${DEFAULT_CIDR}"}`);
}

/** Networks of each zone, and of each tier in it. */
export function awsNetworkOf(
  given: GivenNetwork,
  names: readonly string[],
): {
  readonly network: AwsNetworkSettings;
  readonly zones: readonly { readonly name: string; readonly network: string }[];
} {
  const networks = names.map((_name, place) => cut(given.cidr, ZONE_BITS, place));
  const zones = names.map((name, place) => ({ name, network: networks[place] ?? '' }));
  if ('existing' in given) return { network: given, zones };
  return {
    network: {
      cidr: given.cidr,
      zones: Object.fromEntries(zones.map(({ name, network }) => [name, tiersOf(network)])),
    },
    zones,
  };
}

/** A VPC is cut into four: three zones, and room that nobody has yet. */
const ZONE_BITS = 2;

/** By which prefix a zone's network is cut for a tier, and which piece of it: half for pods, a quarter for the rest each. */
const PIECES: Readonly<Record<Tier, readonly [bits: number, place: number]>> = {
  private: [1, 0],
  data: [2, 2],
  public: [2, 3],
};

function tiersOf(network: string): AwsZoneNetworks {
  return Object.fromEntries(
    TIERS.map((tier) => [tier, cut(network, ...PIECES[tier])]),
  ) as unknown as AwsZoneNetworks;
}

/** One of the 2^bits equal pieces of a network. */
function cut(network: string, bits: number, place: number): string {
  const [address = ''] = network.split('/');
  const prefix = prefixOf(network) + bits;
  const first = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const number = first + place * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}

function prefixOf(network: string): number {
  return Number(network.split('/')[1]);
}
