import { LOG_NAMES } from './log-query.ts';

/** The uids by which boards and links name what answers queries. */
export const DATA_SOURCE = { metrics: 'prometheus', logs: 'loki', traces: 'tempo' } as const;

/** Where each of them answers, and the files by which Grafana proves who it is. */
export interface DataSourcePlaces {
  readonly metrics: string;
  readonly logs: string;
  readonly traces: string;
  /** Folder with ca.crt, tls.crt and tls.key. */
  readonly tlsFolder: string;
  /** How far apart samples are, in seconds. */
  readonly scrapeSeconds: number;
}

/** A data source as Grafana is given it. Source: Grafana, "Provision Grafana", data sources. */
type DataSource = Readonly<Record<string, unknown>>;

/** So far before and after a span its lines are looked for: lines are written a few at once. */
const AROUND = '1m';

/**
 * What answers the boards' queries, with ways from each to the others: from a point of a metric to its trace,
 * from a trace to its lines and to the metrics of its service, from a line to its trace. A dollar of a query is
 * two here: one alone begins a variable of the environment in files of provisioning.
 */
export function dataSources(places: DataSourcePlaces): readonly DataSource[] {
  const { metrics, logs, traces } = places;
  return [
    {
      ...source('Prometheus', 'prometheus', DATA_SOURCE.metrics, metrics, places),
      isDefault: true,
      jsonData: {
        ...TLS,
        httpMethod: 'POST',
        timeInterval: `${places.scrapeSeconds}s`,
        exemplarTraceIdDestinations: [
          { name: LOG_NAMES.traceId, datasourceUid: DATA_SOURCE.traces, urlDisplayLabel: 'Trace' },
        ],
      },
    },
    {
      ...source('Loki', 'loki', DATA_SOURCE.logs, logs, places),
      jsonData: {
        ...TLS,
        derivedFields: [
          {
            name: 'Trace',
            // Metadata of a line count as labels of it here.
            matcherType: 'label',
            matcherRegex: LOG_NAMES.traceId,
            url: '$${__value.raw}',
            datasourceUid: DATA_SOURCE.traces,
          },
        ],
      },
    },
    {
      ...source('Tempo', 'tempo', DATA_SOURCE.traces, traces, places),
      jsonData: {
        ...TLS,
        tracesToLogsV2: {
          datasourceUid: DATA_SOURCE.logs,
          spanStartTimeShift: `-${AROUND}`,
          spanEndTimeShift: AROUND,
          tags: [{ key: 'service.name', value: LOG_NAMES.service }],
          filterByTraceID: true,
          customQuery: true,
          query: `{$\${__tags}} | ${LOG_NAMES.traceId}="$\${__trace.traceId}"`,
        },
        tracesToMetrics: {
          datasourceUid: DATA_SOURCE.metrics,
          spanStartTimeShift: '-5m',
          spanEndTimeShift: '5m',
          tags: [{ key: 'service.name', value: 'job' }],
          queries: [
            { name: 'Queue', query: 'max(request_queue_depth{$$__tags})' },
            { name: 'Replicas seen', query: 'sum(up{$$__tags})' },
          ],
        },
        nodeGraph: { enabled: true },
      },
    },
  ];
}

/** Certificates are those of the platform's own authority, and are held against it. */
const TLS = { tlsAuth: true, tlsAuthWithCACert: true } as const;

function source(
  name: string,
  type: string,
  uid: string,
  url: string,
  { tlsFolder }: DataSourcePlaces,
): DataSource {
  return {
    ...{ name, type, uid, url, access: 'proxy', editable: false },
    // Grafana reads the file itself, so no key is in an object that people may read.
    secureJsonData: {
      tlsCACert: `$__file{${tlsFolder}/ca.crt}`,
      tlsClientCert: `$__file{${tlsFolder}/tls.crt}`,
      tlsClientKey: `$__file{${tlsFolder}/tls.key}`,
    },
  };
}
