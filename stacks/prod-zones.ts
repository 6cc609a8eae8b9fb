import type { z } from 'zod';

/**
 * Regions in which an account sees two availability zones: quorums and volumes would be where one is lost with the other.
 * Source: AWS Regions and Availability Zones User Guide, "US West (N. California)": two of its three for new accounts.
 */
const REGIONS_OF_TWO_ZONES: readonly string[] = ['us-west-1'];

/** What the settings say of where production is. */
interface GivenPlace {
  readonly 'aws:region': string;
  readonly topologyZones: Readonly<Record<string, string>>;
}

/** The availability zone of each zone of the platform: the region's of the same letter, unless it is named. */
export function availabilityZones(
  { 'aws:region': region, topologyZones }: GivenPlace,
  names: readonly string[],
): readonly string[] {
  return names.map((name) => topologyZones[name] ?? `${region}${name}`);
}

/** Refuses a zone of another region, one zone for two, and a region that has no three. */
export function refuseOtherZones(names: readonly string[]) {
  return (given: GivenPlace, context: z.core.$RefinementCtx): void => {
    const { 'aws:region': region, topologyZones } = given;
    if (REGIONS_OF_TWO_ZONES.includes(region)) {
      context.addIssue({
        code: 'custom',
        path: ['aws:region'],
        message: 'must be a region with three availability zones for every account',
        params: { given: region },
      });
    }
    for (const [name, zone] of Object.entries(topologyZones)) {
      if (new RegExp(`^${region}[a-z]$`).test(zone)) continue;
      context.addIssue({
        code: 'custom',
        path: ['topologyZones', name],
        message: `must be an availability zone of region '${region}', such as '${region}a'`,
        params: { given: zone },
      });
    }
    const zones = availabilityZones(given, names);
    if (new Set(zones).size === zones.length) return;
    context.addIssue({
      code: 'custom',
      path: ['topologyZones'],
      message: 'must name another availability zone for each',
      params: { given: zones.join(', ') },
    });
  };
}
