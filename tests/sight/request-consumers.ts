import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { requestSources } from '../../tools/console/server/store-sources.ts';
import { purchaseView } from '../../tools/console/views/purchase.ts';
import { lineText } from '../../tools/meridian/commands/logs.ts';
import { judgeEdges } from '../../tools/telemetry/conformance/judge.ts';
import type { EdgeKind } from '../../tools/telemetry/conformance/edges.ts';
import { seenTraces } from '../../tools/telemetry/conformance/seen-traces.ts';
import type { LogQuestion } from '../../tools/telemetry/questions/log-question.ts';
import { logsql } from '../../tools/telemetry/questions/logsql.ts';
import type { Jaeger } from '../../tools/telemetry/stores/jaeger.ts';
import type { VictoriaLogs } from '../../tools/telemetry/stores/victorialogs.ts';
import { findTraces } from '../../tools/telemetry/trace/find-trace.ts';
import { traceText } from '../../tools/telemetry/trace/trace-text.ts';

/** Who decides or shows something by spans and lines. */
export type RequestConsumerKind = 'conformance' | 'trace' | 'question' | 'console';

/** The stores in which requests have left something. */
export interface RequestStores {
  readonly jaeger: Pick<Jaeger, 'trace' | 'search' | 'services' | 'operations'>;
  readonly victorialogs: Pick<VictoriaLogs, 'lines'>;
}

/** A consumer of spans and lines, and what it is told. */
export interface RequestConsumer {
  readonly kind: RequestConsumerKind;
  readonly name: string;
  /** What it says, as text. */
  readonly ask: (stores: RequestStores) => Promise<string>;
}

/** A request that was recorded, by which consumers ask. */
export interface AskedRequest {
  readonly traceId: string;
  readonly requestId: string;
  /** The trace of another one, which failed. */
  readonly failedTraceId: string;
}

const LINES_MAX = 10_000;

/** Every consumer of spans and lines. */
export function requestConsumers(
  graph: PlatformGraph,
  asked: AskedRequest,
): readonly RequestConsumer[] {
  return [
    ...(['call', 'store', 'publish', 'consume'] as const).map((kind) => conformance(graph, kind)),
    trace(graph, 'a trace', asked.traceId),
    trace(graph, 'a request', asked.requestId),
    trace(graph, 'a trace that failed', asked.failedTraceId),
    ...questions(asked).map(([name, question]) => ofQuestion(name, question)),
    purchase(graph, 'a purchase', asked.requestId),
    purchase(graph, 'a trace that failed', asked.failedTraceId),
    refusals(graph),
  ];
}

function conformance(graph: PlatformGraph, kind: EdgeKind): RequestConsumer {
  return {
    kind: 'conformance',
    name: `conformance of each ${kind}`,
    ask: async ({ jaeger }) => {
      const { traces } = await seenTraces(jaeger, { fromMs: 0, toMs: Date.UTC(2100, 0, 1) });
      const edges = judgeEdges(graph, traces).filter((edge) => edge.kind === kind);
      return edges.map(({ from, to, via, state }) => `${from} ${to} ${via} ${state}`).join('\n');
    },
  };
}

function trace({ topics }: PlatformGraph, what: string, id: string): RequestConsumer {
  return {
    kind: 'trace',
    name: `trace of ${what}`,
    ask: async (stores) => traceText(await findTraces(stores, id, topics)),
  };
}

function questions({
  traceId,
  requestId,
}: AskedRequest): readonly (readonly [name: string, question: LogQuestion])[] {
  return [
    ['a trace', { by: 'trace', traceId }],
    ['a request', { by: 'request', requestId }],
    ['a text', { by: 'text', text: 'call served' }],
    ['a service from a level on', { by: 'service', service: 'orders', level: 'info' }],
    ['errors of a release', { by: 'release', service: 'orders', version: '1' }],
  ];
}

function ofQuestion(what: string, question: LogQuestion): RequestConsumer {
  return {
    kind: 'question',
    name: `lines of ${what}`,
    ask: async ({ victorialogs }) => {
      const lines = await victorialogs.lines(logsql(question), { limit: LINES_MAX });
      return lines.map(lineText).join('\n');
    },
  };
}

function purchase({ topics }: PlatformGraph, what: string, id: string): RequestConsumer {
  return {
    kind: 'console',
    name: `the console's view of ${what}`,
    ask: async (stores) => {
      const sources = requestSources(() => stores, topics);
      return JSON.stringify(await purchaseView(id, sources, { releases: () => [] }));
    },
  };
}

function refusals({ topics }: PlatformGraph): RequestConsumer {
  return {
    kind: 'console',
    name: "the console's refused calls",
    ask: async (stores) => {
      const sources = requestSources(() => stores, topics);
      const lines = await sources.logs.refusals(0);
      return lines.map(({ service, fields }) => `${fields['peer']} ${service}`).join('\n');
    },
  };
}
