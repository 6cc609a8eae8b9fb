import { LABELS, METRICS } from '../telemetry/names.ts';
import { gauge } from '../telemetry/registered.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';
import { READINESS_STATUSES } from './readiness.ts';
import type { Readiness } from './readiness.ts';

/** Shows in metrics what /readyz says, as it is when they are read. */
export function showReadiness(registry: MetricsRegistry, readiness: Readiness): void {
  gauge(registry, {
    name: METRICS.readinessStatus,
    help: 'Whether the process is ready, degraded or unready',
    async collect() {
      const { status: current } = await readiness.report();
      for (const status of READINESS_STATUSES) {
        this.set({ [LABELS.status]: status }, status === current ? 1 : 0);
      }
    },
  });
}
