import { z } from 'zod';
import type { StoreConnection } from './store-connection.ts';
import type { Span, SpanKind, SpanLink } from './span.ts';

const tags = z.array(
  z.object({ key: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }),
);

const spanSchema = z.object({
  ...{ traceID: z.string(), spanID: z.string(), operationName: z.string() },
  references: z
    .array(z.object({ refType: z.string(), traceID: z.string(), spanID: z.string() }))
    .nullable(),
  /** Microseconds. */
  ...{ startTime: z.number(), duration: z.number() },
  tags: tags.nullable(),
  processID: z.string(),
});

const traceSchema = z.object({
  traceID: z.string(),
  spans: z.array(spanSchema),
  processes: z.record(z.string(), z.object({ serviceName: z.string(), tags: tags.nullish() })),
});

const answerSchema = z.object({ data: z.array(traceSchema).nullable() });

/** A trace as Jaeger gives it. */
export type JaegerTrace = z.infer<typeof traceSchema>;
type RawSpan = z.infer<typeof spanSchema>;

/** Which traces are looked for. */
export interface TraceSearch {
  readonly service: string;
  readonly operation?: string;
  /** Attributes of one of its spans. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The newest traces. */
  readonly limit: number;
  readonly minDurationMs?: number;
}

/** Traces. Source: Jaeger 1.76, cmd/jaeger: the HTTP API of its own pages, whose answers have links too. */
export class Jaeger {
  readonly #connection: StoreConnection;

  constructor(connection: StoreConnection) {
    this.#connection = connection;
  }

  /** Every span of a trace that is kept, the earliest first; none where the trace is not known. */
  async trace(traceId: string): Promise<readonly Span[]> {
    return (await this.given(traceId)).flatMap(spansOf).toSorted(byStart);
  }

  /** The same as Jaeger gives it; nothing where the trace is not known. */
  async given(traceId: string): Promise<readonly JaegerTrace[]> {
    const answer = await this.#connection.json(`/api/traces/${traceId}`, {}, answerSchema);
    return answer?.data ?? [];
  }

  /** The traces that a search finds, each with all its spans. */
  async search(search: TraceSearch): Promise<readonly (readonly Span[])[]> {
    return (await this.found(search)).map(spansOf);
  }

  /** The same as Jaeger gives them. */
  async found(search: TraceSearch): Promise<readonly JaegerTrace[]> {
    const { service, operation, attributes, fromMs, toMs, limit, minDurationMs } = search;
    const asked = {
      ...{ service, operation, limit: String(limit) },
      ...{ start: String(Math.floor(fromMs) * 1_000), end: String(Math.ceil(toMs) * 1_000) },
      tags: attributes === undefined ? undefined : JSON.stringify(attributes),
      minDuration: minDurationMs === undefined ? undefined : `${minDurationMs}ms`,
    };
    const answer = await this.#connection.json('/api/traces', asked, answerSchema);
    return answer?.data ?? [];
  }

  /** Services of which spans are kept. */
  async services(): Promise<readonly string[]> {
    return await this.#names('/api/services');
  }

  /** Names of the spans that are kept of a service. */
  async operations(service: string): Promise<readonly string[]> {
    return await this.#names(`/api/services/${encodeURIComponent(service)}/operations`);
  }

  async #names(path: string): Promise<readonly string[]> {
    const schema = z.object({ data: z.array(z.string()).nullable() });
    const answer = await this.#connection.json(path, {}, schema);
    return (answer?.data ?? []).toSorted();
  }
}

/** The spans of a trace, the earliest first. */
export function spansOf(trace: JaegerTrace): readonly Span[] {
  return trace.spans.map((raw) => spanOf(raw, trace)).toSorted(byStart);
}

function spanOf(raw: RawSpan, { processes }: JaegerTrace): Span {
  const process = processes[raw.processID];
  const attributes = textsOf(raw.tags);
  const resource = textsOf(process?.tags);
  const references = raw.references ?? [];
  const parent = references.find(
    ({ refType, traceID }) => refType === 'CHILD_OF' && traceID === raw.traceID,
  );
  const links = references
    .filter((reference) => reference !== parent)
    .map(({ traceID, spanID }): SpanLink => ({ traceId: traceID, spanId: spanID }));
  return {
    traceId: raw.traceID,
    spanId: raw.spanID,
    ...(parent === undefined ? {} : { parentSpanId: parent.spanID }),
    links,
    service: process?.serviceName ?? '',
    instance: resource['service.instance.id'] ?? '',
    zone: resource['cloud.availability_zone'] ?? '',
    version: resource['service.version'] ?? '',
    name: raw.operationName,
    kind: kindOf(attributes['span.kind']),
    startMs: raw.startTime / 1_000,
    durationMs: raw.duration / 1_000,
    failed: attributes['error'] === 'true' || attributes['otel.status_code'] === 'ERROR',
    attributes,
  };
}

function textsOf(given: z.infer<typeof tags> | null | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((given ?? []).map(({ key, value }) => [key, String(value)]));
}

const KINDS: readonly string[] = ['server', 'client', 'producer', 'consumer'];

function kindOf(text: string | undefined): SpanKind {
  return text !== undefined && KINDS.includes(text) ? (text as SpanKind) : 'internal';
}

function byStart(one: Span, other: Span): number {
  return one.startMs - other.startMs;
}
