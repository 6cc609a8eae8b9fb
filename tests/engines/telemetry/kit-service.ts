import { appendFileSync } from 'node:fs';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { readShape } from '@meridian/language/shape.ts';
import { SERVICE_CONFIGURATION } from '@meridian/language/service-configuration.ts';
import { runInScope, scopeOf } from '../../../services/kit/call-scope.ts';
import { createLogger } from '../../../services/kit/telemetry/logger.ts';
import { loadSdk } from '../../../services/kit/telemetry/export/load-sdk.ts';
import { endSpan, Tracing } from '../../../services/kit/telemetry/tracing.ts';

/** Where spans and lines of the service go. */
export interface KitPlaces {
  readonly otlpEndpoint: string;
  readonly logFile: string;
}

/** Emits spans and log lines by the kit's own code, as a service does. */
export class KitService {
  readonly #configuration;
  readonly #places: KitPlaces;

  constructor(places: KitPlaces) {
    const problems: string[] = [];
    this.#configuration = readShape(
      SERVICE_CONFIGURATION,
      {
        ...{ service: 'shop', version: '1.2.3', instance: 'shop-a-0', zone: 'a' },
        ...{ environment: 'local', namespace: 'meridian', identityFolder: '.' },
        spiffeId: 'spiffe://meridian.local/ns/meridian/sa/shop',
      },
      problems,
    );
    if (problems.length > 0) throw new Error(problems.join('\n'));
    this.#places = places;
  }

  /** Does `work` as a traced operation, in which what is logged has the trace's id; returns that. */
  async operation(name: string, message: string, fields: object = {}): Promise<string> {
    const { OTLPTraceExporter } = await loadSdk();
    const exporter = new OTLPTraceExporter({ url: this.#places.otlpEndpoint });
    const tracing = new Tracing(this.#configuration, [new BatchSpanProcessor({ exporter })]);
    const span = tracing.startSpan(name, 'server', undefined);
    const lines = { write: (line: string) => appendFileSync(this.#places.logFile, line) };
    const { signal } = new AbortController();
    runInScope(scopeOf({ timeoutMs: 60_000, signal, span: span.spanContext() }), () => {
      createLogger(this.#configuration, lines).warn(fields, message);
    });
    endSpan(span);
    await tracing.stop();
    return span.spanContext().traceId;
  }
}
