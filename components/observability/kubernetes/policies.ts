import type { KubernetesContext, KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { apiServerRule, dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import type { PolicyPeer, PolicyRule } from '../../kubernetes/network-policy.ts';
import { METRICS_PORT } from '../../kubernetes/ports.ts';
import { LOKI_INNER_PORTS } from './loki-chart.ts';
import { SELF_METRICS_PORT } from './collector-configuration.ts';
import { podIdentityRule } from '../../kubernetes/pod-identity-rule.ts';
import { objectStore } from './object-store.ts';
import { partNamespace, partPeer, partPods, PART_PORTS } from './parts.ts';
import type { TelemetryPart } from './parts.ts';
import { cloudScrapes } from './scrapes.ts';
import { TEMPO_INNER_PORTS } from './tempo-chart.ts';
import { operatorScrapes } from './watched-certificates.ts';

/** Where replicas of Alertmanager tell each other whom they have told. */
const ALERTMANAGER_GOSSIP_PORT = 9_094;

/** Of exporters: CloudNativePG's, Strimzi's and Envoy's. */
const ENGINE_METRICS_PORTS = { data: [9_187, 9_404], edge: [19_001] } as const;

/** Networks that are nobody's on the internet (RFC 1918): the pager and the heartbeat are not in them. */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Where KEDA and Argo Rollouts run. */
const ASKING_NAMESPACES = ['keda', 'argo-rollouts'];

interface PartRules {
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
}

/** Who of telemetry reaches whom; whatever else is not said is denied, in both directions. */
export function telemetryPolicies(context: KubernetesLowering): readonly Manifest[] {
  const { settings } = context;
  return Object.entries(rulesByPart(context)).map(([part, rules]) =>
    networkPolicy({
      name: part,
      namespace: partNamespace(settings, part as TelemetryPart),
      pods: partPods(part as TelemetryPart),
      ...rules,
      egress: [dnsRule(settings), ...rules.egress],
    }),
  );
}

/** Peers at ports of TCP. */
function from(peers: readonly PolicyPeer[], ...ports: readonly number[]): PolicyRule {
  return { peers, ports };
}

function rulesByPart(context: KubernetesLowering): Readonly<Record<TelemetryPart, PartRules>> {
  const { settings } = context;
  const peer = (part: TelemetryPart) => partPeer(settings, part);
  const store = toStore(context);
  return {
    collector: collectorRules(context),
    'node-logs': {
      ingress: [from([peer('collector')], SELF_METRICS_PORT)],
      egress: [from([peer('loki')], PART_PORTS.loki)],
    },
    prometheus: prometheusRules(context),
    alertmanager: alertmanagerRules(peer),
    loki: {
      ingress: [
        from([peer('node-logs'), peer('grafana'), peer('collector')], PART_PORTS.loki),
        between(peer('loki'), LOKI_INNER_PORTS),
      ],
      egress: [between(peer('loki'), LOKI_INNER_PORTS), ...store],
    },
    tempo: {
      ingress: [
        from([peer('collector')], PART_PORTS.tempoReceiver),
        from([peer('grafana'), peer('collector')], PART_PORTS.tempo),
        between(peer('tempo'), TEMPO_INNER_PORTS),
      ],
      egress: [between(peer('tempo'), TEMPO_INNER_PORTS), ...store],
    },
    grafana: {
      // People come by the API server (kubectl port-forward), which no policy sees.
      ingress: [from([peer('collector')], PART_PORTS.grafana)],
      egress: [
        from([peer('prometheus')], PART_PORTS.prometheus),
        from([peer('loki')], PART_PORTS.loki),
        from([peer('tempo')], PART_PORTS.tempo),
      ],
    },
  };
}

/** Spans come in; metrics are fetched from services, engines and the other parts. */
function collectorRules(context: KubernetesLowering): PartRules {
  const { graph, settings } = context;
  const { edge, data } = settings.namespaces;
  const services: PolicyPeer = { namespace: graph.namespace, pods: {} };
  return {
    ingress: [
      from([services], PART_PORTS.collector),
      from([partPeer(settings, 'prometheus')], SELF_METRICS_PORT),
    ],
    egress: [
      from([services], METRICS_PORT),
      from([{ namespace: data, pods: {} }], ...ENGINE_METRICS_PORTS.data),
      from([{ namespace: edge, pods: {} }], ...ENGINE_METRICS_PORTS.edge),
      from([partPeer(settings, 'prometheus')], PART_PORTS.prometheus),
      from([partPeer(settings, 'tempo')], PART_PORTS.tempoReceiver, PART_PORTS.tempo),
      from([partPeer(settings, 'loki')], PART_PORTS.loki),
      from([partPeer(settings, 'grafana')], PART_PORTS.grafana),
      from([partPeer(settings, 'node-logs')], SELF_METRICS_PORT),
      ...[...operatorScrapes(context), ...cloudScrapes(context)].map(({ namespace, pods, port }) =>
        from([{ namespace, pods }], port.number),
      ),
      apiServerRule(settings),
    ],
  };
}

/** Collectors write; people, what scales and what promotes ask. */
function prometheusRules({ settings }: KubernetesContext): PartRules {
  const parts = (['collector', 'grafana', 'prometheus'] as const).map((part) =>
    partPeer(settings, part),
  );
  const others = ASKING_NAMESPACES.map((namespace) => ({ namespace, pods: {} }));
  return {
    ingress: [from([...parts, ...others], PART_PORTS.prometheus)],
    egress: [
      from([partPeer(settings, 'alertmanager')], PART_PORTS.alertmanager),
      from([partPeer(settings, 'prometheus')], PART_PORTS.prometheus),
      from([partPeer(settings, 'collector')], SELF_METRICS_PORT),
    ],
  };
}

/** Among themselves by TCP and UDP, and to the pager and the heartbeat. */
function alertmanagerRules(peer: (part: TelemetryPart) => PolicyPeer): PartRules {
  const gossip = {
    ...from([peer('alertmanager')], ALERTMANAGER_GOSSIP_PORT),
    udpPorts: [ALERTMANAGER_GOSSIP_PORT],
  };
  return {
    ingress: [from([peer('prometheus')], PART_PORTS.alertmanager), gossip],
    egress: [gossip, from([{ network: '0.0.0.0/0', except: PRIVATE_NETWORKS }], 443)],
  };
}

/** Replicas of a part among themselves; memberlist gossips by TCP, and by UDP where it can. */
function between(
  peer: PolicyPeer,
  { gossip, grpc }: { readonly gossip: number; readonly grpc: number },
): PolicyRule {
  return { peers: [peer], ports: [gossip, grpc], udpPorts: [gossip] };
}

/** To the object store: none where nobody has said where it is. */
function toStore(context: KubernetesContext): readonly PolicyRule[] {
  const { uri, networks, secret } = objectStore(context);
  const { port } = new URL(uri);
  if (networks.length === 0) return [];
  return [
    {
      peers: networks.map((network) => ({ network })),
      ports: [port === '' ? 443 : Number(port)],
    },
    // Whose role says who comes asks its node for it.
    ...(secret === undefined ? [podIdentityRule()] : []),
  ];
}
