import type { Counter, Registry } from 'prom-client';
import { METRICS } from '@meridian/kit/telemetry/names.ts';
import { counter } from '@meridian/kit/telemetry/registered.ts';

/** Decisions of the rate limiter, by class, what was decided and who decided. */
export function rateLimitDecisions(registry: Registry): Counter {
  return counter(registry, {
    name: METRICS.rateLimitDecisions,
    help: 'Requests that were let through or refused by rate',
  });
}
