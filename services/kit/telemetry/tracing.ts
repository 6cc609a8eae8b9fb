import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Span, SpanContext, Tracer } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { ServiceConfiguration } from '@meridian/language/service-configuration.ts';
import { ATTRIBUTES } from './names.ts';

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

/** Makes spans; their ids are in logs and metadata whether or not they are sent anywhere. */
export class Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;

  private constructor(configuration: ServiceConfiguration, processors: readonly SpanProcessor[]) {
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes(resourceAttributes(configuration)),
      // Also with nowhere to send spans: a trace that starts here as "not sampled" would keep every
      // process on its way from sending its own.
      sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
      spanProcessors: [...processors],
    });
    this.#tracer = this.#provider.getTracer('@meridian/kit');
  }

  /** Exports over OTLP/gRPC when the configuration says where to. */
  static async start(configuration: ServiceConfiguration): Promise<Tracing> {
    if (configuration.otlpEndpoint === undefined) return new Tracing(configuration, []);
    // Loaded only where it is used: it takes a quarter of a second and 15 MB.
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-grpc');
    const exporter = new OTLPTraceExporter({ url: configuration.otlpEndpoint });
    return new Tracing(configuration, [new BatchSpanProcessor({ exporter })]);
  }

  /** Sends spans to the given processors instead; for tests. */
  static withProcessors(
    configuration: ServiceConfiguration,
    processors: readonly SpanProcessor[],
  ): Tracing {
    return new Tracing(configuration, processors);
  }

  /** Starts a span under a parent, which may be in another process. */
  startSpan(
    name: string,
    kind: 'server' | 'client' | 'internal' | 'consumer',
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

  /** Sends what has not been sent yet, and stops. */
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
