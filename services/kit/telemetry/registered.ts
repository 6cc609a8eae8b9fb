import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { DURATION_BOUNDS_SECONDS } from './names.ts';

/** What a metric is called, and what it is about; its name comes from METRICS. */
export interface MetricProps {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** The counter of that name: the folder that counts declares it, and all that count the same share it. */
export function counter(registry: Registry, props: MetricProps): Counter {
  return (
    (registry.getSingleMetric(props.name) as Counter | undefined) ??
    new Counter({ ...props, registers: [registry] })
  );
}

/** The gauge of that name, likewise. */
export function gauge(registry: Registry, props: MetricProps): Gauge {
  return (
    (registry.getSingleMetric(props.name) as Gauge | undefined) ??
    new Gauge({ ...props, registers: [registry] })
  );
}

/** The histogram of durations in seconds of that name, likewise. */
export function durations(registry: Registry, props: MetricProps): Histogram {
  const buckets = [...DURATION_BOUNDS_SECONDS];
  return (
    (registry.getSingleMetric(props.name) as Histogram | undefined) ??
    new Histogram({ ...props, buckets, registers: [registry] })
  );
}
