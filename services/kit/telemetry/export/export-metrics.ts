import { LABELS, METRICS } from '../names.ts';
import { counter } from '../registered.ts';
import type { MetricsRegistry } from '../registered.ts';
import { DROPPED_PARTS } from './allowed-span.ts';
import type { DroppedPart } from './allowed-span.ts';

/** Why spans are not sent: no collector, none that answers, one that refuses them, or more than may wait. */
export const NOT_SENT = ['no_collector', 'queue_full', 'refused', 'unreachable'] as const;

/** One of NOT_SENT. */
export type NotSent = (typeof NOT_SENT)[number];

/** Counts spans by what became of them. */
export interface ExportMetrics {
  sent(spans: number): void;
  dropped(spans: number, why: NotSent): void;
  /** Notes a part of a span that is not sent. */
  partDropped(part: DroppedPart): void;
}

/** The counter of exported spans, each of its series at 0 from the start. */
export function exportMetrics(registry: MetricsRegistry): ExportMetrics {
  const spans = counter(registry, {
    name: METRICS.spansExported,
    help: 'Spans whose export has ended, by why it failed',
  });
  const { errorType } = LABELS;
  for (const why of ['', ...NOT_SENT]) spans.inc({ [errorType]: why }, 0);
  const parts = counter(registry, {
    name: METRICS.spanPartsDropped,
    help: 'Parts of spans that are never sent, by what they are',
  });
  for (const part of DROPPED_PARTS) parts.inc({ [LABELS.part]: part }, 0);
  return {
    sent: (count) => spans.inc({ [errorType]: '' }, count),
    partDropped: (part) => parts.inc({ [LABELS.part]: part }),
    dropped: (count, why) => spans.inc({ [errorType]: why }, count),
  };
}
