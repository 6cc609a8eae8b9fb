import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { KubernetesZone } from '../../kubernetes/kubernetes-settings.ts';
import {
  FILE_STORAGE,
  fileStorage,
  metricsExporter,
  patientQueue,
} from '../collector/exporters.ts';
import { memoryLimiter, SPAN_PROCESSING } from '../collector/processors.ts';
import { PART_PORTS, partHost, prometheusReplicas } from './parts.ts';
import { askingTls, IDENTITY_FOLDER, servingTls, TLS_FOLDER } from './placement.ts';
import { zoneScrapes } from './scrapes.ts';

/** Where a collector keeps what waits. */
export const QUEUE_FOLDER = '/var/lib/telemetry';

/** Where it tells the kubelet that it is well. */
export const HEALTH_PORT = 13_133;

/** Where it tells of itself. */
export const SELF_METRICS_PORT = 8_888;

/** How often certificates are read again: they are renewed half an hour before they end. */
export const RELOAD_INTERVAL = '5m';

/** All that a pod listens on: its own address, which it learns when it runs. */
const OWN_ADDRESS = '${env:MY_POD_IP}';

/**
 * The collector of a zone: takes spans of any zone, asks what runs in its own for metrics, and writes to each
 * replica of Prometheus, so that either has all. Source: OpenTelemetry Collector 0.160 and its contrib.
 *
 * @param memoryMib above which it refuses what comes, and those who send keep it
 */
export function collectorConfiguration(
  context: KubernetesLowering,
  zone: KubernetesZone,
  memoryMib: number,
): object {
  const { settings } = context;
  const writers = prometheusReplicas(settings).map(
    (host, index) =>
      [
        `otlp_http/metrics-${index}`,
        metricsExporter(`https://${host}:${PART_PORTS.prometheus}/api/v1/otlp`, askingStores()),
      ] as const,
  );
  return {
    extensions: {
      [FILE_STORAGE]: fileStorage(QUEUE_FOLDER),
      health_check: { endpoint: `${OWN_ADDRESS}:${HEALTH_PORT}` },
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `${OWN_ADDRESS}:${PART_PORTS.collector}`, tls: servingServices() },
        },
      },
      prometheus: { config: { scrape_configs: zoneScrapes(context, zone) } },
    },
    processors: { memory_limiter: memoryLimiter(memoryMib), ...SPAN_PROCESSING.processors },
    exporters: {
      'otlp_grpc/traces': {
        endpoint: `dns:///${partHost(settings, 'tempo')}:${PART_PORTS.tempoReceiver}`,
        tls: askingStores(),
        ...patientQueue(),
      },
      ...Object.fromEntries(writers),
    },
    service: {
      extensions: [FILE_STORAGE, 'health_check'],
      telemetry: selfTelemetry(),
      pipelines: {
        traces: pipeline('otlp', SPAN_PROCESSING.order, ['otlp_grpc/traces']),
        metrics: pipeline(
          'prometheus',
          [],
          writers.map(([name]) => name),
        ),
      },
    },
  };
}

/** What every collector says of itself. */
export function selfTelemetry(): object {
  const prometheus = { host: OWN_ADDRESS, port: SELF_METRICS_PORT };
  return {
    logs: { level: 'warn' },
    metrics: { readers: [{ pull: { exporter: { prometheus } } }] },
  };
}

/** What comes in is refused first where there is no memory for it. */
export function pipeline(
  receiver: string,
  processors: readonly string[],
  exporters: readonly string[],
): object {
  return { receivers: [receiver], processors: ['memory_limiter', ...processors], exporters };
}

/** Towards the stores. */
export function askingStores(): object {
  return { ...askingTls(TLS_FOLDER), reload_interval: RELOAD_INTERVAL };
}

/** Towards services: they check its SPIFFE ID, and it that they are of the platform. */
function servingServices(): object {
  return {
    ...servingTls(IDENTITY_FOLDER),
    client_ca_file_reload: true,
    reload_interval: RELOAD_INTERVAL,
    min_version: '1.3',
  };
}
