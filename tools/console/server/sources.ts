/** A series at one moment. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export type Labels = Readonly<Record<string, string>>;

/** A series over a span of time; its points are seconds since 1970 and values. */
export interface Series {
  readonly labels: Labels;
  readonly points: readonly (readonly [atSeconds: number, value: number])[];
}

/** A span of time, looked at in steps. */
export interface TimeRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
}

/** One observation of a histogram that says in which trace it was made. */
export interface Exemplar {
  readonly labels: Labels;
  readonly traceId: string;
  readonly value: number;
}

/** What keeps metrics, asked in PromQL. */
export interface MetricSource {
  now(query: string): Promise<readonly Sample[]>;
  over(query: string, range: TimeRange): Promise<readonly Series[]>;
  exemplars(query: string, range: TimeRange): Promise<readonly Exemplar[]>;
}

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

/** What a span points at in another trace. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/** A span as a store has it. */
export interface StoredSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent at the root. */
  readonly parentId?: string;
  readonly service: string;
  readonly instance: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Milliseconds since 1970, with decimals. */
  readonly startMs: number;
  readonly durationMs: number;
  /** What went wrong, in one word; absent where nothing did. */
  readonly error?: string;
  readonly attributes: Labels;
  readonly links: readonly SpanLink[];
}

/** How a trace belongs to what was asked for: itself, what led to it, or what it led to. */
export type Relation = 'asked' | 'cause' | 'effect';

/** A trace with how it belongs to what was asked for. */
export interface RelatedTrace {
  readonly id: string;
  readonly relation: Relation;
  /** In any order. */
  readonly spans: readonly StoredSpan[];
}

/** What keeps traces. */
export interface TraceSource {
  /** Traces with all that they were caused by and all that they caused, at whatever distance; those that are kept. */
  related(ids: readonly string[]): Promise<readonly RelatedTrace[]>;
}

/** A line that somebody wrote; whatever is in it may be hostile. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly service: string;
  readonly instance: string;
  readonly level: string;
  readonly message: string;
  readonly traceId?: string;
  /** What else the line says. */
  readonly fields: Labels;
}

/** What keeps log lines; each question gives the newest lines, the oldest of them first. */
export interface LogSource {
  ofTrace(traceId: string): Promise<readonly LogLine[]>;
  /** Lines that name a request or an order. */
  naming(id: string): Promise<readonly LogLine[]>;
  /** What sagas of orders decided, whichever order's. */
  sagas(sinceMs: number): Promise<readonly LogLine[]>;
  /** Calls that a service refused, since the caller is not on its list. */
  refusals(sinceMs: number): Promise<readonly LogLine[]>;
}

/** The stores of telemetry. Each method throws StoreAway where its store does not answer. */
export interface Sources {
  readonly metrics: MetricSource;
  readonly traces: TraceSource;
  readonly logs: LogSource;
}

export const STORES = ['metrics', 'traces', 'logs'] as const;
export type StoreName = (typeof STORES)[number];

/** A store does not answer. */
export class StoreAway extends Error {
  readonly store: StoreName;

  constructor(store: StoreName, cause: unknown) {
    super(`The store of ${store} does not answer`, { cause });
    this.name = 'StoreAway';
    this.store = store;
  }
}
