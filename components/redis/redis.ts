import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Input } from '@pulumi/pulumi';
import type { Engine } from '../engine.ts';
import type { PlatformGraph } from '../model/graph.ts';
import type { Ground } from '../ground.ts';
import { redisGrants } from './redis-grants.ts';

/** The Redis of the platform, with a key space for each store that services declare. */
export interface RedisArgs extends Ground {
  readonly landing: RedisLanding;
}

/** The same everywhere: the binding properties that locate the server. */
export interface RedisOutputs {
  readonly host: Input<string>;
  readonly port: number;
}

/** Makes the server and its users real. */
export type RedisLanding = (
  parent: ComponentResource,
  name: string,
  args: RedisArgs,
) => RedisOutputs;

/** A server for what may be lost, and a user for each service that may use it. */
export class Redis extends ComponentResource implements RedisOutputs, Engine {
  readonly host: Input<string>;
  readonly port: number;

  constructor(name: string, args: RedisArgs, options?: ComponentResourceOptions) {
    super('meridian:redis:Redis', name, {}, options);
    const { host, port } = args.landing(this, name, args);
    this.host = host;
    this.port = port;
    this.registerOutputs({ host, port });
  }

  /** So that a service's user and password are there. */
  isAwaitedBy(graph: PlatformGraph, workload: string): boolean {
    return redisGrants(graph).some(({ service }) => service === workload);
  }
}
