import type { WatchedCloud } from '../../kubernetes/engine.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { KubernetesZone } from '../../kubernetes/kubernetes-settings.ts';
import { METRICS_PORT_NAME } from '../../kubernetes/ports.ts';
import type { Labels } from '../../kubernetes/labels.ts';
import { selectorLabels } from '../../kubernetes/labels.ts';
import { SCRAPE_INTERVAL_SECONDS } from '../defaults.ts';
import { RELEASE_LABEL } from '../rules/promql.ts';
import { ENGINE_METRICS_PROCESS } from '../engines/monitor.ts';
import { PROBE } from '../probes.ts';
import { telemetryName } from '../telemetry-names.ts';
import { partScrapes } from './part-scrapes.ts';
import { watchedCloudOf } from './watched-cloud.ts';
import { operatorScrapes } from './watched-certificates.ts';
import { askingTls, IDENTITY_FOLDER, TLS_FOLDER, tlsFiles } from './placement.ts';

/** Pods of a job, and how they are asked. */
interface ScrapeProps {
  readonly job: string;
  readonly namespace: string;
  readonly pods: Labels;
  /** Name of the container's port. */
  readonly port: string;
  /** In words of Prometheus' scrape_config. */
  readonly asked: object;
  /** Names of the metrics that are kept, as RE2 of the whole name. @default all */
  readonly kept?: string;
}

/**
 * All that is asked for its metrics in a zone: services, what watches and what keeps telemetry over mutual TLS, engines by
 * their exporters, operators of what alerts read, and what says of a cloud what that says of its engines.
 */
export function zoneScrapes(context: KubernetesLowering, zone: KubernetesZone): readonly object[] {
  const { graph, settings } = context;
  return [
    ...[...graph.services.map(({ name }) => name), PROBE, ENGINE_METRICS_PROCESS].map((name) => ({
      job: name,
      namespace: graph.namespace,
      pods: selectorLabels(graph, name),
      port: METRICS_PORT_NAME,
      asked: { scheme: 'https', tls_config: serviceTls(name) },
    })),
    ...context.engines
      .flatMap(({ scrape: ofEngine }) => ofEngine?.(context) ?? [])
      .map((engine) => ({ ...engine, namespace: settings.namespaces.data, asked: {} })),
    {
      job: 'envoy',
      namespace: settings.namespaces.edge,
      pods: { 'gateway.envoyproxy.io/owning-gateway-name': graph.name },
      port: 'metrics',
      asked: { metrics_path: '/stats/prometheus' },
    },
    ...[...operatorScrapes(context), ...cloudScrapes(context)].map(({ port, kept, ...asked }) => ({
      ...asked,
      port: port.name,
      kept: kept.join('|'),
      asked: {},
    })),
    ...partScrapes(settings),
  ].map((props: ScrapeProps) => scrape(zone, props));
}

/** How what tells of a cloud's own engines is asked. */
export function cloudScrapes(context: KubernetesLowering): readonly WatchedCloud['scrape'][] {
  return [watchedCloudOf(context)?.scrape ?? []].flat();
}

/** The authority of telemetry signed the server, and services know the collector by its SPIFFE ID. */
function serviceTls(service: string): object {
  return {
    ...askingTls(IDENTITY_FOLDER),
    ca_file: tlsFiles(TLS_FOLDER).ca,
    server_name: telemetryName(service),
    min_version: 'TLS13',
  };
}

/**
 * A pod counts from when its containers may run until they end: one that is not ready is seen too, and one
 * that ended is not missed for ever.
 */
function scrape(
  { name: zone, topologyZone }: KubernetesZone,
  { job, namespace, pods, port, asked, kept }: ScrapeProps,
): object {
  const label = Object.entries(pods)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  return {
    job_name: job,
    scrape_interval: `${SCRAPE_INTERVAL_SECONDS}s`,
    ...asked,
    kubernetes_sd_configs: [
      {
        role: 'pod',
        namespaces: { names: [namespace] },
        selectors: [{ role: 'pod', label }],
        // A pod does not know its zone; its node does.
        attach_metadata: { node: true },
      },
    ],
    relabel_configs: [
      keep('node_label_topology_kubernetes_io_zone', asPattern(topologyZone)),
      keep('pod_container_port_name', port),
      keep('pod_phase', 'Running'),
      copy('pod_name', 'instance'),
      // As the platform names it, and rules do.
      { target_label: 'zone', replacement: zone },
      copy('namespace', 'namespace'),
      copy('pod_label_rollouts_pod_template_hash', RELEASE_LABEL),
    ],
    ...(kept === undefined
      ? {}
      : {
          metric_relabel_configs: [{ action: 'keep', source_labels: ['__name__'], regex: kept }],
        }),
  };
}

/** The pattern that this value of a label alone matches: of what a label may hold, only a dot means something else. */
function asPattern(labelValue: string): string {
  return labelValue.replaceAll('.', '[.]');
}

function keep(source: string, regex: string): object {
  return { action: 'keep', source_labels: [`__meta_kubernetes_${source}`], regex };
}

function copy(source: string, target: string): object {
  return { source_labels: [`__meta_kubernetes_${source}`], target_label: target };
}
