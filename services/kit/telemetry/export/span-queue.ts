import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { settledWithin } from '../../patience.ts';
import { isSampled } from '../sampler.ts';
import { PATIENCE_MS } from './collector-exporter.ts';
import type { CollectorExporter } from './collector-exporter.ts';
import { allowedSpan } from './allowed-span.ts';
import type { ExportMetrics } from './export-metrics.ts';

/** Spans that wait at most, some 3 MB of them; one more is dropped. */
const SPANS_MAX = 2_048;
const BATCH_MAX = 512;
const BATCH_EVERY_MS = 1_000;

/** How long a process that leaves waits for its last spans to go. */
const LAST_SPANS_MS = 2_000;

/** Sampled spans that have ended, until they are sent: a bounded number, and those beyond it are counted. */
export class SpanQueue implements SpanProcessor {
  readonly #exporter: CollectorExporter;
  readonly #metrics: ExportMetrics;
  readonly #batches: BatchSpanProcessor;
  #waiting = 0;

  constructor(exporter: CollectorExporter, metrics: ExportMetrics) {
    this.#exporter = exporter;
    this.#metrics = metrics;
    this.#batches = new BatchSpanProcessor({
      exporter: this.#counted(),
      maxQueueSize: SPANS_MAX,
      maxExportBatchSize: BATCH_MAX,
      scheduledDelayMillis: BATCH_EVERY_MS,
      // The exporter ends by itself before that.
      exportTimeoutMillis: 2 * PATIENCE_MS,
    });
  }

  onStart(): void {
    // A span is of interest when it ends.
  }

  onEnd(span: ReadableSpan): void {
    if (!isSampled(span.spanContext())) return;
    if (!this.#exporter.hasCollector) this.#metrics.dropped(1, 'no_collector');
    else if (this.#waiting >= SPANS_MAX) this.#metrics.dropped(1, 'queue_full');
    else {
      this.#waiting++;
      this.#batches.onEnd(span);
    }
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush();
  }

  /** Sends what waits, if that can be done soon. */
  async shutdown(): Promise<void> {
    await settledWithin(this.#batches.forceFlush(), LAST_SPANS_MS);
    await this.#exporter.shutdown();
    await this.#batches.shutdown();
  }

  /** The exporter, which takes from what waits, and is given what may be sent. */
  #counted(): SpanExporter {
    return {
      export: (spans, done) => {
        this.#waiting -= spans.length;
        const allowed = spans.map((span) =>
          allowedSpan(span, (part) => this.#metrics.partDropped(part)),
        );
        this.#exporter.export(allowed, done);
      },
      shutdown: () => this.#exporter.shutdown(),
    };
  }
}
