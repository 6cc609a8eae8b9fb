import type { Registry } from 'prom-client';
import { LABELS, METRICS } from '../names.ts';
import { counter } from '../registered.ts';

/** Why spans are not sent: no collector, none that answers, one that refuses them, or more than may wait. */
export const NOT_SENT = ['no_collector', 'queue_full', 'refused', 'unreachable'] as const;

/** One of NOT_SENT. */
export type NotSent = (typeof NOT_SENT)[number];

/** Counts spans by what became of them. */
export interface ExportMetrics {
  sent(spans: number): void;
  dropped(spans: number, why: NotSent): void;
}

/** The counter of exported spans, each of its series at 0 from the start. */
export function exportMetrics(registry: Registry): ExportMetrics {
  const spans = counter(registry, {
    name: METRICS.spansExported,
    help: 'Spans whose export has ended, by why it failed',
  });
  const { errorType } = LABELS;
  for (const why of ['', ...NOT_SENT]) spans.inc({ [errorType]: why }, 0);
  return {
    sent: (count) => spans.inc({ [errorType]: '' }, count),
    dropped: (count, why) => spans.inc({ [errorType]: why }, count),
  };
}
