import type { SpanContext } from '@opentelemetry/api';
import type { Histogram } from 'prom-client';
import { isSampled } from './sampler.ts';

type Labels = Readonly<Record<string, string>>;

/** One series of a histogram of durations, with what its label values have in common. */
interface TimedOutcome {
  readonly labels: Labels;
  readonly child: Histogram.Internal<string>;
}

/** A histogram whose series are found by a short key: looking one up by its labels hashes them. */
export class TimedOutcomes {
  readonly #histogram: Histogram;
  readonly #known = new Map<string, TimedOutcome>();

  constructor(histogram: Histogram) {
    this.#histogram = histogram;
  }

  /** Has a series be there at 0: one that appears with its first event has no increase for Prometheus. */
  exists(key: string, labels: Labels): void {
    if (this.#known.has(key)) return;
    this.#histogram.zero(labels);
    this.#add(key, labels);
  }

  /**
   * Notes a duration. A sampled span becomes the exemplar of its bucket, and one that is not leaves the last there:
   * it would lead nowhere.
   */
  observe(key: string, labels: () => Labels, seconds: number, span: SpanContext | undefined): void {
    const known = this.#known.get(key) ?? this.#add(key, labels());
    if (span === undefined || !isSampled(span)) {
      known.child.observe(seconds);
      return;
    }
    const exemplarLabels = { trace_id: span.traceId, span_id: span.spanId };
    this.#histogram.observe({ labels: known.labels, value: seconds, exemplarLabels });
  }

  #add(key: string, labels: Labels): TimedOutcome {
    const added = { labels, child: this.#histogram.labels(labels) };
    this.#known.set(key, added);
    return added;
  }
}
