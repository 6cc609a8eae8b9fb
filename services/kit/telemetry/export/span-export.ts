import { context, logs, trace } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import { inBackground } from '../../background.ts';
import type { Bindings } from '../../bindings.ts';
import { IdentityChannelCredentials } from '../../tls/channel-credentials.ts';
import type { Identity } from '../../tls/identity.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import { TRACER_NAME } from '../tracing.ts';
import type { Tracing } from '../tracing.ts';
import { CollectorExporter } from './collector-exporter.ts';
import { openCollectorAddress } from './collector-address.ts';
import type { CollectorAddress } from './collector-address.ts';
import { exportMetrics } from './export-metrics.ts';
import type { ExportMetrics } from './export-metrics.ts';
import type { Sdk } from './load-sdk.ts';
import { SpanQueue } from './span-queue.ts';

/** A collector that does not answer a batch in this time is asked again. */
const EXPORT_TIMEOUT_MS = 5_000;

/** What spans are sent with. */
export interface SpanExportParts {
  readonly tracing: Tracing;
  readonly bindings: Bindings;
  readonly identity: Identity;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly loadSdk: () => Promise<Sdk>;
}

/**
 * Sends the spans of a process to the collector in its binding, whenever there is one. What it takes is loaded when
 * the first address appears, in the background; without one, spans only give ids.
 */
export class SpanExport {
  readonly #parts: SpanExportParts;
  readonly #metrics: ExportMetrics;
  readonly #address: CollectorAddress | undefined;
  #sender: Sender | undefined;
  #loading: Promise<void> | undefined;
  #stopped = false;

  /** Throws a CodedError for a binding that is not complete. */
  constructor(parts: SpanExportParts) {
    this.#parts = parts;
    this.#metrics = exportMetrics(parts.metrics.registry);
    this.#address = openCollectorAddress({ ...parts, changed: () => this.#follow() });
    this.#follow();
  }

  /** Sends what has not been sent yet, as far as that can be done soon, and stops. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#address?.close();
    await this.#loading;
    await this.#sender?.stop();
  }

  #follow(): void {
    const address = this.#address?.current;
    if (this.#sender !== undefined) this.#sender.exporter.retarget(address);
    else if (address !== undefined) inBackground('load of span export', () => this.#load());
  }

  #load(): Promise<void> {
    this.#loading ??= this.#parts.loadSdk().then((sdk) => {
      const address = this.#address;
      if (this.#stopped || address === undefined) return;
      this.#sender = startSender(sdk, this.#parts, this.#metrics, address.spiffeId);
      this.#sender.exporter.retarget(address.current);
      this.#parts.tracing.recordBy(this.#sender.tracer);
    });
    return this.#loading;
  }
}

/** What makes spans that are sent, and sends them. */
interface Sender {
  readonly tracer: Tracer;
  readonly exporter: CollectorExporter;
  stop(): Promise<void>;
}

function startSender(
  { NodeSDK, OTLPTraceExporter }: Sdk,
  { tracing, identity, log }: SpanExportParts,
  metrics: ExportMetrics,
  spiffeId: string,
): Sender {
  const exporter = new CollectorExporter({
    connect: (address) =>
      new OTLPTraceExporter({
        // Only host and port of it are taken; who listens there is told by the credentials.
        url: `https://${address}`,
        credentials: new IdentityChannelCredentials(identity, spiffeId),
        timeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    metrics,
    log,
  });
  const sdk = new NodeSDK({
    ...tracing.settings,
    spanProcessors: [new SpanQueue(exporter, metrics)],
    // All that would come from the environment otherwise, such as the command line and the host's name.
    resourceDetectors: [],
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    textMapPropagator: null,
  });
  sdk.start();
  const tracer = trace.getTracer(TRACER_NAME);
  // What it registers is the whole process's, in which there may be several runtimes.
  trace.disable();
  context.disable();
  logs.disable();
  return { tracer, exporter, stop: () => sdk.shutdown() };
}
