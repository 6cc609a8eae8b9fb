import type { MetricName } from '@meridian/language/metrics.ts';
import { METRICS } from '@meridian/kit/telemetry/names.ts';
import { counter, gauge } from '@meridian/kit/telemetry/registered.ts';
import type { MetricsRegistry } from '@meridian/kit/telemetry/registered.ts';

/** Metrics of a process that may sequence. */
export interface LogMetrics {
  /** Notes how long the oldest event waits that no published head covers. */
  lag(seconds: number): void;
  sealed(entries: number): void;
  published(size: number): void;
  stopped(): void;
}

/** Registers the metrics of the log; once for each process. */
export function logMetrics(registry: MetricsRegistry): LogMetrics {
  const one = (name: MetricName<'gauge'>, help: string) => gauge(registry, { name, help });
  const lag = one(
    METRICS.auditLag,
    'Age of the oldest event that no published head covers, in seconds; 0 if there is none',
  );
  const entries = counter(registry, {
    name: METRICS.auditEntries,
    help: 'Events that this process gave a place in the log',
  });
  const head = one(
    METRICS.auditHeadSize,
    'Entries below the newest head that this process published',
  );
  const stopped = one(
    METRICS.auditLogStopped,
    '1 where the log takes no more entries, since it is not what was published',
  );
  return {
    lag: (seconds) => lag.set(seconds),
    sealed: (count) => entries.inc(count),
    published: (size) => head.set(size),
    stopped: () => stopped.set(1),
  };
}
