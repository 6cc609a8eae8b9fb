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
  return found<Counter>(registry, props) ?? new Counter({ ...props, registers: [registry] });
}

/** The gauge of that name, likewise. */
export function gauge(registry: Registry, props: MetricProps): Gauge {
  return found<Gauge>(registry, props) ?? new Gauge({ ...props, registers: [registry] });
}

/** The histogram of durations in seconds of that name, likewise. */
export function durations(registry: Registry, props: MetricProps): Histogram {
  const buckets = [...DURATION_BOUNDS_SECONDS];
  return (
    found<Histogram>(registry, props) ?? new Histogram({ ...props, buckets, registers: [registry] })
  );
}

function found<Metric>(registry: Registry, { name }: MetricProps): Metric | undefined {
  return registry.getSingleMetric(name) as Metric | undefined;
}
