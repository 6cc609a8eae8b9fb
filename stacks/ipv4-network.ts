import { z } from 'zod';

/** Octets and the length of the prefix, in decimal digits without a zero in front. */
const NETWORK =
  /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!\/)|(?=\/))){4}\/(?:3[0-2]|[12]?\d)$/;

/** What is allowed, for the rule of a setting that has such networks. */
export const NETWORK_FORM =
  'IPv4 in CIDR notation, each by its first address (10.0.0.0/8, and not 10.0.0.1/8)';

/**
 * An IPv4 network in CIDR notation, as Kubernetes takes it from 1.36 on: a NetworkPolicy with another address of the network, or
 * with a zero in front of a number, is refused when it is applied. Source: Kubernetes 1.36.3, kube_features.go,
 * StrictIPCIDRValidation; apimachinery, pkg/util/validation/ip.go, parseCIDR.
 */
export const ipv4Network = z.string().regex(NETWORK).refine(isFirstAddress);

function isFirstAddress(network: string): boolean {
  const [address = '', length] = network.split('/');
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return number % 2 ** (32 - Number(length)) === 0;
}
