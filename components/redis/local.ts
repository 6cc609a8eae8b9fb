import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { RedisUser } from '@meridian/provider-local/resources/redis-user.ts';
import { PORT_OFFSETS, redisAddress } from '../local/addresses.ts';
import type { LoweringContext } from '../local/lowering.ts';
import type { RedisLanding } from './redis.ts';
import { redisConf, renewCommand, startCommand } from './redis-configuration.ts';
import type { RedisListen } from './redis-configuration.ts';
import { redisUsers } from './redis-grants.ts';

/** A user as the local provider makes it. */
export interface LocalRedisUser {
  readonly name: string;
  readonly rules: readonly string[];
  /** Another number than before gives it another password. */
  readonly generation: number;
}

/** One server in the first zone: what it holds may be lost, and services go on without it. */
export interface LocalRedis {
  readonly zone: string;
  readonly listen: RedisListen;
  readonly process: ProcessSpec;
  readonly users: readonly LocalRedisUser[];
}

/** The server and its users. */
export function lowerRedis({ graph, settings, sources }: LoweringContext): LocalRedis {
  const [zone] = graph.zones;
  if (zone === undefined) throw new Error('A valid graph has zones');
  const listen = { address: redisAddress(zone), port: settings.portBase + PORT_OFFSETS.redis };
  return {
    zone: zone.name,
    listen,
    process: redisProcess(listen, sources.engines.redis),
    users: redisUsers(graph).map((user) => ({ ...user, generation: settings.passwordGeneration })),
  };
}

/** The process of a server; also what tests of services start. */
export function redisProcess(listen: RedisListen, revision: string): ProcessSpec {
  const binaries = '${cache}/redis/current/bin';
  return {
    name: 'redis',
    revision,
    command: startCommand(`${binaries}/redis-server`),
    environment: {},
    files: { 'redis.conf': redisConf(listen) },
    liveFiles: {},
    identities: [
      {
        folder: 'tls',
        uris: [],
        commonName: 'redis',
        dnsNames: [],
        addresses: [listen.address],
        usages: ['server'],
      },
    ],
    listens: [{ name: 'redis', ...listen }],
    readiness: { kind: 'tcp', ...listen, timeoutSeconds: 30 },
    stop: { signal: 'SIGTERM', graceSeconds: 10 },
    onRenew: { command: renewCommand(listen, `${binaries}/redis-cli`) },
    runs: 'always',
    data: true,
  };
}

/** Runs the server in its zone's agent and makes its users with the local provider. */
export function landRedis(lowered: LocalRedis): RedisLanding {
  return (parent, name, { zones }) => {
    const { listen, process } = lowered;
    const host = zones.host(lowered.zone);
    const engine = new Process(
      `${name}-server`,
      { zone: host.zone, spec: process },
      { parent, dependsOn: host.resource },
    );
    const server = { zone: host.zone, process: process.name, port: listen.port };
    for (const user of lowered.users) {
      // Not deletedWith the engine: its password lies outside of it.
      new RedisUser(
        `${name}-user-${user.name}`,
        { server, ...user },
        { parent, dependsOn: engine },
      );
    }
    return { host: listen.address, port: listen.port };
  };
}
