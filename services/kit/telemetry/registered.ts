import { Counter, Gauge, Histogram } from 'prom-client';
import type { CollectFunction, OpenMetricsContentType, Registry } from 'prom-client';
import { DURATION_BOUNDS_SECONDS, METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { MetricKind, MetricName } from '@meridian/language/metrics.ts';

/** Where the metrics of a process are; of this kind, since it alone takes exemplars. */
export type MetricsRegistry = Registry<OpenMetricsContentType>;

/** What a metric is called, and what it is about; its labels are those that the registry of metrics has. */
export interface MetricProps<Kind extends MetricKind> {
  readonly name: MetricName<Kind>;
  readonly help: string;
}

/** Sets a metric whenever it is read. */
interface Collected<Of> {
  readonly collect?: CollectFunction<Of>;
}

const LABELS_OF = new Map<string, readonly string[]>(
  Object.values(METRIC_REGISTRY).map(({ name, labels }) => [name, labels]),
);

/** The counter of that name: the folder that counts declares it, and all that count the same share it. */
export function counter(
  registry: MetricsRegistry,
  props: MetricProps<'counter'> & Collected<Counter>,
): Counter {
  const known = registry.getSingleMetric(props.name);
  return known instanceof Counter ? known : new Counter(configured(registry, props));
}

/** The gauge of that name, likewise. */
export function gauge(
  registry: MetricsRegistry,
  props: MetricProps<'gauge'> & Collected<Gauge>,
): Gauge {
  const known = registry.getSingleMetric(props.name);
  return known instanceof Gauge ? known : new Gauge(configured(registry, props));
}

/** The histogram of durations in seconds of that name, likewise. */
export function durations(registry: MetricsRegistry, props: MetricProps<'histogram'>): Histogram {
  const known = registry.getSingleMetric(props.name);
  if (known instanceof Histogram) return known;
  return new Histogram({
    ...configured(registry, props),
    buckets: [...DURATION_BOUNDS_SECONDS],
    enableExemplars: true,
  });
}

function configured<Props extends { readonly name: string; readonly help: string }>(
  registry: MetricsRegistry,
  props: Props,
) {
  return { ...props, labelNames: LABELS_OF.get(props.name) ?? [], registers: [registry] };
}
