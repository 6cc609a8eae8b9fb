import { LABELS, METRICS } from '../telemetry/names.ts';
import { counter, gauge } from '../telemetry/registered.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';
import type { Outcome } from './record-processor.ts';

/** Metrics of a process that consumes. */
export interface ConsumerMetrics {
  /** Notes what became of a record, and how many are behind it. */
  consumed(topic: string, partition: number, outcome: Outcome, lag: number): void;
  /** Notes how many records of a partition have not been handled. */
  lag(topic: string, partition: number, events: number): void;
  /** Notes whether a partition waits to try its next record again. */
  waiting(topic: string, partition: number, waits: boolean): void;
  /** Notes when the next record of a partition was written; undefined if it has none. */
  oldest(topic: string, partition: number, writtenMs: number | undefined): void;
  /** Notes a broker's answer: how many records wait, and when the first of those it gave was written. */
  fetched(topic: string, partition: number, events: number, writtenMs: number | undefined): void;
  /** Begins again with these partitions, by topic: others may be another replica's now. */
  reassigned(assigned: Readonly<Record<string, readonly number[]>>): void;
}

/**
 * After so long without an answer for a partition nobody knows whether it has newer events: the age of a
 * topic of which no more is known is unknown, which is not 0.
 */
export const SILENCE_MS = 10_000;

/** What is known of a partition. */
interface Heard {
  /** When its next record was written; undefined if it had none when it was heard of. */
  writtenMs: number | undefined;
  heardMs: number;
}

/** Ages of the oldest events that are not handled, by topic. */
class OldestEvents {
  /** By topic and partition. */
  readonly #heard = new Map<string, Map<number, Heard>>();

  note(topic: string, partition: number, changes: Partial<Heard>): void {
    const partitions = this.#heard.get(topic) ?? new Map<number, Heard>();
    const before = partitions.get(partition) ?? { writtenMs: undefined, heardMs: -Infinity };
    this.#heard.set(topic, partitions.set(partition, { ...before, ...changes }));
  }

  /** Nothing is known of a partition until a broker has answered for it. */
  begin(assigned: Readonly<Record<string, readonly number[]>>): void {
    this.#heard.clear();
    for (const [topic, partitions] of Object.entries(assigned)) {
      for (const partition of partitions) this.note(topic, partition, {});
    }
  }

  /** Seconds by topic; without a topic of which nothing is known. */
  ages(): ReadonlyMap<string, number> {
    const ages = new Map<string, number>();
    const since = performance.now() - SILENCE_MS;
    for (const [topic, partitions] of this.#heard) {
      const all = [...partitions.values()];
      const waiting = all.flatMap(({ writtenMs }) => writtenMs ?? []);
      if (waiting.length === 0 && all.some(({ heardMs }) => heardMs < since)) continue;
      const nowMs = Date.now();
      ages.set(topic, (nowMs - Math.min(nowMs, ...waiting)) / 1_000);
    }
    return ages;
  }
}

/** Registers the metrics of a consumer; once for each process. */
export function consumerMetrics(registry: MetricsRegistry): ConsumerMetrics {
  const lag = gauge(registry, {
    name: METRICS.consumerLag,
    help: 'Events of a partition that are not handled yet, as of the last fetch',
  });
  const oldest = new OldestEvents();
  gauge(registry, {
    name: METRICS.consumerLagAge,
    help: 'Age of the oldest event that this process has to handle, in seconds; 0 if there is none',
    collect() {
      this.reset();
      for (const [topic, seconds] of oldest.ages()) this.set({ [LABELS.topic]: topic }, seconds);
    },
  });
  const waiting = gauge(registry, {
    name: METRICS.consumerWaiting,
    help: '1 while a partition waits to try its next event again, 0 once that is done',
  });
  const events = counter(registry, {
    name: METRICS.consumedEvents,
    help: 'Events consumed, by what became of them',
  });
  const note = (topic: string, partition: number, count: number): void =>
    lag.set({ [LABELS.topic]: topic, [LABELS.partition]: partition }, count);
  return {
    lag: note,
    oldest: (topic, partition, writtenMs) => oldest.note(topic, partition, { writtenMs }),
    fetched: (topic, partition, waits, writtenMs) => {
      note(topic, partition, waits);
      // One whose records did not fit into the answer has news, of an age that nobody knows.
      if (waits > 0 && writtenMs === undefined) return;
      oldest.note(topic, partition, { writtenMs, heardMs: performance.now() });
    },
    consumed: (topic, partition, outcome, behind) => {
      events.inc({ [LABELS.topic]: topic, [LABELS.outcome]: outcome });
      note(topic, partition, behind);
    },
    waiting: (topic, partition, waits) =>
      waiting.set({ [LABELS.topic]: topic, [LABELS.partition]: partition }, waits ? 1 : 0),
    reassigned: (assigned) => {
      lag.reset();
      oldest.begin(assigned);
      // A counter that appears with its first event has no increase for Prometheus.
      const dead: Outcome = 'dead';
      for (const topic of Object.keys(assigned)) {
        events.inc({ [LABELS.topic]: topic, [LABELS.outcome]: dead }, 0);
      }
      waiting.reset();
    },
  };
}
