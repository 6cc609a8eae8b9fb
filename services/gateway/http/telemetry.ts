import type { SpanContext } from '@opentelemetry/api';
import { ATTRIBUTES, LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { durations } from '@meridian/kit/telemetry/registered.ts';
import { traceFields } from '@meridian/kit/telemetry/logger.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { TimedOutcomes } from '@meridian/kit/telemetry/timed-outcomes.ts';
import type { Metrics } from '@meridian/kit/telemetry/metrics.ts';
import { endSpan, readTraceparent } from '@meridian/kit/telemetry/tracing.ts';
import type { Tracing } from '@meridian/kit/telemetry/tracing.ts';
import { PROBLEMS } from '../problem/catalogue.ts';
import type { HttpBinding } from '../transcode/http-binding.ts';

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
  readonly #outcomes: TimedOutcomes;

  constructor(parts: {
    readonly tracing: Tracing;
    readonly metrics: Metrics;
    readonly log: Logger;
  }) {
    this.#tracing = parts.tracing;
    this.#log = parts.log;
    this.#outcomes = new TimedOutcomes(
      durations(parts.metrics.registry, {
        name: METRICS.httpServerRequestDuration,
        help: 'Duration of served HTTP requests',
      }),
    );
  }

  /** Has what objectives read of routes be there before their first requests: answers, and failures of ours. */
  existsFor(routes: readonly Pick<HttpBinding, 'verb' | 'template'>[]): void {
    for (const { verb, template } of routes) {
      for (const status of [200, ...OUR_FAILURES]) {
        const timed = { verb, route: template.source, status };
        this.#outcomes.exists(keyOf(timed, false), labelsOf(timed, false));
      }
    }
  }

  /**
   * Starts to measure a request, as a trace of its own: what its traceparent header says is linked, since whoever
   * sends it is not to decide on what we keep, nor under which id.
   */
  start(verb: string, traceparent: unknown): Measured {
    const span = this.#tracing.startLinked(knownVerb(verb), 'server', linked(traceparent), {
      [ATTRIBUTES.httpRequestMethod]: knownVerb(verb),
    });
    return { span, startMs: performance.now(), waited: false };
  }

  /** Notes the end of a request; 4xx is the client's error, so only 5xx fails the span. */
  finish({ span, startMs, waited }: Measured, outcome: Outcome): void {
    const { status } = outcome;
    const verb = knownVerb(outcome.verb);
    const seconds = (performance.now() - startMs) / 1000;
    const timed = { verb, route: outcome.route ?? '', status };
    this.#outcomes.observe(
      keyOf(timed, waited),
      () => labelsOf(timed, waited),
      seconds,
      span.spanContext(),
    );
    span.setAttribute(ATTRIBUTES.httpResponseStatusCode, status);
    if (outcome.route !== undefined) {
      span.setAttribute(ATTRIBUTES.httpRoute, outcome.route);
      span.updateName(`${verb} ${outcome.route}`);
    }
    endSpan(span, status >= 500 ? String(status) : undefined);
    // The edge asks several times a second; a probe that passes is not news.
    const level = outcome.route === '/readyz' && status === 200 ? 'debug' : 'info';
    this.#log[level](
      {
        request_id: outcome.requestId,
        ...traceFields(span.spanContext()),
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

/** Every status of a problem that is not the sender's. */
const OUR_FAILURES: ReadonlySet<number> = new Set(
  Object.values(PROBLEMS)
    .map(({ status }) => status)
    .filter((status) => status >= 500),
);

/** What a request is counted by. */
interface Timed {
  readonly verb: string;
  readonly route: string;
  readonly status: number;
}

function keyOf({ verb, route, status }: Timed, waited: boolean): string {
  return `${verb} ${status} ${waited ? 'waited' : ''} ${route}`;
}

function labelsOf({ verb, route, status }: Timed, waited: boolean) {
  return {
    [LABELS.httpRequestMethod]: verb,
    [LABELS.httpRoute]: route,
    [LABELS.httpResponseStatusCode]: String(status),
    ...(waited ? { [LABELS.waited]: 'true' } : {}),
  };
}

function linked(traceparent: unknown): readonly SpanContext[] {
  const foreign = readTraceparent(traceparent);
  return foreign === undefined ? [] : [foreign];
}

function knownVerb(verb: string): string {
  return KNOWN_VERBS.has(verb) ? verb : '_OTHER';
}
