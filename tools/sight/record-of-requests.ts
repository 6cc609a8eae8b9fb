import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { REFUSED_CALLS } from '../telemetry/questions/refused-calls.ts';
import { logsql } from '../telemetry/questions/logsql.ts';
import type { JaegerTrace, TraceSearch } from '../telemetry/stores/jaeger.ts';
import type { Stores } from '../telemetry/stores/stores.ts';
import type { LogLine } from '../telemetry/stores/victorialogs.ts';
import { relatedTraces } from '../telemetry/trace/linked-traces.ts';
import { RecordedIds } from './recorded-ids.ts';
import { recordedLine, tellingLines } from './recorded-lines.ts';
import type { RecordedLine } from './recorded-lines.ts';
import { recordedTrace, tellingTraces } from './recorded-traces.ts';

/** How far back is looked. */
const SPAN_MS = 60 * 60_000;

const TRACES_MAX = 400;
const LINES_MAX = 2_000;

/** Purchases that are looked through for the one that has led to most. */
const CANDIDATES = 10;

/** The request that a purchase begins with, as its span is called. */
const PURCHASE = 'POST /v1/orders';

type Window = Pick<TraceSearch, 'fromMs' | 'toMs' | 'limit'>;

/** What requests have left, without anything of the platform that it is of. */
export interface RecordOfRequests {
  readonly traces: readonly JaegerTrace[];
  readonly lines: readonly RecordedLine[];
}

/** The traces of a purchase and as few others as show all that services emit, with their lines. */
export async function recordOfRequests(
  stores: Pick<Stores, 'jaeger' | 'victorialogs'>,
  graph: PlatformGraph,
  nowMs: number,
): Promise<RecordOfRequests> {
  const window = { fromMs: nowMs - SPAN_MS, toMs: nowMs, limit: TRACES_MAX };
  const found = new Map<string, JaegerTrace>();
  for (const { name } of graph.services) {
    const traces = await stores.jaeger.found({ service: name, ...window });
    for (const trace of traces) found.set(trace.traceID, trace);
  }
  const purchase = await purchaseOf(stores, graph, window);
  for (const id of purchase) {
    for (const trace of await stores.jaeger.given(id)) found.set(id, trace);
  }
  const traces = tellingTraces([...found.values()], new Set(purchase));
  const lines = await linesOf(stores, graph, traces);
  const fromMs = Math.min(
    ...traces.flatMap(({ spans }) => spans.map(({ startTime }) => startTime / 1_000)),
  );
  const ids = { traces: new RecordedIds(32), spans: new RecordedIds(16) };
  const lineIds = { ...ids, requests: new RecordedIds(4, 'request-') };
  return {
    traces: traces.map((trace) => recordedTrace(trace, ids, fromMs)),
    lines: lines.map((line) => recordedLine(line, lineIds, fromMs)),
  };
}

/** The traces of the newest purchase that has led to most: its own first, then those that came of it. */
async function purchaseOf(
  { jaeger }: Pick<Stores, 'jaeger'>,
  { topics }: PlatformGraph,
  window: Window,
): Promise<readonly string[]> {
  const candidates = await jaeger.found({
    ...{ service: 'gateway', operation: PURCHASE },
    ...window,
    limit: CANDIDATES,
  });
  const all: (readonly string[])[] = [];
  for (const { traceID } of candidates) {
    const related = await relatedTraces(jaeger, [traceID], topics);
    const own = related.filter(({ relation }) => relation !== 'cause');
    all.push(own.map(({ traceId }) => traceId));
  }
  return all.toSorted((one, other) => other.length - one.length)[0] ?? [];
}

/** Lines of those traces, and of each service as few as have every field. */
async function linesOf(
  { victorialogs }: Pick<Stores, 'victorialogs'>,
  { services }: PlatformGraph,
  traces: readonly JaegerTrace[],
): Promise<readonly LogLine[]> {
  const ask = (query: string) => victorialogs.lines(query, { limit: LINES_MAX });
  const ofTraces: LogLine[] = [];
  for (const { traceID } of traces) {
    ofTraces.push(...(await ask(logsql({ by: 'trace', traceId: traceID }))));
  }
  const others: LogLine[] = await ask(REFUSED_CALLS).then((lines) => [...lines]);
  for (const { name } of services) {
    others.push(...(await ask(logsql({ by: 'service', service: name, level: 'trace' }))));
  }
  // What our own code writes says its version; the rest of a process's output may be anything.
  return [...ofTraces, ...tellingLines(others)].filter(
    ({ fields }) => fields['version'] !== undefined && fields['library'] === undefined,
  );
}
