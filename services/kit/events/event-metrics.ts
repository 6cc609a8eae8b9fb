import { LABELS, METRICS } from '../telemetry/names.ts';
import { counter, gauge } from '../telemetry/registered.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';
import type { Backlog } from './outbox-table.ts';

/** Metrics of a process that publishes. */
export interface EventMetrics {
  /** Notes how much waits. */
  backlog(backlog: Backlog): void;
  /** Notes whether the relay of this process is the one that works. */
  relayActive(active: boolean): void;
  /** Notes published events by the topic of each. */
  published(topics: readonly string[]): void;
}

/** Registers the metrics of an outbox; once for each process. */
export function eventMetrics(registry: MetricsRegistry): EventMetrics {
  const unpublished = gauge(registry, {
    name: METRICS.outboxUnpublished,
    help: 'Events in the outbox that are not published yet; the same from every replica',
  });
  const oldest = gauge(registry, {
    name: METRICS.outboxOldestAge,
    help: 'Age of the oldest event that is not published yet, in seconds; 0 if there is none',
  });
  const active = gauge(registry, {
    name: METRICS.outboxRelayActive,
    help: '1 where the relay works, which is one replica of the service',
  });
  const published = counter(registry, {
    name: METRICS.outboxPublished,
    help: 'Events published, repetitions included',
  });
  return {
    backlog: ({ events, oldestAgeSeconds }) => {
      unpublished.set(events);
      oldest.set(oldestAgeSeconds);
    },
    relayActive: (on) => active.set(on ? 1 : 0),
    published: (topics) => {
      for (const topic of topics) published.inc({ [LABELS.topic]: topic });
    },
  };
}
