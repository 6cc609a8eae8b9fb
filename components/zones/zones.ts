import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Output, Resource } from '@pulumi/pulumi';
import type { Certificates } from '../certificates/certificates.ts';

/** Where the platform runs. */
export interface ZonesArgs {
  readonly landing: ZonesLanding;
  /** The root that the zones' own authorities stand below. */
  readonly certificates: Certificates;
}

/** What runs a zone. */
export interface ZoneHost {
  /** What is placed in the zone depends on it. */
  readonly resource: Resource;
  /** The zone's name as an output of the host, so that what is placed there follows the host. */
  readonly zone: Output<string>;
}

/** The same everywhere. */
export interface ZonesOutputs {
  /** By the zone's name. */
  readonly hosts: Readonly<Record<string, ZoneHost>>;
}

/** Makes the zones real. */
export type ZonesLanding = (
  parent: ComponentResource,
  name: string,
  args: ZonesArgs,
) => ZonesOutputs;

/** The zones of the platform: each has a network of its own and fails as a whole. */
export class Zones extends ComponentResource implements ZonesOutputs {
  readonly hosts: Readonly<Record<string, ZoneHost>>;

  constructor(name: string, args: ZonesArgs, options?: ComponentResourceOptions) {
    super('meridian:zones:Zones', name, {}, options);
    this.hosts = args.landing(this, name, args).hosts;
    this.registerOutputs({ names: Object.keys(this.hosts) });
  }

  /**
   * What everything that is placed in zones waits for. The component itself does not do: where a landing makes nothing of
   * it, whoever depends on it depends on nothing.
   */
  get foundation(): readonly Resource[] {
    return [...new Set(Object.values(this.hosts).map(({ resource }) => resource))];
  }

  /** What runs that zone. Throws Error for a zone that is not there, which is a bug. */
  host(zone: string): ZoneHost {
    const host = this.hosts[zone];
    if (host === undefined) throw new Error(`There is no zone '${zone}'`);
    return host;
  }
}
