import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { telemetryName } from '@meridian/components/observability/telemetry-names.ts';
import type { TopicNode } from '@meridian/components/model/graph.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { LOG_LINES } from '@meridian/language/log-lines.ts';
import { logsql, quoted } from '../../telemetry/questions/logsql.ts';
import { namingQuery } from '../../telemetry/questions/naming-query.ts';
import { REFUSED_CALLS } from '../../telemetry/questions/refused-calls.ts';
import type { Jaeger } from '../../telemetry/stores/jaeger.ts';
import { isStoreAway } from '../../telemetry/stores/store-away.ts';
import type { Span } from '../../telemetry/stores/span.ts';
import { Stores } from '../../telemetry/stores/stores.ts';
import type { LogLine as KeptLine, VictoriaLogs } from '../../telemetry/stores/victorialogs.ts';
import { relatedTraces } from '../../telemetry/trace/linked-traces.ts';
import { QueryRefused } from '../views/query-view.ts';
import type { StoresFile } from './console-configuration.ts';
import { StoreAway } from './sources.ts';
import type { LogLine, Sources, StoredSpan, StoreName } from './sources.ts';

const LINES_MAX = 1_000;
const REFUSALS_MAX = 200;
const SAGAS_MAX = 200;

/** The stores of this machine as the console asks them. */
export function storeSources(places: StoresFile, topics: readonly TopicNode[]): Sources {
  const open = openedAgain(places);
  return {
    metrics: {
      now: (query) => asked('metrics', () => open().prometheus.instant(query)),
      over: (query, { startSeconds, endSeconds, stepSeconds }) => {
        const span = { fromSeconds: startSeconds, toSeconds: endSeconds };
        return asked('metrics', () => open().prometheus.range(query, span, stepSeconds));
      },
      exemplars: (query, { startSeconds, endSeconds }) =>
        asked('metrics', async () => {
          const span = { fromSeconds: startSeconds, toSeconds: endSeconds };
          const all = await open().prometheus.exemplars(query, span);
          return all.flatMap(({ seriesLabels, labels: { trace_id: traceId }, value }) =>
            traceId === undefined ? [] : [{ labels: seriesLabels, traceId, value }],
          );
        }),
    },
    ...requestSources(open, topics),
  };
}

/** The stores in which requests leave something. */
export interface RequestStores {
  readonly jaeger: Pick<Jaeger, 'trace' | 'search'>;
  readonly victorialogs: Pick<VictoriaLogs, 'lines'>;
}

/** What is known of requests by their stores, opened whenever one is asked. */
export function requestSources(
  open: () => RequestStores,
  topics: readonly TopicNode[],
): Pick<Sources, 'traces' | 'logs'> {
  const lines = async (
    query: string,
    limit: number,
    from?: string,
  ): Promise<readonly LogLine[]> => {
    const window = { limit, ...(from === undefined ? {} : { from }) };
    return await asked('logs', async () =>
      (await open().victorialogs.lines(query, window)).map(lineOf),
    );
  };
  return {
    traces: {
      related: (ids) =>
        asked('traces', async () => {
          const found = await relatedTraces(open().jaeger, ids, topics);
          return found.map(({ traceId: id, relation, spans }) => ({
            id,
            relation: relation === 'consequence' ? 'effect' : relation,
            spans: spans.map(spanOf),
          }));
        }),
    },
    logs: {
      ofTrace: (traceId) => lines(logsql({ by: 'trace', traceId }), LINES_MAX),
      naming: (id) => lines(namingQuery(id), LINES_MAX),
      sagas: (sinceMs) =>
        lines(
          `"service.name":=orders _msg:=${quoted(LOG_LINES.sagaWentOn)}`,
          SAGAS_MAX,
          new Date(sinceMs).toISOString(),
        ),
      refusals: (sinceMs) => lines(REFUSED_CALLS, REFUSALS_MAX, new Date(sinceMs).toISOString()),
    },
  };
}

/** Connections with the certificate as it is now: it is renewed while the console runs. */
function openedAgain({ identityFolder, logs, origins }: StoresFile): () => Stores {
  let opened: { readonly stores: Stores; readonly writtenMs: number } | undefined;
  const file = (name: string) => path.join(identityFolder, name);
  return () => {
    const writtenMs = statSync(file('tls.crt')).mtimeMs;
    if (opened?.writtenMs === writtenMs) return opened.stores;
    void opened?.stores[Symbol.asyncDispose]();
    const read = (name: string) => readFileSync(file(name), 'utf8');
    const tls = { ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') };
    const address = (store: keyof typeof origins) => ({
      ...{ origin: origins[store], tls: { ...tls, servername: telemetryName(store) } },
    });
    const password = readFileSync(logs.passwordFile, 'utf8').split('\n')[0] ?? '';
    const user = Buffer.from(`${logs.user}:${password.trim()}`).toString('base64');
    const stores = new Stores({
      prometheus: address('prometheus'),
      alertmanager: address('alertmanager'),
      victorialogs: { ...address('victorialogs'), authorization: `Basic ${user}` },
      jaeger: address('jaeger'),
    });
    opened = { stores, writtenMs };
    return stores;
  };
}

/** Says of a store that is away and of a query that is wrong what the views know. */
async function asked<T>(store: StoreName, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isStoreAway(error)) throw new StoreAway(store, error);
    if (error instanceof CodedError && error.code === 'TELEMETRY_REFUSED') {
      throw new QueryRefused(error.message);
    }
    throw error;
  }
}

function spanOf(span: Span): StoredSpan {
  const { parentSpanId, failed, attributes, ...others } = span;
  const error = attributes['error.type'] ?? 'failed';
  return {
    ...others,
    ...(parentSpanId === undefined ? {} : { parentId: parentSpanId }),
    ...(failed ? { error } : {}),
    attributes,
  };
}

function lineOf({ time, traceId, instance = '', ...line }: KeptLine): LogLine {
  return {
    ...{ service: line.service, level: line.level, message: line.message, fields: line.fields },
    ...{ atMs: Date.parse(time), instance },
    ...(traceId === undefined ? {} : { traceId }),
  };
}
