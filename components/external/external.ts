import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import type { Engine } from '../engine.ts';
import type { PlatformGraph } from '../model/graph.ts';
import type { Zones } from '../zones/zones.ts';

/** The systems outside the platform that services talk to. */
export interface ExternalsArgs {
  readonly landing: ExternalsLanding;
  readonly zones: Zones;
}

/** A system outside the platform, as this stack has it. */
export interface ExternalSystem {
  /** Its name in the graph. */
  readonly name: string;
  /** Where it answers. */
  readonly uri: string;
  /** The name of what stands in for it; null for the system itself. */
  readonly standIn: string | null;
}

/** The same everywhere. */
export interface ExternalsOutputs {
  readonly systems: readonly ExternalSystem[];
}

/** Makes the way to the systems real, and what stands in for those that there are none of. */
export type ExternalsLanding = (
  parent: ComponentResource,
  name: string,
  args: ExternalsArgs,
) => ExternalsOutputs;

/** Systems outside the platform: where they are, what they know us by, and what stands in for them. */
export class Externals extends ComponentResource implements ExternalsOutputs, Engine {
  readonly systems: readonly ExternalSystem[];

  constructor(name: string, args: ExternalsArgs, options?: ComponentResourceOptions) {
    super('meridian:external:Externals', name, {}, options);
    this.systems = args.landing(this, name, args).systems;
    this.registerOutputs({ systems: this.systems });
  }

  /** So that its secrets are there; that the system itself answers is waited for by nobody. */
  isAwaitedBy({ externals }: PlatformGraph, workload: string): boolean {
    return externals.some(({ users }) => users.includes(workload));
  }
}
