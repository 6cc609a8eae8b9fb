import { build } from 'hdr-histogram-js';
import type { Histogram } from 'hdr-histogram-js';

/** Milliseconds. */
export type LatencySummary = Readonly<Record<'p50' | 'p95' | 'p99' | 'max', number>>;

const MINUTE_MS = 60_000;

/** Latencies of very many of one kind, counted in microseconds with three digits. */
export class Latencies {
  readonly #highestUs: number;
  readonly #histogram: Histogram;

  /** @param highestMs what takes longer counts as so long */
  constructor(highestMs = MINUTE_MS) {
    this.#highestUs = highestMs * 1e3;
    this.#histogram = build({
      highestTrackableValue: this.#highestUs,
      numberOfSignificantValueDigits: 3,
    });
  }

  note(ms: number): void {
    this.#histogram.recordValue(Math.min(this.#highestUs, Math.max(1, ms * 1e3)));
  }

  summary(): LatencySummary {
    const at = (percentile: number): number =>
      this.#histogram.getValueAtPercentile(percentile) / 1e3;
    return { p50: at(50), p95: at(95), p99: at(99), max: this.#histogram.maxValue / 1e3 };
  }
}
