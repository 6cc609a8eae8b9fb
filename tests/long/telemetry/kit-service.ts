import { appendFileSync } from 'node:fs';
import { readShape } from '@meridian/language/shape.ts';
import { SERVICE_CONFIGURATION } from '@meridian/language/service-configuration.ts';
import { runInScope, scopeOf } from '../../../services/kit/call-scope.ts';
import { createLogger } from '../../../services/kit/telemetry/logger.ts';
import { endSpan, Tracing } from '../../../services/kit/telemetry/tracing.ts';

/** Emits spans and log lines by the kit's own code, as a service does. */
export class KitService {
  readonly #configuration;
  readonly #logFile: string;

  constructor(places: { readonly otlpEndpoint: string; readonly logFile: string }) {
    const problems: string[] = [];
    this.#configuration = readShape(
      SERVICE_CONFIGURATION,
      {
        ...{ service: 'shop', version: '1.2.3', instance: 'shop-a-0', zone: 'a' },
        ...{ environment: 'local', namespace: 'meridian', identityFolder: '.' },
        spiffeId: 'spiffe://meridian.local/ns/meridian/sa/shop',
        otlpEndpoint: places.otlpEndpoint,
      },
      problems,
    );
    if (problems.length > 0) throw new Error(problems.join('\n'));
    this.#logFile = places.logFile;
  }

  /** Does `work` as a traced operation, in which what is logged has the trace's id; returns that. */
  async operation(name: string, message: string, fields: object = {}): Promise<string> {
    const tracing = await Tracing.start(this.#configuration);
    const span = tracing.startSpan(name, 'server', undefined);
    const lines = { write: (line: string) => appendFileSync(this.#logFile, line) };
    const { signal } = new AbortController();
    runInScope(scopeOf({ timeoutMs: 60_000, signal, span: span.spanContext() }), () => {
      createLogger(this.#configuration, lines).warn(fields, message);
    });
    endSpan(span);
    await tracing.stop();
    return span.spanContext().traceId;
  }
}
