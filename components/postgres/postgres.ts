import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Input } from '@pulumi/pulumi';
import type { Engine } from '../engine.ts';
import { databaseGrants } from '../model/grants.ts';
import type { PlatformGraph } from '../model/graph.ts';
import type { Ground } from '../ground.ts';

/** The PostgreSQL of the platform, with a database for each store that services declare. */
export interface PostgresArgs extends Ground {
  readonly landing: PostgresLanding;
}

/** The same everywhere: the binding properties that locate the server. */
export interface PostgresOutputs {
  readonly host: Input<string>;
  readonly port: number;
}

/** Makes the server and its databases real. */
export type PostgresLanding = (
  parent: ComponentResource,
  name: string,
  args: PostgresArgs,
) => PostgresOutputs;

/**
 * Databases, roles and schemas; what depends on the component starts when migrations have run and
 * grants are in place.
 */
export class Postgres extends ComponentResource implements PostgresOutputs, Engine {
  readonly host: Input<string>;
  readonly port: number;

  constructor(name: string, args: PostgresArgs, options?: ComponentResourceOptions) {
    super('meridian:postgres:Postgres', name, {}, options);
    const { host, port } = args.landing(this, name, args);
    this.host = host;
    this.port = port;
    this.registerOutputs({ host, port });
  }

  /** So that a service's first request finds its tables. */
  isAwaitedBy(graph: PlatformGraph, workload: string): boolean {
    return databaseGrants(graph).some(({ service }) => service === workload);
  }
}
