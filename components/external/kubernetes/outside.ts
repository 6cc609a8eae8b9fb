/**
 * Where clusters have their pods, Services and nodes, and clouds what they tell a node of itself. Source: RFC
 * 1918, RFC 6598 (shared addresses, which some clusters give to pods) and RFC 3927 (link-local).
 */
const INSIDE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
] as const;

/**
 * What is inside of a network that is given for a system outside the platform: `0.0.0.0/0`, where its provider
 * publishes no addresses, is meant to be all of the world and not the API server or the database of somebody
 * else in the cluster. Whoever names a network in there, such as that of a proxy, means it.
 */
export function insideOf(network: string): readonly string[] {
  const [address, length] = read(network);
  return INSIDE.filter((inside) => {
    const [start, prefix] = read(inside);
    return prefix > length && masked(start, length) === masked(address, length);
  });
}

function read(network: string): readonly [address: number, prefix: number] {
  const [address = '', prefix = ''] = network.split('/');
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [number, Number(prefix)];
}

function masked(address: number, prefix: number): number {
  return Math.floor(address / 2 ** (32 - prefix));
}
