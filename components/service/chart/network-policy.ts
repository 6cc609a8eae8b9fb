import { k8s } from 'cdk8s-plus-28';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import type { NetworkPeer, NetworkPort } from '../kubernetes/network-peers.ts';

/**
 * Both directions are named, so what no rule allows is denied. A service without peers in one of
 * them has an empty list there.
 */
export function networkPolicySpec({
  labels,
  ingress,
  egress,
}: ChartedService): k8s.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: { ...labels } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: ingress.map((peer) => ({ from: [policyPeer(peer)], ports: peer.ports.map(port) })),
    egress: egress.map((peer) => ({ to: [policyPeer(peer)], ports: peer.ports.map(port) })),
  };
}

function policyPeer({ namespace, labels }: NetworkPeer): k8s.NetworkPolicyPeer {
  return {
    ...(namespace === undefined
      ? {}
      : {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        }),
    podSelector: Object.keys(labels).length === 0 ? {} : { matchLabels: { ...labels } },
  };
}

function port({ protocol, port: number }: NetworkPort): k8s.NetworkPolicyPort {
  return { protocol, port: k8s.IntOrString.fromNumber(number) };
}
