import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Output, Resource } from '@pulumi/pulumi';

/** What the platform's parts reach each other by. */
export interface NetworkArgs {
  readonly landing: NetworkLanding;
}

/** The tiers of a network in a cloud. */
export const TIERS = ['public', 'private', 'data'] as const;

/** 'public' has load balancers and ways out, 'private' nodes and pods, 'data' the engines of the cloud. */
export type Tier = (typeof TIERS)[number];

/** A network that a cloud has made. */
export interface CloudNetwork {
  readonly id: Output<string>;
  /** Subnets by tier and then by the zone's name. */
  readonly subnets: Readonly<Record<Tier, Readonly<Record<string, Output<string>>>>>;
  /**
   * By which a tier reaches the world: what needs it is made after them and goes before them. Nobody refers to a route, and without
   * one a balancer is refused and a node never joins.
   */
  readonly ways: Readonly<Record<Exclude<Tier, 'data'>, readonly Resource[]>>;
}

/** The same everywhere. */
export interface NetworkOutputs {
  /** Undefined where the network is there already, as on this machine or in any cluster. */
  readonly cloud: CloudNetwork | undefined;
}

/** Makes the network real. */
export type NetworkLanding = (parent: ComponentResource, name: string) => NetworkOutputs;

/** The network of the platform, on which everything else stands. */
export class Network extends ComponentResource implements NetworkOutputs {
  readonly cloud: CloudNetwork | undefined;

  constructor(name: string, args: NetworkArgs, options?: ComponentResourceOptions) {
    super('meridian:network:Network', name, {}, options);
    this.cloud = args.landing(this, name).cloud;
    this.registerOutputs(this.cloud === undefined ? {} : { id: this.cloud.id });
  }

  /** The network that the stack's cloud has made. Throws Error where there is none, which is a bug. */
  get ofCloud(): CloudNetwork {
    if (this.cloud === undefined) throw new Error('The stack has no network of a cloud');
    return this.cloud;
  }
}

/** The network that is there already: the machine's or the cluster's own. */
export const networkInPlace = {
  lower: () => ({}),
  land: (): NetworkLanding => () => ({ cloud: undefined }),
};
