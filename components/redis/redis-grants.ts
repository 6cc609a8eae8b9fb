import type { PlatformGraph } from '../model/graph.ts';
import { MONITOR, MONITOR_REDIS_RULES } from '../observability/engines/monitor.ts';

/** One key space of Redis and the service that it belongs to. */
export interface RedisGrant {
  readonly store: string;
  readonly service: string;
  /** User of the service; equals the common name of its client certificate. */
  readonly user: string;
  /** Every key of the store begins with it. */
  readonly keyPrefix: string;
  /** Name of the service's binding folder. */
  readonly binding: string;
}

/**
 * What a cache and a limiter need, by name: no category of Redis's is as narrow. Nothing here sees
 * keys that it does not name (KEYS, SCAN, RANDOMKEY), ends others' work or changes the server.
 */
const COMMANDS = [
  ...['hello', 'auth', 'ping'],
  ...['get', 'mget', 'set', 'del', 'unlink', 'exists', 'incr', 'incrby', 'expire', 'pexpire'],
  ...['ttl', 'pttl', 'hget', 'hmget', 'hset', 'hdel', 'hgetall'],
  // A script runs as its user: it reaches the same keys with the same commands.
  ...['eval', 'evalsha', 'script|load', 'time'],
] as const;

/** The key spaces of a graph, by the stores that services declare. */
export function redisGrants(graph: PlatformGraph): readonly RedisGrant[] {
  return graph.services.flatMap((service) =>
    service.stores
      .filter((store) => store.kind === 'redis')
      .map((store) => ({
        store: store.name,
        service: service.name,
        user: service.name,
        keyPrefix: `${store.name}:`,
        binding: store.binding,
      })),
  );
}

/** A user of the server, with its rules in the words of `ACL SETUSER`. */
export interface RedisUserRules {
  readonly name: string;
  readonly rules: readonly string[];
}

/** Everybody whom the server of a graph knows: its users, and who asks how the server is. */
export function serverUsers(graph: PlatformGraph): readonly RedisUserRules[] {
  return [...redisUsers(graph), { name: MONITOR, rules: MONITOR_REDIS_RULES }];
}

/** The users of a graph, each with the rules of all its stores. */
export function redisUsers(graph: PlatformGraph): readonly RedisUserRules[] {
  const grants = redisGrants(graph);
  return graph.services
    .filter(({ name }) => grants.some(({ user }) => user === name))
    .map(({ name }) => ({
      name,
      rules: serviceRules(
        grants.filter(({ user }) => user === name).map(({ keyPrefix }) => keyPrefix),
      ),
    }));
}

/** What a service may do with the keys of its stores, in the words of `ACL SETUSER`. */
export function serviceRules(keyPrefixes: readonly string[]): readonly string[] {
  return [
    ...keyPrefixes.map((prefix) => `~${prefix}*`),
    '-@all',
    ...COMMANDS.map((command) => `+${command}`),
  ];
}
