import type { TraceSearch } from '../stores/jaeger.ts';
import { quoted } from './logsql.ts';

/** What is asked of traces; Jaeger is asked by parameters and not in a language, Tempo in TraceQL. */
export type TraceQuestion =
  | { readonly by: 'service'; readonly service: string }
  | { readonly by: 'operation'; readonly service: string; readonly operation: string }
  | { readonly by: 'failed'; readonly service: string }
  | { readonly by: 'slow'; readonly service: string; readonly longerThanMs: number };

/** The question in TraceQL. Source: Grafana Tempo, "TraceQL". */
export function traceql(question: TraceQuestion): string {
  const of = `resource.service.name = ${literal(question.service)}`;
  switch (question.by) {
    case 'service':
      return `{ ${of} }`;
    case 'operation':
      return `{ ${of} && name = ${literal(question.operation)} }`;
    case 'failed':
      return `{ ${of} && status = error }`;
    case 'slow':
      return `{ ${of} && duration > ${question.longerThanMs}ms }`;
  }
}

/** As LogQL has it, but for control characters, which no name has and Grafana's grammar of TraceQL does not know. */
function literal(text: string): string {
  return quoted(text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\u{fffd}'));
}

/** When, and how many. */
export type TraceWindow = Pick<TraceSearch, 'fromMs' | 'toMs' | 'limit'>;

/** The question as Jaeger is asked. */
export function traceSearch(question: TraceQuestion, window: TraceWindow): TraceSearch {
  const { service } = question;
  switch (question.by) {
    case 'service':
      return { service, ...window };
    case 'operation':
      return { service, operation: question.operation, ...window };
    case 'failed':
      return { service, attributes: { error: 'true' }, ...window };
    case 'slow':
      return { service, minDurationMs: question.longerThanMs, ...window };
  }
}
