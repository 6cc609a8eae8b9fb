import type { LogLine, RelatedTrace, Sources } from '../server/sources.ts';
import { unlessAway } from './platform.ts';
import type { Moment, PurchaseView, SpanRow, TracePart } from './purchase-view.ts';
import { spanTree } from './span-tree.ts';

/** What the stores of telemetry do not tell. */
export interface PurchaseRecords {
  /** Releases in a span of time, in milliseconds since 1970. */
  releases(startMs: number, endMs: number): readonly Moment[];
}

/** More than these say less; what is left out is counted. */
const TRACES_MAX = 50;
const SPANS_MAX = 10_000;
const MOMENTS_MAX = 2_000;

/** A release is shown if it was so shortly before, too: what it changed is seen afterwards. */
const RELEASE_BEFORE_MS = 30 * 60_000;

/** Asks for a trace, or for a request or an order, which its log lines lead to. */
export async function purchaseView(
  id: string,
  sources: Pick<Sources, 'traces' | 'logs'>,
  records: PurchaseRecords,
): Promise<PurchaseView> {
  const isTrace = /^[0-9a-f]{32}$/.test(id);
  const named = await unlessAway(isTrace ? sources.logs.ofTrace(id) : sources.logs.naming(id));
  const begin = isTrace ? [id] : traceIds(named ?? []);
  const parts = await unlessAway(sources.traces.related(begin.slice(0, TRACES_MAX)));
  const found = parts?.filter(({ spans }) => spans.length > 0) ?? [];
  const asked = new Set(begin);
  const others = found.filter((part) => !asked.has(part.id));
  const more = await Promise.all(
    // Lines that name the request or order are there; those of its traces may not name it.
    [...(isTrace ? [] : begin), ...others.map((part) => part.id)].map((trace) =>
      unlessAway(sources.logs.ofTrace(trace)),
    ),
  );
  const lines = unique([...(named ?? []), ...more.flatMap((each) => each ?? [])]);
  const moments = lines.map(ofLine);
  // Without one of the stores, that nothing is found says nothing.
  const isAway = parts === undefined || (named === undefined && found.length === 0);
  const view = onAxis(id, isTrace, found, moments, (startMs, endMs) =>
    records.releases(startMs - RELEASE_BEFORE_MS, endMs),
  );
  const left = { ...view.left, traces: Math.max(0, begin.length - TRACES_MAX) };
  return { ...view, left, state: isAway ? 'away' : view.state };
}

function traceIds(lines: readonly LogLine[]): readonly string[] {
  return [...new Set(lines.flatMap(({ traceId }) => traceId ?? []))];
}

function unique(lines: readonly LogLine[]): readonly LogLine[] {
  const seen = new Map(
    lines.map((line) => [`${line.atMs} ${line.instance} ${line.message}`, line]),
  );
  return [...seen.values()];
}

function ofLine({ atMs, service, message, level, traceId }: LogLine): Moment {
  return { kind: 'line', atMs, service, what: message, detail: level, trace: traceId ?? null };
}

function onAxis(
  id: string,
  isTrace: boolean,
  parts: readonly RelatedTrace[],
  moments: readonly Moment[],
  releases: (startMs: number, endMs: number) => readonly Moment[],
): PurchaseView {
  const ends = [
    ...parts.flatMap(({ spans }) =>
      spans.flatMap(({ startMs, durationMs }) => [startMs, startMs + durationMs]),
    ),
    ...moments.map(({ atMs }) => atMs),
  ];
  const startMs = ends.reduce((least, time) => Math.min(least, time), ends[0] ?? 0);
  const endMs = ends.reduce((most, time) => Math.max(most, time), startMs);
  const ordered = parts.toSorted((one, other) => beginOf(one) - beginOf(other));
  const rows = ordered.flatMap((part, trace) => spanRows(part, trace, startMs));
  const all = [...moments, ...(ends.length === 0 ? [] : releases(startMs, endMs))].toSorted(
    (one, other) => one.atMs - other.atMs,
  );
  const spans = rows.slice(0, SPANS_MAX);
  return {
    ...{ id, kind: isTrace ? 'trace' : 'request', startMs, durationMs: endMs - startMs },
    state: parts.length > 0 ? 'found' : moments.length > 0 ? 'unsampled' : 'unknown',
    traces: ordered.map((part) => tracePart(part, startMs)),
    spans,
    moments: all.slice(0, MOMENTS_MAX),
    left: {
      traces: 0,
      spans: rows.length - spans.length,
      moments: Math.max(0, all.length - MOMENTS_MAX),
    },
    slowest: slowestOf(spans),
    command: `meridian trace ${id}`,
  };
}

function beginOf({ spans }: RelatedTrace): number {
  return spans.reduce((least, { startMs }) => Math.min(least, startMs), Infinity);
}

function tracePart(part: RelatedTrace, axisMs: number): TracePart {
  const { id, relation, spans } = part;
  const startMs = beginOf(part);
  const endMs = spans.reduce(
    (most, span) => Math.max(most, span.startMs + span.durationMs),
    startMs,
  );
  return {
    ...{ id, relation, spans: spans.length },
    ...{ startMs: startMs - axisMs, durationMs: endMs - startMs },
  };
}

function spanRows({ spans }: RelatedTrace, trace: number, axisMs: number): readonly SpanRow[] {
  return spanTree(spans).map(({ span, depth, selfMs, isOrphan }) => {
    const { spanId, service, instance, name, kind, startMs, durationMs, error } = span;
    return {
      ...{ id: spanId, trace, depth, service, instance, name, kind },
      ...{ startMs: startMs - axisMs, durationMs, selfMs, error: error ?? null, isOrphan },
    };
  });
}

function slowestOf(spans: readonly SpanRow[]): number | null {
  if (spans.length === 0) return null;
  return spans.reduce(
    (best, span, position) => (span.selfMs > (spans[best]?.selfMs ?? 0) ? position : best),
    0,
  );
}
