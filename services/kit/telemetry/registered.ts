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
  const known = registry.getSingleMetric(props.name);
  return known instanceof Counter ? known : new Counter({ ...props, registers: [registry] });
}

/** The gauge of that name, likewise. */
export function gauge(registry: Registry, props: MetricProps): Gauge {
  const known = registry.getSingleMetric(props.name);
  return known instanceof Gauge ? known : new Gauge({ ...props, registers: [registry] });
}

/** The histogram of durations in seconds of that name, likewise. */
export function durations(registry: Registry, props: MetricProps): Histogram {
  const known = registry.getSingleMetric(props.name);
  if (known instanceof Histogram) return known;
  return new Histogram({ ...props, buckets: [...DURATION_BOUNDS_SECONDS], registers: [registry] });
}
