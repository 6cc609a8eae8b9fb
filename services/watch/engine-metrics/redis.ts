import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import { readRedisBinding } from '@meridian/kit/redis/binding.ts';
import { connect } from '@meridian/kit/redis/connection.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { counter, gauge } from '@meridian/kit/telemetry/registered.ts';
import { openClientTls } from '@meridian/kit/tls/client-tls.ts';
import type { EnginePoll } from './engine-poll.ts';

const LIMITS = { connectTimeoutMs: 3_000, maxPendingCommands: 4 } as const;

/** Redis, by the binding of that name: a connection for each question, with what is newest of certificate and password. */
export function redisPoll(runtime: Runtime, name: string): EnginePoll {
  const binding = readRedisBinding(runtime.bindings, name, runtime.workingFolder);
  const tls = openClientTls(binding.tls);
  runtime.onRelease(`redis '${name}'`, () => tls.close());
  const shown = gauges(runtime);
  const evicted = counter(runtime.metrics.registry, {
    name: ENGINE_METRICS.redisEvictedKeys.name,
    help: 'Keys that were dropped for want of memory',
  });
  // Told from a restart of the server, which begins to count again.
  let evictedBefore: number | undefined;
  const show = (info: ReadonlyMap<string, string>) => {
    shown.used.set(numberOf(info, 'used_memory'));
    shown.max.set(numberOf(info, 'maxmemory'));
    shown.clients.set(numberOf(info, 'connected_clients'));
    const now = numberOf(info, 'evicted_keys');
    const before = evictedBefore ?? now;
    evicted.inc(now >= before ? now - before : now);
    evictedBefore = now;
  };
  const node = 'redis';
  return {
    engine: 'redis',
    nodes: [node],
    ask: async () => {
      const connection = await connect(binding, tls, runtime.log, LIMITS);
      try {
        const info = readInfo(String(await connection.send(['INFO'])));
        return { there: [node], show: () => show(info) };
      } finally {
        connection.close();
      }
    },
    forget: () => Object.values(shown).forEach((each) => each.remove()),
  };
}

function gauges({ metrics: { registry } }: Runtime) {
  return {
    used: gauge(registry, {
      name: ENGINE_METRICS.redisMemoryUsed.name,
      help: 'Memory that is taken',
    }),
    max: gauge(registry, {
      name: ENGINE_METRICS.redisMemoryMax.name,
      help: 'Memory that may be taken; 0 for no limit',
    }),
    clients: gauge(registry, { name: ENGINE_METRICS.redisClients.name, help: 'Clients' }),
  };
}

/** The lines `name:value` of INFO. */
export function readInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\r\n')
      .filter((line) => line.includes(':') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}

function numberOf(info: ReadonlyMap<string, string>, name: string): number {
  const value = Number(info.get(name));
  if (Number.isFinite(value)) return value;
  throw new Error(`INFO of Redis has no number '${name}'`);
}
