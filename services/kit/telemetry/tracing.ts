import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Span, SpanContext, Tracer } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Resource } from '@opentelemetry/resources';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { Sampler, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { ServiceConfiguration } from '@meridian/language/service-configuration.ts';
import { ATTRIBUTES } from './names.ts';
import { headSampler, POLL } from './sampler.ts';

/** The header of W3C Trace Context, in HTTP and in gRPC metadata alike. */
export const TRACEPARENT = 'traceparent';

/** Attributes that say which process telemetry comes from. */
export function resourceAttributes(configuration: ServiceConfiguration): Record<string, string> {
  return {
    [ATTRIBUTES.serviceName]: configuration.service,
    [ATTRIBUTES.serviceNamespace]: configuration.namespace,
    [ATTRIBUTES.serviceVersion]: configuration.version,
    [ATTRIBUTES.serviceInstanceId]: configuration.instance,
    [ATTRIBUTES.deploymentEnvironmentName]: configuration.environment,
    [ATTRIBUTES.cloudAvailabilityZone]: configuration.zone,
  };
}

/** Who makes the platform's spans. Source: OpenTelemetry, "Instrumentation scope". */
export const TRACER_NAME = '@meridian/kit';

/** What the role of a span can be. */
export type Kind = keyof typeof KINDS;

/** What spans are made with, whoever makes them. */
export interface TracingSettings {
  readonly resource: Resource;
  readonly sampler: Sampler;
  readonly spanLimits: typeof SPAN_LIMITS;
}

/** What a span carries at most; attributes are few, and names and codes. */
const SPAN_LIMITS = {
  attributeCountLimit: 32,
  attributeValueLengthLimit: 256,
  eventCountLimit: 8,
  linkCountLimit: 8,
} as const;

/** Makes spans; their ids are in logs and metadata whether or not they are sent anywhere. */
export class Tracing {
  readonly settings: TracingSettings;
  readonly #provider: TracerProvider;
  #tracer: Tracer;

  /** @param processors what is told of spans until another tracer takes over; for tests */
  constructor(configuration: ServiceConfiguration, processors: readonly SpanProcessor[] = []) {
    this.settings = {
      resource: resourceFromAttributes(resourceAttributes(configuration)),
      // Also with nowhere to send spans: a trace that starts here as "not sampled" would keep every
      // process on its way from sending its own.
      sampler: headSampler(configuration.traceSamplePercent),
      spanLimits: SPAN_LIMITS,
    };
    this.#provider = new TracerProvider({
      ...this.settings,
      spanProcessors: [...processors],
    });
    this.#tracer = this.#provider.getTracer(TRACER_NAME);
  }

  /** Has spans made by another tracer from now on, which sends them. */
  recordBy(tracer: Tracer): void {
    this.#tracer = tracer;
  }

  /** Starts a span under a parent, which may be in another process; one without begins a trace. */
  startSpan(
    name: string,
    kind: Kind,
    parent: SpanContext | undefined,
    attributes?: Attributes,
  ): Span {
    const context =
      parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    return this.#tracer.startSpan(
      name,
      attributes === undefined ? { kind: KINDS[kind] } : { kind: KINDS[kind], attributes },
      context,
    );
  }

  /** Starts a span of what is asked all the time, whatever users do: a trace of its own, of which few are kept. */
  startPoll(name: string, kind: Kind): Span {
    return this.#tracer.startSpan(name, { kind: KINDS[kind] }, ROOT_CONTEXT.setValue(POLL, true));
  }

  /**
   * Starts a span that begins a trace of its own, with links to those that it came from. A consumer's is sampled
   * if one of them is, any other as all that begin here.
   */
  startLinked(
    name: string,
    kind: Kind,
    from: readonly SpanContext[],
    attributes: Attributes = {},
  ): Span {
    const links = from.map((context) => ({ context }));
    return this.#tracer.startSpan(name, { kind: KINDS[kind], attributes, links }, ROOT_CONTEXT);
  }

  async stop(): Promise<void> {
    await this.#provider.shutdown();
  }
}

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
  consumer: SpanKind.CONSUMER,
} as const;

/** Ends a span; one that failed gets the type of the error, never its message. */
export function endSpan(span: Span, errorType?: string): void {
  if (errorType !== undefined) {
    span.setAttribute(ATTRIBUTES.errorType, errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The value of a traceparent header. Source: W3C Trace Context, section 3.2. */
export function formatTraceparent(span: SpanContext): string {
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** The remote parent in a traceparent header; undefined if there is none or it is malformed. */
export function readTraceparent(value: unknown): SpanContext | undefined {
  const parsed = typeof value === 'string' ? parseTraceParent(value) : null;
  return parsed === null ? undefined : { ...parsed, isRemote: true };
}
