/** First and last address of a network, as numbers. */
function range(network: string): readonly [first: number, last: number] {
  const [address = '', length] = network.split('/');
  const first = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [first, first + 2 ** (32 - Number(length)) - 1];
}

/** Whether two networks have an address in common; both IPv4 in CIDR notation. */
export function overlaps(one: string, other: string): boolean {
  const [[first, last], [otherFirst, otherLast]] = [range(one), range(other)];
  return first <= otherLast && otherFirst <= last;
}

/** Whether every address of a network is in another. */
export function isInside(inner: string, outer: string): boolean {
  const [[first, last], [outerFirst, outerLast]] = [range(inner), range(outer)];
  return outerFirst <= first && last <= outerLast;
}

/** First address of a network and how many further: '172.20.0.0/16' and 1 give '172.20.0.1'. */
export function addressOf(network: string, place: number): string {
  const address = range(network)[0] + place;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
