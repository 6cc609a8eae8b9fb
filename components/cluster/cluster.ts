import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions } from '@pulumi/pulumi';

/** What the platform asks of the machines it runs on. */
export interface ClusterArgs {
  readonly landing: ClusterLanding;
}

/** Makes the ground ready. */
export type ClusterLanding = (parent: ComponentResource, name: string) => void;

/** The ground of the platform: what must be there before anything of it, such as operators. */
export class Cluster extends ComponentResource {
  constructor(name: string, args: ClusterArgs, options?: ComponentResourceOptions) {
    super('meridian:cluster:Cluster', name, {}, options);
    args.landing(this, name);
    this.registerOutputs({});
  }
}
