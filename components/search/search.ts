import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import type { Engine } from '../engine.ts';
import type { Ground } from '../ground.ts';

/** The Elasticsearch of the platform, with the indices that services declare. */
export interface SearchArgs extends Ground {
  readonly landing: SearchLanding;
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

  /** Nobody's start waits for it: search answers that it is away, and catches up (ADR 56). */
  isAwaitedBy(): boolean {
    return false;
  }
}
