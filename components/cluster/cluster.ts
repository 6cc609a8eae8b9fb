import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Output, ProviderResource } from '@pulumi/pulumi';
import type { Network } from '../network/network.ts';

/** What the platform asks of the machines it runs on. */
export interface ClusterArgs {
  readonly landing: ClusterLanding;
  readonly network: Network;
}

/** A cluster that a cloud has made. */
export interface CloudCluster {
  /** By which the cloud knows it. */
  readonly name: Output<string>;
  /** Security group of its nodes and pods. */
  readonly securityGroup: Output<string>;
}

/** The same everywhere. */
export interface ClusterOutputs {
  /** Undefined where the cluster is there already, or where there is none. */
  readonly cloud: CloudCluster | undefined;
  /** What everything in the cluster is declared by; none where Pulumi's settings say how it is reached. */
  readonly providers: readonly ProviderResource[];
}

/** Makes the ground ready. */
export type ClusterLanding = (
  parent: ComponentResource,
  name: string,
  args: ClusterArgs,
) => ClusterOutputs;

/** The ground of the platform: what must be there before anything of it, such as operators. */
export class Cluster extends ComponentResource implements ClusterOutputs {
  readonly cloud: CloudCluster | undefined;
  readonly providers: readonly ProviderResource[];

  constructor(name: string, args: ClusterArgs, options?: ComponentResourceOptions) {
    super('meridian:cluster:Cluster', name, {}, options);
    const { cloud, providers } = args.landing(this, name, args);
    this.cloud = cloud;
    this.providers = providers;
    this.registerOutputs(cloud === undefined ? {} : { name: cloud.name });
  }

  /** With which components are declared whose parts are in the cluster. */
  get within(): ComponentResourceOptions {
    return { providers: [...this.providers] };
  }

  /** The cluster that the stack's cloud has made. Throws Error where there is none, which is a bug. */
  get ofCloud(): CloudCluster {
    if (this.cloud === undefined) throw new Error('The stack has no cluster of a cloud');
    return this.cloud;
  }
}

/** A landing that makes no cluster. */
export const CLUSTER_IN_PLACE: ClusterOutputs = { cloud: undefined, providers: [] };
