import type { Counter, Gauge } from 'prom-client';
import { METRICS } from '../telemetry/names.ts';
import { counter, gauge } from '../telemetry/registered.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';

/** Whether Redis is there, 1 or 0, by key space. */
export function connectionUp(registry: MetricsRegistry): Gauge {
  return gauge(registry, {
    name: METRICS.redisConnectionUp,
    help: 'Whether there is a connection to Redis',
  });
}

/** Reads through a cache, by the cache and what came of it. */
export function cacheReads(registry: MetricsRegistry): Counter {
  return counter(registry, {
    name: METRICS.cacheReads,
    help: 'Reads through a cache',
  });
}
