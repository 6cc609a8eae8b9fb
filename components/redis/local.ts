import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { redisPasswordFile } from '@meridian/provider-local/resources/redis-server.ts';
import { RedisUser } from '@meridian/provider-local/resources/redis-user.ts';
import { firstZone } from '../local/addresses.ts';
import { bindingFolder, merged } from '../local/binding-folder.ts';
import { engineIdentity, NO_USE } from '../local/engine.ts';
import type { EngineUse, LocalEngine } from '../local/engine.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { installedVersion } from '../service/program-sources.ts';
import { hostAddress } from '../model/network.ts';
import {
  ENGINE_METRICS_PROCESS,
  MONITOR,
  MONITOR_BINDINGS,
  MONITOR_GRANTS,
} from '../observability/engines/monitor.ts';
import { redisBinding, REDIS_IDENTITY_FOLDER } from './redis-binding.ts';
import type { RedisLanding } from './redis.ts';
import { redisConf, renewCommand, startCommand } from './local/redis-configuration.ts';
import type { RedisListen } from './local/redis-configuration.ts';
import { redisGrants, serverUsers } from './redis-grants.ts';

/** Where the server listens in its zone. */
const PORT_OFFSET = 4;
const PLACE = { host: 3, ports: [PORT_OFFSET] } as const;

/** Name of the server's process. */
const SERVER = 'redis';

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
export function lowerRedis(context: LoweringContext): LocalRedis {
  const { graph, settings, sources } = context;
  const listen = listenOf(context);
  return {
    zone: firstZone(graph).name,
    listen,
    process: redisProcess(listen, installedVersion(sources, 'redis')),
    users: serverUsers(graph).map((user) => ({
      ...user,
      generation: settings.passwordGeneration,
    })),
  };
}

function listenOf({ graph, settings }: LoweringContext): RedisListen {
  const { network } = firstZone(graph);
  return { address: hostAddress(network, PLACE.host), port: settings.portBase + PORT_OFFSET };
}

/** The process of a server; also what tests of services start. */
export function redisProcess(listen: RedisListen, revision: string): ProcessSpec {
  const binaries = '${cache}/redis/current/bin';
  return {
    name: SERVER,
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

/** A binding to each key space of a service, and a certificate in the name of its user. */
function useRedis(context: LoweringContext, workload: string): EngineUse {
  if (workload === ENGINE_METRICS_PROCESS) return monitorRedis(context);
  const grants = redisGrants(context.graph).filter(({ service }) => service === workload);
  const [first] = grants;
  if (first === undefined) return NO_USE;
  const { address: host, port } = listenOf(context);
  const passwordFile = redisPasswordFile(SERVER, first.user);
  return {
    files: merged(
      grants.map((grant) =>
        bindingFolder(grant.binding, redisBinding(grant, { host, port, passwordFile })),
      ),
    ),
    identities: [engineIdentity(REDIS_IDENTITY_FOLDER, first.user)],
  };
}

/** What the server says of itself is for one that has no key there. */
function monitorRedis(context: LoweringContext): EngineUse {
  const { address: host, port } = listenOf(context);
  const place = { host, port, passwordFile: redisPasswordFile(SERVER, MONITOR) };
  return {
    files: bindingFolder(MONITOR_BINDINGS.redis, redisBinding(MONITOR_GRANTS.redis, place)),
    identities: [engineIdentity(REDIS_IDENTITY_FOLDER, MONITOR)],
  };
}

/** Redis on this machine. */
export const localRedis: LocalEngine<LocalRedis, RedisLanding> = {
  lower: lowerRedis,
  land: landRedis,
  place: PLACE,
  problems: () => [],
  use: useRedis,
};
