import { networksOverlap, parseNetwork } from '../network.ts';
import type { PlatformProps } from '../platform.ts';
import { duplicateProblems, labelProblem, MAX_ZONE_NAME_LENGTH } from './name-problems.ts';
import { quoted } from './problem.ts';
import type { Problem } from './problem.ts';

/** Fewer cannot lose one and keep a majority. */
export const MIN_ZONES = 3;

/** The point of presence in front of the zones; also the identity of the edge. */
export const RESERVED_NAME = 'edge';

const ZONES_FILE = 'stacks/<stack>.ts';

/** Number, names and networks of the zones. */
export function zoneProblems({ name, zones }: PlatformProps): Problem[] {
  const tooFew: Problem[] =
    zones.length >= MIN_ZONES
      ? []
      : [
          {
            subject: `Platform '${name}'`,
            rule: `there must be ${MIN_ZONES} zones or more`,
            given: zones.length,
            fix: `add zones in ${ZONES_FILE}`,
          },
        ];
  return [
    ...tooFew,
    ...zones.flatMap((zone) =>
      labelProblem(`Zone '${zone.name}'`, zone.name, MAX_ZONE_NAME_LENGTH, ZONES_FILE),
    ),
    ...zones
      .filter((zone) => zone.name === RESERVED_NAME)
      .map((zone) => ({
        subject: `Zone '${zone.name}'`,
        rule: 'name must not be that of the point of presence in front of the zones',
        given: quoted(zone.name),
        fix: `rename it in ${ZONES_FILE}`,
      })),
    ...duplicateProblems(
      zones.map((zone) => zone.name),
      (repeated) => `Zone '${repeated}'`,
      'names of zones must be unique',
      `rename all but one in ${ZONES_FILE}`,
    ),
    ...zones.flatMap((zone) => networkProblems(zone.name, zone.network)),
    ...overlapProblems(zones),
  ];
}

function networkProblems(zone: string, network: string): Problem[] {
  if (parseNetwork(network) !== undefined) return [];
  return [
    {
      subject: `Zone '${zone}'`,
      rule: "network must be an IPv4 network in CIDR notation, such as '127.0.1.0/24'",
      given: quoted(network),
      fix: `set it in ${ZONES_FILE}`,
    },
  ];
}

function overlapProblems(zones: PlatformProps['zones']): Problem[] {
  return zones.flatMap((zone, position) =>
    zones
      .slice(position + 1)
      .filter((other) => {
        const [left, right] = [parseNetwork(zone.network), parseNetwork(other.network)];
        return left !== undefined && right !== undefined && networksOverlap(left, right);
      })
      .map((other) => ({
        subject: `Zone '${other.name}'`,
        rule: `network must not overlap ${zone.network} of zone '${zone.name}'`,
        given: quoted(other.network),
        fix: `set it in ${ZONES_FILE}`,
      })),
  );
}
