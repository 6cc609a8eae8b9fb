import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import type { Engine } from '../engine.ts';
import type { PlatformGraph } from '../model/graph.ts';
import type { Zones } from '../zones/zones.ts';
import { searchGrants } from './search-grants.ts';

/** The Elasticsearch of the platform, with the indices that services declare. */
export interface SearchArgs {
  readonly landing: SearchLanding;
  readonly zones: Zones;
}

/** Makes the cluster and its users real. */
export type SearchLanding = (parent: ComponentResource, name: string, args: SearchArgs) => void;

/** Nodes for search, and a user for each service that may use them. */
export class Search extends ComponentResource implements Engine {
  constructor(name: string, args: SearchArgs, options?: ComponentResourceOptions) {
    super('meridian:search:Search', name, {}, options);
    args.landing(this, name, args);
    this.registerOutputs({});
  }

  /** So that a service's user and password are there. */
  isAwaitedBy(graph: PlatformGraph, workload: string): boolean {
    return searchGrants(graph).some(({ service }) => service === workload);
  }
}
