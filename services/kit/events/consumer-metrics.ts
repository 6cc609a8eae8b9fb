import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { LABELS, METRICS } from '../telemetry/names.ts';
import type { Outcome } from './record-processor.ts';

/** Metrics of a process that consumes. */
export interface ConsumerMetrics {
  /** Notes what became of a record, and how many are behind it. */
  consumed(topic: string, partition: number, outcome: Outcome, lag: number): void;
  /** Notes how many records of a partition have not been handled. */
  lag(topic: string, partition: number, events: number): void;
  /** Notes whether a partition waits to try its next record again. */
  waiting(topic: string, partition: number, waits: boolean): void;
  /** Forgets the partitions: another replica may have them now. */
  reassigned(): void;
}

/** Registers the metrics of a consumer; once for each process. */
export function consumerMetrics(registry: Registry): ConsumerMetrics {
  const registers = [registry];
  const lag = new Gauge({
    name: METRICS.consumerLag,
    help: 'Events of a partition that are not handled yet, as of the last fetch',
    labelNames: [LABELS.topic, LABELS.partition],
    registers,
  });
  const waiting = new Gauge({
    name: METRICS.consumerWaiting,
    help: '1 while a partition waits to try its next event again, 0 once that is done',
    labelNames: [LABELS.topic, LABELS.partition],
    registers,
  });
  const events = new Counter({
    name: METRICS.consumedEvents,
    help: 'Events consumed, by what became of them',
    labelNames: [LABELS.topic, LABELS.outcome],
    registers,
  });
  const note = (topic: string, partition: number, count: number): void =>
    lag.set({ [LABELS.topic]: topic, [LABELS.partition]: partition }, count);
  return {
    lag: note,
    consumed: (topic, partition, outcome, behind) => {
      events.inc({ [LABELS.topic]: topic, [LABELS.outcome]: outcome });
      note(topic, partition, behind);
    },
    waiting: (topic, partition, waits) =>
      waiting.set({ [LABELS.topic]: topic, [LABELS.partition]: partition }, waits ? 1 : 0),
    reassigned: () => {
      lag.reset();
      waiting.reset();
    },
  };
}
