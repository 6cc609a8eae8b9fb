import type { LogLine, RelatedTrace, Sources } from '../server/sources.ts';
import { unlessAway } from './platform.ts';
import { momentsOf } from './purchase-moments.ts';
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
/** A trace of a batch may be about many. */
const NAMED_MAX = 5;

/** A release is shown if it was so shortly before, too: what it changed is seen afterwards. */
const RELEASE_BEFORE_MS = 30 * 60_000;

/** Asks for a trace, or for a request or an order, which its log lines lead to. */
export async function purchaseView(
  id: string,
  sources: Pick<Sources, 'traces' | 'logs'>,
  records: PurchaseRecords,
): Promise<PurchaseView> {
  const { logs } = sources;
  const isTrace = /^[0-9a-f]{32}$/.test(id);
  const named = await unlessAway(isTrace ? logs.ofTrace(id) : logs.naming(id));
  const begin = isTrace ? [id] : traceIds(named ?? []);
  const parts = await unlessAway(sources.traces.related(begin.slice(0, TRACES_MAX)));
  const found = parts?.filter(({ spans }) => spans.length > 0) ?? [];
  const asked = new Set(begin);
  const others = found.filter((part) => !asked.has(part.id));
  // Lines that name the request or order are there; those of its traces may not name it.
  const inTraces = await linesOf(isTrace ? [] : begin, (trace) => logs.ofTrace(trace));
  const inOthers = await linesOf(
    others.map((part) => part.id),
    (trace) => logs.ofTrace(trace),
  );
  const told = [...(named ?? []), ...inTraces, ...inOthers];
  const about = namedIn(told).filter((other) => other !== id);
  const besides = await linesOf(about.slice(0, NAMED_MAX), (other) => logs.naming(other));
  const lines = unique([...told, ...besides]);
  // Without one of the stores, that nothing is found says nothing.
  const isAway = parts === undefined || (named === undefined && found.length === 0);
  const view = onAxis(found, lines.flatMap(momentsOf), (startMs, endMs) =>
    records.releases(startMs - RELEASE_BEFORE_MS, endMs),
  );
  return {
    ...{ id, kind: isTrace ? 'trace' : kindOf(id, told), command: `meridian trace ${id}` },
    ...view,
    orders: ordersIn(told).filter((order) => order !== id),
    left: { ...view.left, traces: Math.max(0, begin.length - TRACES_MAX) },
    state: isAway ? 'away' : view.state,
  };
}

/** What a store of lines has of each id; nothing of any while it is away. */
async function linesOf(
  ids: readonly string[],
  ask: (id: string) => Promise<readonly LogLine[]>,
): Promise<readonly LogLine[]> {
  const answers = await Promise.all(ids.map((id) => unlessAway(ask(id))));
  return answers.flatMap((lines) => lines ?? []);
}

/** Orders and requests that lines name: what came of them outside of their traces has those alone. */
function namedIn(lines: readonly LogLine[]): readonly string[] {
  const requests = lines.flatMap(({ fields }) => fields['request_id'] ?? []);
  return [...new Set([...ordersIn(lines), ...requests])];
}

function ordersIn(lines: readonly LogLine[]): readonly string[] {
  return [...new Set(lines.flatMap(({ fields }) => fields['order_id'] ?? []))];
}

function kindOf(id: string, lines: readonly LogLine[]): PurchaseView['kind'] {
  return ordersIn(lines).includes(id) ? 'order' : 'request';
}

function traceIds(lines: readonly LogLine[]): readonly string[] {
  return [...new Set(lines.flatMap(({ traceId }) => traceId ?? []))];
}

function unique(lines: readonly LogLine[]): readonly LogLine[] {
  const seen = new Map(
    lines.map((line) => [`${line.atMs} ${line.instance} ${line.message} ${ownId(line)}`, line]),
  );
  return [...seen.values()].toSorted(
    (one, other) => one.atMs - other.atMs || entryOf(one) - entryOf(other),
  );
}

/** Of events that were sealed at once, the place in the log. */
function entryOf({ fields }: LogLine): number {
  return Number(fields['entry'] ?? 0);
}

/** What tells lines of one process, one moment and one text apart. */
function ownId({ fields }: LogLine): string {
  return fields['event_id'] ?? fields['settled'] ?? '';
}

function onAxis(
  parts: readonly RelatedTrace[],
  moments: readonly Moment[],
  releases: (startMs: number, endMs: number) => readonly Moment[],
): Omit<PurchaseView, 'id' | 'kind' | 'orders' | 'command'> {
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
    ...{ startMs, durationMs: endMs - startMs },
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
  };
}

function beginOf({ spans }: RelatedTrace): number {
  return spans.reduce((least, { startMs }) => Math.min(least, startMs), Infinity);
}

function tracePart(part: RelatedTrace, axisMs: number): TracePart {
  const { id, relation, spans } = part;
  const startMs = beginOf(part);
  const [root] = spanTree(spans);
  const endMs = spans.reduce(
    (most, span) => Math.max(most, span.startMs + span.durationMs),
    startMs,
  );
  return {
    ...{ id, relation, spans: spans.length },
    began: root === undefined ? '' : `${root.span.service} ${root.span.name}`,
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
