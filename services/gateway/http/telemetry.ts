import { ATTRIBUTES, LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { durations } from '@meridian/kit/telemetry/registered.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { Metrics } from '@meridian/kit/telemetry/metrics.ts';
import { endSpan, readTraceparent } from '@meridian/kit/telemetry/tracing.ts';
import type { Tracing } from '@meridian/kit/telemetry/tracing.ts';
import type { Histogram } from 'prom-client';

/** A request being measured. */
export interface Measured {
  readonly span: ReturnType<Tracing['startSpan']>;
  readonly startMs: number;
  /** Set once it is let wait for a change. */
  waited: boolean;
}

/** What is said of a request once it is over. */
export interface Outcome {
  readonly requestId: string;
  readonly verb: string;
  /** The path template, never the path: its values would make labels without bound. */
  readonly route: string | undefined;
  /** Where it may be logged. */
  readonly path: string | undefined;
  readonly status: number;
}

/** Verbs that are a label's value; others are `_OTHER`, as the semantic conventions say. */
const KNOWN_VERBS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Span, metric and log line of each HTTP request, by the OpenTelemetry semantic conventions. */
export class HttpTelemetry {
  readonly #tracing: Tracing;
  readonly #log: Logger;
  readonly #duration: Histogram;

  constructor(parts: {
    readonly tracing: Tracing;
    readonly metrics: Metrics;
    readonly log: Logger;
  }) {
    this.#tracing = parts.tracing;
    this.#log = parts.log;
    this.#duration = durations(parts.metrics.registry, {
      name: METRICS.httpServerRequestDuration,
      help: 'Duration of served HTTP requests',
    });
  }

  /** Starts to measure a request, under the span of its traceparent header if it has one. */
  start(verb: string, traceparent: unknown): Measured {
    const span = this.#tracing.startSpan(knownVerb(verb), 'server', readTraceparent(traceparent), {
      [ATTRIBUTES.httpRequestMethod]: knownVerb(verb),
    });
    return { span, startMs: performance.now(), waited: false };
  }

  /** Notes the end of a request; 4xx is the client's error, so only 5xx fails the span. */
  finish({ span, startMs, waited }: Measured, outcome: Outcome): void {
    const { status } = outcome;
    const verb = knownVerb(outcome.verb);
    const seconds = (performance.now() - startMs) / 1000;
    const labels = {
      [LABELS.httpRequestMethod]: verb,
      [LABELS.httpRoute]: outcome.route ?? '',
      [LABELS.httpResponseStatusCode]: String(status),
      ...(waited ? { [LABELS.waited]: 'true' } : {}),
    };
    this.#duration.labels(labels).observe(seconds);
    span.setAttribute(ATTRIBUTES.httpResponseStatusCode, status);
    if (outcome.route !== undefined) {
      span.setAttribute(ATTRIBUTES.httpRoute, outcome.route);
      span.updateName(`${verb} ${outcome.route}`);
    }
    endSpan(span, status >= 500 ? String(status) : undefined);
    const { traceId, spanId } = span.spanContext();
    // The edge asks several times a second; a probe that passes is not news.
    const level = outcome.route === '/readyz' && status === 200 ? 'debug' : 'info';
    this.#log[level](
      {
        request_id: outcome.requestId,
        trace_id: traceId,
        span_id: spanId,
        verb,
        path: outcome.path,
        route: outcome.route,
        status,
        duration_ms: Math.round(seconds * 1000),
      },
      'request',
    );
  }
}

function knownVerb(verb: string): string {
  return KNOWN_VERBS.has(verb) ? verb : '_OTHER';
}
