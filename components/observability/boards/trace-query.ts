/** Which traces: with a span of a service that failed or took long. */
export type TraceQuery =
  | { readonly service: string; readonly failed: true }
  | { readonly service: string; readonly longerThanMs: number };

/** The query in TraceQL. */
export function traceql(query: TraceQuery): string {
  const condition = 'failed' in query ? 'status = error' : `duration > ${query.longerThanMs}ms`;
  return `{ resource.service.name = "${query.service}" && ${condition} }`;
}
