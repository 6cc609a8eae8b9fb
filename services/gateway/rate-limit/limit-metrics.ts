import type { Counter } from 'prom-client';
import { METRICS } from '@meridian/kit/telemetry/names.ts';
import { counter } from '@meridian/kit/telemetry/registered.ts';
import type { MetricsRegistry } from '@meridian/kit/telemetry/registered.ts';

/** Decisions of the rate limiter, by class, what was decided and who decided. */
export function rateLimitDecisions(registry: MetricsRegistry): Counter {
  return counter(registry, {
    name: METRICS.rateLimitDecisions,
    help: 'Requests that were let through or refused by rate',
  });
}
