/**
 * The configurations with which the engines of telemetry were tried, as plain values: JSON is YAML, so what is written
 * is what each of them reads.
 */

/** Where everything of one run is. */
export interface Places {
  readonly address: string;
  readonly ports: Readonly<Record<PortName, number>>;
  /** The folder of logs to read, of targets to scrape and of what engines keep. */
  readonly folder: string;
  /** Where Alertmanager reports. */
  readonly hook: string;
}

/** What listens. */
export const portNames = [
  ...(['otlp', 'collectorHealth', 'collectorMetrics'] as const),
  ...(['jaegerOtlp', 'jaegerQuery', 'jaegerQueryGrpc', 'jaegerHealth'] as const),
  ...(['victorialogs', 'prometheus', 'alertmanager'] as const),
] as const;

export type PortName = (typeof portNames)[number];

/** The fields of a log line that may be kept: whatever else somebody writes is dropped on its way. */
const ALLOWED = ['level', 'zone', 'instance', 'version', 'service.name'];

/**
 * Waits for a store that is away as long as it takes, and asks it again soon. What was accepted is on disk: batches are
 * made behind the queue, while the processor `batch` would keep them in memory before it.
 */
const patient = {
  sending_queue: {
    ...{ enabled: true, storage: 'file_storage', sizer: 'items', queue_size: 100_000 },
    batch: { flush_timeout: '200ms', min_size: 1_000 },
  },
  retry_on_failure: { initial_interval: '200ms', max_interval: '1s', max_elapsed_time: '0s' },
};

export function collector({ address, ports, folder }: Places): object {
  const at = (name: PortName) => `${address}:${ports[name]}`;
  return {
    extensions: {
      file_storage: { directory: `${folder}/queue`, create_directory: true },
      health_check: { endpoint: at('collectorHealth') },
    },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: at('otlp') } } },
      prometheus: {
        config: {
          scrape_configs: [
            {
              job_name: 'services',
              scrape_interval: '1s',
              file_sd_configs: [{ files: [`${folder}/targets/*.json`], refresh_interval: '1s' }],
            },
          ],
        },
      },
      file_log: {
        include: [`${folder}/logs/*.log`],
        start_at: 'beginning',
        poll_interval: '200ms',
        storage: 'file_storage',
        operators: [
          {
            type: 'json_parser',
            timestamp: { parse_from: 'attributes.time', layout: '%Y-%m-%dT%H:%M:%S.%LZ' },
            severity: { parse_from: 'attributes.level' },
            trace: {
              trace_id: { parse_from: 'attributes.trace_id' },
              span_id: { parse_from: 'attributes.span_id' },
            },
          },
          // Else the whole line would stay beside its fields, with all that is not allowed.
          { type: 'move', from: 'attributes.message', to: 'body' },
          { type: 'move', from: 'attributes.service', to: 'resource["service.name"]' },
        ],
      },
    },
    processors: {
      memory_limiter: { check_interval: '1s', limit_mib: 200 },
      redaction: { allow_all_keys: false, allowed_keys: ALLOWED },
    },
    exporters: {
      'otlp_http/traces': { endpoint: `http://${at('jaegerOtlp')}`, ...patient },
      'otlp_http/logs': {
        endpoint: `http://${at('victorialogs')}/insert/opentelemetry`,
        headers: { 'VL-Stream-Fields': 'service.name,severity_text' },
        ...patient,
      },
      prometheus_remote_write: { endpoint: `http://${at('prometheus')}/api/v1/write` },
    },
    service: {
      extensions: ['file_storage', 'health_check'],
      // The collector is watched too.
      telemetry: {
        metrics: {
          readers: [
            {
              pull: {
                exporter: { prometheus: { host: address, port: ports.collectorMetrics } },
              },
            },
          ],
        },
      },
      pipelines: {
        traces: {
          receivers: ['otlp'],
          processors: ['memory_limiter'],
          exporters: ['otlp_http/traces'],
        },
        logs: {
          receivers: ['file_log', 'otlp'],
          processors: ['memory_limiter', 'redaction'],
          exporters: ['otlp_http/logs'],
        },
        metrics: {
          receivers: ['prometheus'],
          processors: ['memory_limiter'],
          exporters: ['prometheus_remote_write'],
        },
      },
    },
  };
}

export function jaeger({ address, ports, folder }: Places): object {
  const at = (name: PortName) => `${address}:${ports[name]}`;
  return {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query', 'healthcheckv2'],
      pipelines: {
        traces: {
          receivers: ['otlp'],
          processors: ['batch'],
          exporters: ['jaeger_storage_exporter'],
        },
      },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'info' } },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: at('jaegerHealth') } },
      jaeger_query: {
        storage: { traces: 'store' },
        http: { endpoint: at('jaegerQuery') },
        grpc: { endpoint: at('jaegerQueryGrpc') },
      },
      jaeger_storage: {
        backends: {
          store: {
            badger: {
              directories: { keys: `${folder}/traces/keys`, values: `${folder}/traces/values` },
              ephemeral: false,
            },
          },
        },
      },
    },
    receivers: { otlp: { protocols: { http: { endpoint: at('jaegerOtlp') } } } },
    processors: { batch: { timeout: '200ms' } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'store' } },
  };
}

export function prometheus({ address, ports, folder }: Places): object {
  const at = (name: PortName) => [{ targets: [`${address}:${ports[name]}`] }];
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    storage: {
      tsdb: { out_of_order_time_window: '10m' },
      exemplars: { max_exemplars: 10_000 },
    },
    rule_files: ['rules.json'],
    alerting: { alertmanagers: [{ static_configs: at('alertmanager') }] },
    scrape_configs: [
      { job_name: 'prometheus', static_configs: at('prometheus') },
      { job_name: 'otelcol', static_configs: at('collectorMetrics') },
      // Only to see how the same numbers look without the collector.
      { job_name: 'directly', file_sd_configs: [{ files: [`${folder}/targets/*.json`] }] },
    ],
  };
}

export const rules = {
  groups: [
    {
      name: 'services',
      rules: [
        {
          alert: 'ReplicaAway',
          expr: 'up{job="services"} == 0',
          labels: { severity: 'critical' },
          annotations: { summary: 'A replica of {{ $labels.service }} does not answer.' },
        },
      ],
    },
  ],
};

export function alertmanager({ hook }: Places): object {
  return {
    route: { receiver: 'hook', group_wait: '200ms', group_interval: '1s', group_by: ['...'] },
    receivers: [{ name: 'hook', webhook_configs: [{ url: hook }] }],
  };
}
