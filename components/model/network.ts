/** An IPv4 network as numbers. */
export interface Network {
  /** First address as an unsigned 32-bit number. */
  readonly first: number;
  /** How many addresses it has. */
  readonly size: number;
}

/** Reads an IPv4 network in CIDR notation; undefined unless it is exact, such as '127.0.1.0/24'. */
export function parseNetwork(text: string): Network | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  if (octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  const first = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, size } : undefined;
}

/** Whether two networks share an address. */
export function networksOverlap(left: Network, right: Network): boolean {
  return left.first < right.first + right.size && right.first < left.first + left.size;
}

/**
 * The address of a host in a network, such as 2 in '127.0.1.0/24' → '127.0.1.2'. Throws RangeError
 * when the network has no such host.
 */
export function hostAddress(network: string, host: number): string {
  const parsed = parseNetwork(network);
  if (parsed === undefined || !Number.isInteger(host) || host < 1 || host >= parsed.size - 1) {
    throw new RangeError(`Network ${network} has no host ${host}`);
  }
  const address = parsed.first + host;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
