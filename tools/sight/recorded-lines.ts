import type { LogLine } from '../telemetry/stores/victorialogs.ts';
import type { RecordedIds } from './recorded-ids.ts';
import { RECORDED_FROM_MS } from './recorded-traces.ts';
import type { RecordingIds } from './recorded-traces.ts';

/** A line as VictoriaLogs gives it: all of its fields, those that it makes of a record's own too. */
export type RecordedLine = Readonly<Record<string, string>>;

/** Fields whose values are words of the code. */
const OF_CODE: ReadonlySet<string> = new Set([
  ...['peer', 'problem', 'protocol', 'route', 'rpc_method', 'rpc_status_code', 'status', 'topic'],
  ...['trace_sampled', 'verb', 'method', 'phase', 'asked', 'settled', 'event_type'],
]);

/** In the place of any other value. */
const SOME = '-';

/** What the store adds, and all of an error but its type: whatever its code has made of it. */
const UNTOLD = /^(?:scope\.|err\.(?!type$))/;

const REFUSED = /may not call \/[\w./]+$/;

/** A line without ids, moments, replicas and values of the platform that it is of. */
export function recordedLine(
  { time, service, level, message, traceId, spanId, fields }: LogLine,
  ids: RecordingIds & { readonly requests: RecordedIds },
  fromMs: number,
): RecordedLine {
  const moment = RECORDED_FROM_MS + Math.max(0, Date.parse(time) - fromMs);
  return {
    _time: new Date(moment).toISOString(),
    ...{ 'service.name': service, severity_text: level, _msg: message },
    ...(traceId === undefined ? {} : { trace_id: ids.traces.of(traceId) }),
    ...(spanId === undefined ? {} : { span_id: ids.spans.of(spanId) }),
    ...{ zone: 'a', instance: `${service}-a-0` },
    ...Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => !UNTOLD.test(name))
        .map(([name, value]) => [
          name,
          name === 'request_id' ? ids.requests.of(value) : recordedValue(name, value),
        ]),
    ),
  };
}

function recordedValue(name: string, value: string): string {
  if (name === 'version') return '1';
  if (name === 'reason') return REFUSED.exec(value)?.[0] ?? SOME;
  return OF_CODE.has(name) ? value : SOME;
}

/** Of lines that say the same, as few as have every field that any of them has. */
export function tellingLines(lines: readonly LogLine[]): readonly LogLine[] {
  const seen = new Set<string>();
  return lines.filter(({ service, level, message, fields }) => {
    const shown = ['', ...Object.keys(fields)].map(
      (name) => `${service} ${level} ${message} ${name}`,
    );
    const isNew = shown.some((each) => !seen.has(each));
    for (const each of shown) seen.add(each);
    return isNew;
  });
}
