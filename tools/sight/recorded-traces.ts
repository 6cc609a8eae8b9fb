import type { JaegerTrace } from '../telemetry/stores/jaeger.ts';
import type { RecordedIds } from './recorded-ids.ts';

type JaegerSpan = JaegerTrace['spans'][number];

/** When everything that is recorded began, in milliseconds since 1970. */
export const RECORDED_FROM_MS = Date.UTC(2026, 0, 1);

/** How many spans a trace may have that is taken only for what no other one shows. */
const SPANS_MAX = 60;

/** What traces and lines are told apart by. */
export interface RecordingIds {
  readonly traces: RecordedIds;
  readonly spans: RecordedIds;
}

/**
 * As few traces as show all that some show: what spans are called, of whom, and which attributes they have. Those that
 * are wanted are among them.
 */
export function tellingTraces(
  all: readonly JaegerTrace[],
  wanted: ReadonlySet<string>,
): readonly JaegerTrace[] {
  const seen = new Set<string>();
  const takes = (trace: JaegerTrace): boolean => {
    const shown = shownBy(trace).filter((each) => !seen.has(each));
    const isWanted = wanted.has(trace.traceID);
    if (!isWanted && (shown.length === 0 || trace.spans.length > SPANS_MAX)) return false;
    for (const each of shown) seen.add(each);
    return true;
  };
  return all
    .toSorted(
      (one, other) =>
        Number(wanted.has(other.traceID)) - Number(wanted.has(one.traceID)) ||
        other.spans.length - one.spans.length,
    )
    .filter(takes);
}

function shownBy({ spans, processes }: JaegerTrace): readonly string[] {
  return spans.flatMap(({ operationName, processID, tags }) => {
    const service = processes[processID]?.serviceName ?? '';
    return [
      `${service} ${operationName}`,
      ...(tags ?? []).map(({ key }) => `${service} ${key}`),
      ...(tags ?? []).flatMap(({ key, value }) => (key === 'error.type' ? [String(value)] : [])),
    ];
  });
}

/** A trace without ids, moments and replicas of the platform that it is of. */
export function recordedTrace(trace: JaegerTrace, ids: RecordingIds, fromMs: number): JaegerTrace {
  return {
    traceID: ids.traces.of(trace.traceID),
    spans: trace.spans.map((span) => recordedSpan(span, ids, fromMs)),
    processes: Object.fromEntries(
      Object.entries(trace.processes).map(([id, { serviceName, tags }]) => [
        id,
        { serviceName, tags: (tags ?? []).map((tag) => recordedResource(serviceName, tag)) },
      ]),
    ),
  };
}

function recordedSpan(span: JaegerSpan, ids: RecordingIds, fromMs: number): JaegerSpan {
  const { operationName, duration, processID, references, startTime, tags } = span;
  return {
    ...{ traceID: ids.traces.of(span.traceID), spanID: ids.spans.of(span.spanID), operationName },
    references: (references ?? []).map(({ refType, traceID, spanID }) => ({
      ...{ refType, traceID: ids.traces.of(traceID), spanID: ids.spans.of(spanID) },
    })),
    startTime: Math.round(startTime - (fromMs - RECORDED_FROM_MS) * 1_000),
    ...{ duration, processID },
    tags: (tags ?? []).map(({ key, value }) => ({
      key,
      value: key === 'meridian.origin.trace_id' ? ids.traces.of(String(value)) : value,
    })),
  };
}

const OF_A_RESOURCE: Readonly<Record<string, (service: string) => string>> = {
  'service.instance.id': (service) => `${service}-a-0`,
  'service.version': () => '1',
  'cloud.availability_zone': () => 'a',
};

type Tag = NonNullable<JaegerSpan['tags']>[number];

function recordedResource(service: string, { key, value }: Tag): Tag {
  return { key, value: OF_A_RESOURCE[key]?.(service) ?? value };
}
