import type { Counter } from 'prom-client';
import { METRICS } from './telemetry/names.ts';
import { counter } from './telemetry/registered.ts';
import type { MetricsRegistry } from './telemetry/registered.ts';

/** Failures of work in the background, by its name. */
export function backgroundFailures(registry: MetricsRegistry): Counter {
  return counter(registry, {
    name: METRICS.backgroundFailures,
    help: 'Work in the background that failed; the process went on',
  });
}
