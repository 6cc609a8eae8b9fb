import type { PodsSettings } from '../../kubernetes/kubernetes-settings.ts';
import { METRICS_PORT_NAME } from '../../kubernetes/ports.ts';
import { partHost, partNamespace, partPods } from './parts.ts';
import type { TelemetryPart } from './parts.ts';
import { askingTls, TLS_FOLDER } from './placement.ts';

/** What a program in Go says of itself, of which more is nobody's question here. */
const PROCESS = ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'process_open_fds'];

/**
 * Parts that the collectors ask, and what is kept of what they say: how much they take, and what they lose. Each of
 * them has thousands of series, which the budget of Prometheus' disk has no room for; histograms are most of them.
 * Source: what Loki 3.7.6 (pkg/), Tempo 2.10.8 (modules/) and Grafana (pkg/infra) register; Loki's documentation names
 * some that it has no more.
 */
const STORES = {
  loki: {
    // Of its chart 18.11, _pod.tpl.
    port: 'http-metrics',
    kept: [
      'loki_discarded_samples_total',
      'loki_discarded_bytes_total',
      'loki_distributor_lines_received_total',
      'loki_distributor_bytes_received_total',
      'loki_distributor_ingester_append_timeouts_total',
      'loki_internal_log_messages_total',
    ],
  },
  tempo: {
    // Of its chart 2.2.4, statefulset.yaml.
    port: 'prom-metrics',
    kept: [
      'tempo_discarded_spans_total',
      'tempo_distributor_spans_received_total',
      'tempo_ingester_blocks_flushed_total',
      'tempo_ingester_failed_flushes_total',
    ],
  },
  grafana: {
    // Of its chart 12.11, podPortName.
    port: 'grafana',
    kept: [
      'grafana_api_response_status_total',
      'grafana_page_response_status_total',
      'grafana_proxy_response_status_total',
      'grafana_datasource_request_total',
    ],
  },
} as const satisfies Partial<
  Record<TelemetryPart, { readonly port: string; readonly kept: readonly string[] }>
>;

/**
 * What is asked of the stores of telemetry, what shows them, and what reads the lines of nodes. The last tells it in the
 * clear, as the collectors do of themselves: what OpenTelemetry serves its own metrics by knows no TLS.
 */
export function partScrapes(settings: Pick<PodsSettings, 'namespaces' | 'clusterDomain'>) {
  const place = (part: TelemetryPart) => ({
    job: part,
    namespace: partNamespace(settings, part),
    pods: partPods(part),
  });
  return [
    ...(Object.keys(STORES) as (keyof typeof STORES)[]).map((part) => ({
      ...place(part),
      port: STORES[part].port,
      asked: {
        scheme: 'https',
        tls_config: {
          ...askingTls(TLS_FOLDER),
          server_name: partHost(settings, part),
          min_version: 'TLS13',
        },
      },
      kept: [...STORES[part].kept, ...PROCESS].join('|'),
    })),
    { ...place('node-logs'), port: METRICS_PORT_NAME, asked: {} },
  ];
}
