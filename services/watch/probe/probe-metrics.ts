import {
  PROBE_METRICS,
  PROBE_OPERATIONS,
  PROBE_OUTCOMES,
} from '@meridian/language/probe-metrics.ts';
import type { ProbeOperation, ProbeOutcome } from '@meridian/language/probe-metrics.ts';
import { counter, durations, gauge } from '@meridian/kit/telemetry/registered.ts';
import type { MetricsRegistry } from '@meridian/kit/telemetry/registered.ts';

/** Notes what came of an attempt that took so many seconds. */
export type NoteAttempt = (
  operation: ProbeOperation,
  outcome: ProbeOutcome,
  seconds: number,
) => void;

/**
 * Registers the metrics of a probe, each at 0 from the start.
 *
 * @param now milliseconds of a clock that nobody sets
 */
export function registerProbeMetrics(
  registry: MetricsRegistry,
  now: () => number = () => performance.now(),
): NoteAttempt {
  const attempts = counter(registry, {
    name: PROBE_METRICS.probeAttempts.name,
    help: 'Attempts at the edge, by what came of them',
  });
  const duration = durations(registry, {
    name: PROBE_METRICS.probeDuration.name,
    help: 'How long attempts took that the platform answered',
  });
  const startedMs = now();
  const answeredMs = new Map<ProbeOperation, number>();
  gauge(registry, {
    name: PROBE_METRICS.probeAnswerAge.name,
    help: 'Time since the platform answered last, or since the start',
    collect() {
      for (const operation of PROBE_OPERATIONS) {
        this.set({ operation }, (now() - (answeredMs.get(operation) ?? startedMs)) / 1_000);
      }
    },
  });
  for (const operation of PROBE_OPERATIONS) {
    duration.zero({ operation });
    for (const outcome of PROBE_OUTCOMES) attempts.inc({ operation, outcome }, 0);
  }
  return (operation, outcome, seconds) => {
    attempts.inc({ operation, outcome });
    if (outcome === 'unreachable') return;
    answeredMs.set(operation, now());
    duration.labels({ operation }).observe(seconds);
  };
}
