import type { ZoneNode } from '@meridian/components/model/graph.ts';
import { networksOverlap, parseNetwork } from '@meridian/components/model/network.ts';
import type { Finding } from '../finding.ts';
import { matched } from './comparison.ts';
import { compareMembers, toldBy } from './members.ts';
import type { Comparators } from './members.ts';

/** With two of three the platform goes on (the model demands three). */
const LEAST_ZONES = 3;

const ZONE: Comparators<ZoneNode, { readonly zone: string; readonly stack: string }> = {
  name: toldBy('the pairing of zones by their names'),
  network: (before, after, { zone, stack }) => [
    ofZone(stack, zone, {
      kind: isWithin(after, before) ? 'network-closed' : 'network-opened',
      ...{ property: 'network', before, after },
      consequence: isWithin(after, before)
        ? 'what has an address outside of it is refused'
        : 'addresses are let in that were not',
    }),
  ],
};

/** Zones that come and go, and their networks. */
export function zoneFindings(
  before: readonly ZoneNode[],
  after: readonly ZoneNode[],
  stack: string,
): readonly Finding[] {
  const { gone, come, both } = matched(before, after, ({ name }) => name);
  const counts = {
    property: 'zones',
    before: String(before.length),
    after: String(after.length),
  };
  return [
    ...gone.map(({ name }) =>
      ofZone(stack, name, {
        kind: after.length < LEAST_ZONES ? 'zone-proof-lost' : 'capacity-down',
        ...counts,
        consequence:
          after.length < LEAST_ZONES
            ? 'when one more zone goes, what needs two of three goes with it'
            : 'the others carry what it carried',
      }),
    ),
    ...come.map(({ name }) =>
      ofZone(stack, name, {
        kind: 'scale-changed',
        ...counts,
        consequence: 'replicas are spread over one zone more',
      }),
    ),
    ...both.flatMap(([old, now]) =>
      compareMembers(ZONE, old, now, {
        context: { zone: now.name, stack },
        node: { declaration: stack, subject: `zone ${now.name}`, among: 'zones' },
      }),
    ),
  ];
}

/** Whether all of a network lies in another; what nobody can read does not. */
function isWithin(inner: string, outer: string): boolean {
  const [one, other] = [parseNetwork(inner), parseNetwork(outer)];
  if (one === undefined || other === undefined) return false;
  return networksOverlap(one, other) && one.size <= other.size;
}

function ofZone(
  stack: string,
  zone: string,
  finding: Pick<Finding, 'kind' | 'property' | 'before' | 'after' | 'consequence'>,
): Finding {
  const network = finding.property === 'network' ? finding.after : undefined;
  return {
    ...finding,
    ...{ subject: `zone ${zone}`, among: 'zones' },
    from: {
      declaration: stack,
      member: 'zones',
      ...(network === undefined ? {} : { word: network }),
    },
  };
}
