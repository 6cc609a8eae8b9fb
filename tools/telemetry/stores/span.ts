/** The role of a span. Source: OpenTelemetry, "Trace API", SpanKind. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

/** Another span that a span came from without being its child, in another trace mostly. */
export interface SpanLink {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** A span, whichever store it comes from. */
export interface Span extends SpanLink {
  readonly parentSpanId?: string;
  readonly links: readonly SpanLink[];
  readonly service: string;
  readonly instance: string;
  readonly zone: string;
  readonly version: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Since 1970, with fractions. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}
