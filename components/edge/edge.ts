import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import type { Cluster } from '../cluster/cluster.ts';
import type { Network } from '../network/network.ts';
import type { Certificates } from '../certificates/certificates.ts';
import type { Service } from '../service/service.ts';

/** The door of the platform. */
export interface EdgeArgs {
  readonly landing: EdgeLanding;
  /** The root below which the edge's own certificates are issued. */
  readonly certificates: Certificates;
  /** The service behind it. */
  readonly gateway: Service;
  /** Where it stands. */
  readonly network: Network;
  readonly cluster: Cluster;
}

/** The same everywhere. */
export interface EdgeOutputs {
  /** Where users reach the platform. */
  readonly url: string;
}

/** Makes the edge real. */
export type EdgeLanding = (parent: ComponentResource, name: string, args: EdgeArgs) => EdgeOutputs;

/** The edge: TLS towards users, health-checked gateways and a client certificate behind it. */
export class Edge extends ComponentResource implements EdgeOutputs {
  readonly url: string;

  constructor(name: string, args: EdgeArgs, options?: ComponentResourceOptions) {
    super('meridian:edge:Edge', name, {}, options);
    this.url = args.landing(this, name, args).url;
    this.registerOutputs({ url: this.url });
  }
}
