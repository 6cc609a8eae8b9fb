import { CodedError } from '@meridian/language/coded-error.ts';
import type { TopicNode } from '@meridian/components/model/graph.ts';
import { isUuid } from '@meridian/language/uuid.ts';
import { keptEvents } from '../../events/kept-events.ts';
import { logsql } from '../questions/logsql.ts';
import { namingQuery } from '../questions/naming-query.ts';
import type { Jaeger } from '../stores/jaeger.ts';
import type { VictoriaLogs } from '../stores/victorialogs.ts';
import { relatedTraces } from './linked-traces.ts';
import type { ToldTrace } from './trace-text.ts';

/** The stores in which traces are found. */
export interface TraceStores {
  readonly jaeger: Pick<Jaeger, 'trace' | 'search'>;
  readonly victorialogs: Pick<VictoriaLogs, 'lines'>;
}

/** W3C Trace Context, section 3.2.2.3. */
const TRACE_ID = /^[0-9a-f]{32}$/;

const ID_LENGTH_MAX = 128;

const LINES_MAX = 500;

/**
 * Everything that is kept of a trace, a request or a purchase: its traces, those that they came from and those that came of
 * them, with their lines.
 *
 * @param id of a trace, of a request (x-request-id) or of an order
 * @throws {CodedError} TRACE_UNKNOWN, TELEMETRY_UNREACHABLE, TELEMETRY_REFUSED
 */
export async function findTraces(
  stores: TraceStores,
  id: string,
  topics: readonly TopicNode[],
): Promise<readonly ToldTrace[]> {
  if (id === '' || id.length > ID_LENGTH_MAX) throw unknown(id);
  const traceIds = TRACE_ID.test(id) ? [id] : await tracesOf(stores, id, topics);
  const traces = await relatedTraces(stores.jaeger, traceIds, topics);
  if (traces.length === 0) throw unknown(id, traceIds);
  return await Promise.all(
    traces.map(async (trace) => {
      const question = logsql({ by: 'trace', traceId: trace.traceId });
      const lines = await stores.victorialogs.lines(question, { limit: LINES_MAX });
      return { ...trace, lines };
    }),
  );
}

/** The traces of a request or an order by the lines that name it, and of an order without any by its events. */
async function tracesOf(
  { victorialogs }: Pick<TraceStores, 'victorialogs'>,
  id: string,
  topics: readonly TopicNode[],
): Promise<readonly string[]> {
  const lines = await victorialogs.lines(namingQuery(id), { limit: LINES_MAX });
  const named = lines.flatMap(({ traceId }) => traceId ?? []);
  // A request's id is whatever its sender has sent; an order's is a UUID.
  if (named.length > 0 || !isUuid(id)) return [...new Set(named)];
  const events = await keptEvents(
    topics.map(({ name }) => name),
    (line) => line.correlationId === id || line.id === id,
  );
  return [...new Set(events.flatMap(({ traceparent }) => traceparent?.split('-')[1] ?? []))];
}

function unknown(id: string, traceIds: readonly string[] = []): CodedError {
  const got =
    traceIds.length === 0
      ? `'${id}'`
      : `'${id}', whose traces (${traceIds.slice(0, 3).join(', ')}) are not kept: not sampled, or older than they are kept`;
  return new CodedError(
    'TRACE_UNKNOWN',
    `Trace '${id}': must be the id of a trace, of a request (x-request-id) or of an order that was seen here, got ${got}; what has just been is there a few seconds later`,
  );
}
