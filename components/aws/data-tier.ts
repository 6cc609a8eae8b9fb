import type { PolicyRule } from '../kubernetes/network-policy.ts';
import type { CloudNetwork } from '../network/network.ts';
import type { AwsPlace } from './aws-settings.ts';

/**
 * The networks in which engines of AWS have their addresses, IPv4 in CIDR notation. Of a network that is there already nobody
 * has said which part of it is theirs: it is all of it.
 */
export function dataNetworks({ network }: Pick<AwsPlace, 'network'>): readonly string[] {
  return 'existing' in network
    ? [network.cidr]
    : Object.values(network.zones).map(({ data }) => data);
}

/** Lets pods reach engines of AWS at their port: a NetworkPolicy knows no security group and no name. */
export function toDataTier(aws: Pick<AwsPlace, 'network'>, ports: readonly number[]): PolicyRule {
  return { peers: dataNetworks(aws).map((network) => ({ network })), ports };
}

/** Identities of the subnets of the data tier, one in each zone, by the zones' order. */
export function dataSubnets({ subnets }: CloudNetwork) {
  return Object.values(subnets.data);
}
