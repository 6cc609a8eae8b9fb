import type { RecordedLine } from '../../tools/sight/recorded-lines.ts';
import type { Jaeger, JaegerTrace } from '../../tools/telemetry/stores/jaeger.ts';
import { spansOf } from '../../tools/telemetry/stores/jaeger.ts';
import { linesOf } from './recorded-series.ts';

/** What was recorded of requests: traces as Jaeger gives them, and lines as VictoriaLogs does. */
export interface RecordedRequests {
  readonly traces: readonly JaegerTrace[];
  readonly lines: readonly RecordedLine[];
}

/** All of it; calls that were not answered are such as were refused, since nobody was in what was recorded. */
export function recordedRequests(): RecordedRequests {
  return {
    traces: linesOf('traces.jsonl').map((line) => JSON.parse(line) as JaegerTrace),
    lines: linesOf('lines.jsonl').map((line) => refused(JSON.parse(line) as RecordedLine)),
  };
}

function refused(line: RecordedLine): RecordedLine {
  const { _msg: message, reason } = line;
  return message !== 'call served' || reason === undefined
    ? line
    : { ...line, rpc_status_code: 'PERMISSION_DENIED', reason: 'it may not call this' };
}

/** Traces that are kept, asked as Jaeger is. */
export function askedTraces(
  traces: readonly JaegerTrace[],
): Pick<Jaeger, 'trace' | 'search' | 'services' | 'operations'> {
  const all = traces.map(spansOf);
  return {
    trace: (traceId) => Promise.resolve(all.find(([first]) => first?.traceId === traceId) ?? []),
    search: ({ service, operation }) =>
      Promise.resolve(
        all.filter((spans) =>
          spans.some(
            (span) =>
              span.service === service && (operation === undefined || span.name === operation),
          ),
        ),
      ),
    operations: (service) =>
      Promise.resolve([
        ...new Set(all.flat().flatMap((span) => (span.service === service ? [span.name] : []))),
      ]),
    services: () =>
      Promise.resolve([...new Set(all.flatMap((spans) => spans.map(({ service }) => service)))]),
  };
}
