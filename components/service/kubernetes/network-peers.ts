import { CLIENTS_PORT, STRIMZI_CLUSTER_LABEL } from '../../kafka/strimzi.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { selectorLabels } from '../../kubernetes/labels.ts';
import type { Labels } from '../../kubernetes/labels.ts';
import { OPS_PORT, SERVICE_PORT } from '../../kubernetes/ports.ts';
import { calleesOf } from '../../model/call-order.ts';
import { topicGrants } from '../../model/grants.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { sortedUnique } from '../../model/order.ts';
import type { Store } from '../../model/store.ts';
import { ECK_CLUSTER_LABEL, HTTP_PORT } from '../../search/eck.ts';

/** Pods that a connection may come from or go to. */
export interface NetworkPeer {
  /** @default the namespace of the platform */
  readonly namespace?: string;
  /** Every pod of the namespace where it is empty. */
  readonly labels: Labels;
  readonly ports: readonly NetworkPort[];
}

/** A port at the end that accepts. */
export interface NetworkPort {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** What engines a service can use; Kafka is not a store, but has an address all the same. */
type EngineName = Store['kind'] | 'kafka';

/** Port and pods of each engine, by the labels that its operator gives them. */
const ENGINES: Readonly<
  Record<EngineName, (platform: string) => { readonly port: number; readonly labels: Labels }>
> = {
  // CloudNativePG.
  postgres: (platform) => ({ port: 5_432, labels: { 'cnpg.io/cluster': platform } }),
  redis: (platform) => ({
    port: 6_379,
    labels: { 'app.kubernetes.io/name': 'redis', 'app.kubernetes.io/part-of': platform },
  }),
  // ECK.
  elasticsearch: (platform) => ({ port: HTTP_PORT, labels: { [ECK_CLUSTER_LABEL]: platform } }),
  // Strimzi's listener for clients with certificates.
  kafka: (platform) => ({ port: CLIENTS_PORT, labels: { [STRIMZI_CLUSTER_LABEL]: platform } }),
};

/** Who may connect to a pod of a service: its declared callers, and the scraper of its metrics. */
export function ingressPeers(
  { graph, settings }: KubernetesContext,
  service: ServiceNode,
): readonly NetworkPeer[] {
  const { edge, observability } = settings.namespaces;
  const callers = sortedUnique(
    graph.calls.filter(({ to }) => to === service.name).map(({ from }) => from),
  );
  const served = tcp(SERVICE_PORT);
  return [
    ...(service.exposure === 'edge' ? [{ namespace: edge, labels: {}, ports: served }] : []),
    ...callers.map((caller) => ({ labels: selectorLabels(graph, caller), ports: served })),
    { namespace: observability, labels: {}, ports: tcp(OPS_PORT) },
  ];
}

/** Where a pod of a service may connect to: what it declares, and the cluster's DNS. */
export function egressPeers(
  { graph, settings }: KubernetesContext,
  service: ServiceNode,
): readonly NetworkPeer[] {
  const { data, dns } = settings.namespaces;
  return [
    {
      namespace: dns,
      labels: { 'k8s-app': 'kube-dns' },
      ports: [
        { protocol: 'UDP', port: 53 },
        { protocol: 'TCP', port: 53 },
      ],
    },
    ...sortedUnique(calleesOf(graph, service.name)).map((callee) => ({
      labels: selectorLabels(graph, callee),
      ports: tcp(SERVICE_PORT),
    })),
    ...enginesOf(graph, service).map((engine) => {
      const { port, labels } = ENGINES[engine](graph.name);
      return { namespace: data, labels, ports: tcp(port) };
    }),
  ];
}

/** The engines that a service is bound to, sorted. */
export function enginesOf(graph: PlatformGraph, service: ServiceNode): readonly EngineName[] {
  const usesKafka = topicGrants(graph).some(({ principal }) => principal === service.name);
  const engines = [...service.stores.map(({ kind }) => kind), ...(usesKafka ? ['kafka'] : [])];
  return sortedUnique(engines) as EngineName[];
}

function tcp(port: number): readonly NetworkPort[] {
  return [{ protocol: 'TCP', port }];
}
