import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { INetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer';
import type { KubernetesSettings } from './kubernetes-settings.ts';
import type { Labels } from './labels.ts';
import type { Manifest } from './manifest.ts';

/** Pods, or addresses outside of every pod network. */
export type PolicyPeer =
  | {
      /** @default the namespace of the policy */
      readonly namespace?: string;
      /** Every pod of the namespace where it is empty. */
      readonly pods: Labels;
    }
  | { /** In CIDR notation. */ readonly network: string };

/** Who may connect, at which ports of the accepting end. */
export interface PolicyRule {
  readonly peers: readonly PolicyPeer[];
  /** TCP. */
  readonly ports: readonly number[];
  /** @default none */
  readonly udpPorts?: readonly number[];
}

/** For which pods, and what is allowed; nothing else is, in either direction. */
export interface NetworkPolicyProps {
  readonly name: string;
  readonly namespace: string;
  readonly pods: Labels;
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
}

/** A NetworkPolicy in both directions. */
export function networkPolicy(props: NetworkPolicyProps): Manifest {
  const { name, namespace, pods, ingress, egress } = props;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: { ...pods } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: ingress.map((rule) => ({ from: rule.peers.map(peer), ports: ports(rule) })),
      egress: egress.map((rule) => ({ to: rule.peers.map(peer), ports: ports(rule) })),
    },
  } satisfies INetworkPolicy;
}

/** The cluster's DNS. */
export function dnsRule({ namespaces }: KubernetesSettings): PolicyRule {
  const pods = { 'k8s-app': 'kube-dns' };
  return { peers: [{ namespace: namespaces.dns, pods }], ports: [53], udpPorts: [53] };
}

/** The API server, which is not a pod. */
export function apiServerRule({ apiServer }: KubernetesSettings): PolicyRule {
  return { peers: [{ network: apiServer.network }], ports: apiServer.ports };
}

function peer(given: PolicyPeer): INetworkPolicyPeer {
  if ('network' in given) return { ipBlock: { cidr: given.network } };
  const { namespace, pods } = given;
  return {
    ...(namespace === undefined
      ? {}
      : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }),
    podSelector: Object.keys(pods).length === 0 ? {} : { matchLabels: { ...pods } },
  };
}

function ports({ ports: tcp, udpPorts = [] }: PolicyRule) {
  return [
    ...udpPorts.map((port) => ({ protocol: 'UDP' as const, port })),
    ...tcp.map((port) => ({ protocol: 'TCP' as const, port })),
  ];
}
