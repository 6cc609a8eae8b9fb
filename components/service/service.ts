import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Resource } from '@pulumi/pulumi';
import type { Postgres } from '../postgres/postgres.ts';
import type { Redis } from '../redis/redis.ts';
import type { Zones } from '../zones/zones.ts';

/** One of the seven. */
export interface ServiceArgs {
  readonly landing: ServiceLanding;
  /** Name of the service in the graph. */
  readonly service: string;
  readonly zones: Zones;
  /** Started before it, so that its first request finds its tables. */
  readonly postgres: Postgres;
  /** Started before it, so that its user and password are there. */
  readonly redis: Redis;
  /** The services that it calls; an update of one is finished before its callers follow. */
  readonly callees: readonly Service[];
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

/**
 * What must be up before a service or task starts. Kafka need not: events wait in the outbox, and
 * consumers wait for their topics.
 */
export function prerequisites(args: {
  readonly postgres: Postgres;
  /** A task has no stores, so it names none. */
  readonly redis?: Redis;
  readonly callees: readonly Service[];
}): readonly Resource[] {
  const { postgres, redis, callees } = args;
  return [postgres, ...(redis === undefined ? [] : [redis]), ...callees];
}
