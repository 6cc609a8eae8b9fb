import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { TARGET_LABELS } from '@meridian/components/observability/rules/promql.ts';
import type { RecordedSeries } from './recorded-series.ts';

/** Names of series that no registry knows: neither ours, nor what prom-client and Prometheus add. */
export function unknownNames(recorded: readonly RecordedSeries[]): readonly string[] {
  const known = new Map<string, readonly string[]>(
    Object.values(METRIC_REGISTRY).map(({ name, labels }) => [name, labels]),
  );
  const unknown = recorded.flatMap(({ metric, labels }) => {
    const own = known.get(metric);
    if (own === undefined) return FOREIGN.test(metric) ? [] : [metric];
    const strange = Object.keys(labels).filter(
      (label) => !own.includes(label) && !TARGET.has(label),
    );
    return strange.map((label) => `${metric}{${label}}`);
  });
  return [...new Set(unknown)].toSorted();
}

/** Metrics of Node.js processes by prom-client, and what scrapes say of themselves. */
const FOREIGN = /^(?:nodejs_|process_|target_info$|up$)/;

const TARGET: ReadonlySet<string> = new Set(TARGET_LABELS);
