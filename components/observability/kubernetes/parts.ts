import type { Labels } from '../../kubernetes/labels.ts';
import type { PodsSettings } from '../../kubernetes/kubernetes-settings.ts';
import type { PolicyPeer } from '../../kubernetes/network-policy.ts';

/** What receives, keeps, shows and tells, by the name of its release, of its Service and of its pods. */
export const TELEMETRY_PARTS = [
  'collector',
  'node-logs',
  'prometheus',
  'alertmanager',
  'loki',
  'tempo',
  'grafana',
] as const;

export type TelemetryPart = (typeof TELEMETRY_PARTS)[number];

/** Label of the pods of a part: charts have labels of their own each, and this one in common. */
const PART_LABEL = 'meridian/telemetry';

/** Which pods are those of a part. */
export function partPods(part: TelemetryPart): Labels {
  return { [PART_LABEL]: part };
}

/** Where the parts accept. */
export const PART_PORTS = {
  /** OTLP over gRPC, from services. */
  collector: 4_317,
  prometheus: 9_090,
  alertmanager: 9_093,
  loki: 3_100,
  /** Queries. */
  tempo: 3_200,
  /** OTLP over gRPC, from the collectors. */
  tempoReceiver: 4_317,
  grafana: 3_000,
} as const;

/** In which namespace a part runs: what reads files of its node is in one of its own. */
export function partNamespace(
  { namespaces }: Pick<PodsSettings, 'namespaces'>,
  part: TelemetryPart,
): string {
  return part === 'node-logs' ? namespaces.nodeLogs : namespaces.observability;
}

/** A part as a peer of a NetworkPolicy. */
export function partPeer(
  settings: Pick<PodsSettings, 'namespaces'>,
  part: TelemetryPart,
): PolicyPeer {
  return { namespace: partNamespace(settings, part), pods: partPods(part) };
}

/** Name of a part in the cluster's DNS. */
export function partHost(
  settings: Pick<PodsSettings, 'namespaces' | 'clusterDomain'>,
  part: TelemetryPart,
): string {
  return `${part}.${partNamespace(settings, part)}.svc.${settings.clusterDomain}`;
}

/** Replicas of what keeps: one in each of two zones, and what asks is told by either. */
export const PROMETHEUS_REPLICAS = 2;

/** Names of the replicas of a part whose Service without an address is `<part>-headless`. */
export function partReplicas(
  settings: Pick<PodsSettings, 'namespaces' | 'clusterDomain'>,
  part: TelemetryPart,
  count: number,
): readonly string[] {
  const host = `${part}-headless.${partNamespace(settings, part)}.svc.${settings.clusterDomain}`;
  return Array.from({ length: count }, (_, index) => `${part}-${index}.${host}`);
}

/** Names of Prometheus' replicas, each of which is written to. */
export function prometheusReplicas(
  settings: Pick<PodsSettings, 'namespaces' | 'clusterDomain'>,
): readonly string[] {
  return partReplicas(settings, 'prometheus', PROMETHEUS_REPLICAS);
}

/** Replicas of what agrees by majority. */
export const QUORUM_REPLICAS = 3;

/** Where KEDA, Argo Rollouts and Grafana ask. */
export function prometheusUrl(
  settings: Pick<PodsSettings, 'namespaces' | 'clusterDomain'>,
): string {
  return `https://${partHost(settings, 'prometheus')}:${PART_PORTS.prometheus}`;
}
