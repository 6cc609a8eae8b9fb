import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { ServiceConfiguration } from '@meridian/language/service-configuration.ts';
import { TARGET_INFO } from './names.ts';
import type { MetricsRegistry } from './registered.ts';
import { resourceAttributes } from './tracing.ts';

/**
 * The metrics of a process; its own registry, so that tests can run many in one process. Each is declared by
 * the folder that measures it, under a name of METRICS.
 */
export interface Metrics {
  readonly registry: MetricsRegistry;
}

/**
 * How often the delay of the event loop is sampled. The library's 10 ms wake an idle process a hundred times a
 * second, which is most of what it does; what blocks for long is seen with this as well.
 */
const DELAY_SAMPLED_EVERY_MS = 100;

/** Creates a registry with what every process tells of itself. */
export function createMetrics(configuration: ServiceConfiguration): Metrics {
  const registry: MetricsRegistry = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: DELAY_SAMPLED_EVERY_MS,
  });
  showTarget(registry, configuration);
  return { registry };
}

/** The resource of the process, as metrics carry it. */
function showTarget(registry: MetricsRegistry, configuration: ServiceConfiguration): void {
  const resource = Object.fromEntries(
    Object.entries(resourceAttributes(configuration)).map(([name, value]) => [
      name.replaceAll('.', '_'),
      value,
    ]),
  );
  new Gauge({
    name: TARGET_INFO,
    help: 'Resource attributes of the process',
    labelNames: Object.keys(resource),
    registers: [registry],
  }).set(resource, 1);
}
