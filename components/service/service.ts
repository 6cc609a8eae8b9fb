import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Resource } from '@pulumi/pulumi';
import type { Zones } from '../zones/zones.ts';

/** One of the seven. */
export interface ServiceArgs {
  readonly landing: ServiceLanding;
  /** Name of the service in the graph. */
  readonly service: string;
  readonly zones: Zones;
  /**
   * What is up before it starts: the engines that it waits for, and the services that it calls, so that
   * an update of one is finished before its callers follow.
   */
  readonly after: readonly Resource[];
}

/** A replica as `status` shows it. */
export interface Replica {
  /** Such as 'catalog-b-0'. */
  readonly name: string;
  readonly zone: string;
  /** Where it serves, host:port. */
  readonly address: string;
}

/** The same everywhere. */
export interface ServiceOutputs {
  readonly replicas: readonly Replica[];
}

/** Makes a service real. */
export type ServiceLanding = (parent: ComponentResource, args: ServiceArgs) => ServiceOutputs;

/** A service: replicas spread over the zones, each with its identity and its bindings. */
export class Service extends ComponentResource implements ServiceOutputs {
  readonly replicas: readonly Replica[];

  constructor(name: string, args: ServiceArgs, options?: ComponentResourceOptions) {
    super('meridian:service:Service', name, {}, options);
    this.replicas = args.landing(this, args).replicas;
    this.registerOutputs({ replicas: this.replicas });
  }
}
