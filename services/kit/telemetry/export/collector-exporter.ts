import { status } from '@grpc/grpc-js';
import { ExportResultCode } from '@opentelemetry/core';
import type { ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { backoffMs, restUntilAborted } from '../../patience.ts';
import type { Logger } from '../logger.ts';
import type { ExportMetrics, NotSent } from './export-metrics.ts';

/** How long a batch is tried before it is dropped; what comes meanwhile waits in the queue, as far as it goes. */
export const PATIENCE_MS = 60_000;

const BACKOFF = { firstMs: 200, maxMs: 5_000 };

/** Statuses after which the same batch is sent again. Source: OTLP 1.9, "Failures". */
const PASSING: ReadonlySet<unknown> = new Set([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/** What the exporter needs. */
export interface CollectorExporterParts {
  /** Makes what sends to an address. */
  readonly connect: (address: string) => SpanExporter;
  readonly metrics: ExportMetrics;
  readonly log: Logger;
}

/** Sends batches to whichever collector there is; those that nobody takes are counted and gone. */
export class CollectorExporter implements SpanExporter {
  readonly #parts: CollectorExporterParts;
  readonly #closing = new AbortController();
  #exporter: SpanExporter | undefined;
  #troubled = false;

  constructor(parts: CollectorExporterParts) {
    this.#parts = parts;
  }

  /** Whether there is a collector to send to, whether or not it answers. */
  get hasCollector(): boolean {
    return this.#exporter !== undefined;
  }

  /** Sends to another address from now on, or nowhere; a batch under way is tried there again. */
  retarget(address: string | undefined): void {
    void this.#exporter?.shutdown();
    this.#exporter = address === undefined ? undefined : this.#parts.connect(address);
  }

  /** Always ends in success: what failed has been counted, and whoever batches would only print it. */
  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    void this.#send(spans).then(() => done({ code: ExportResultCode.SUCCESS }));
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  /** Gives up what is still being tried. */
  async shutdown(): Promise<void> {
    this.#closing.abort();
    await this.#exporter?.shutdown();
    this.#exporter = undefined;
  }

  async #send(spans: ReadableSpan[]): Promise<void> {
    const why = await this.#failure(spans);
    if (why === undefined) this.#parts.metrics.sent(spans.length);
    else this.#parts.metrics.dropped(spans.length, why);
  }

  /** Sends, again and again where that may help; gives why it was in vain, if it was. */
  async #failure(spans: ReadableSpan[]): Promise<NotSent | undefined> {
    const untilMs = performance.now() + PATIENCE_MS;
    for (let attempt = 1; ; attempt++) {
      if (this.#exporter === undefined) return 'no_collector';
      const error = await exported(this.#exporter, spans);
      if (error === undefined) {
        this.#heard();
        return undefined;
      }
      this.#note(error);
      if (!PASSING.has((error as { code?: unknown }).code)) return 'refused';
      if (this.#closing.signal.aborted || performance.now() > untilMs) return 'unreachable';
      const restMs = backoffMs(attempt, BACKOFF.firstMs, BACKOFF.maxMs);
      await restUntilAborted(restMs, this.#closing.signal);
    }
  }

  #note(err: Error): void {
    if (this.#troubled) return;
    this.#troubled = true;
    this.#parts.log.warn(
      { err },
      'spans do not reach the collector; they wait, as many as there is room for',
    );
  }

  #heard(): void {
    if (!this.#troubled) return;
    this.#troubled = false;
    this.#parts.log.info('spans reach the collector again');
  }
}

/** Sends once; gives what went wrong, if anything did. */
function exported(exporter: SpanExporter, spans: ReadableSpan[]): Promise<Error | undefined> {
  return new Promise((resolve) => {
    exporter.export(spans, ({ code, error }) =>
      resolve(
        code === ExportResultCode.SUCCESS ? undefined : (error ?? new Error('no reason given')),
      ),
    );
  });
}
