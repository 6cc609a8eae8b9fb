import type { Counter, Registry } from 'prom-client';
import { METRICS } from './telemetry/names.ts';
import { counter } from './telemetry/registered.ts';

/** Failures of work in the background, by its name. */
export function backgroundFailures(registry: Registry): Counter {
  return counter(registry, {
    name: METRICS.backgroundFailures,
    help: 'Work in the background that failed; the process went on',
  });
}
