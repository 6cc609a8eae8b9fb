import { k8s as constructs } from 'cdk8s-plus-28';
import type * as k8s from './k8s.ts';
import type { PodsSettings } from './kubernetes-settings.ts';
import type { Labels } from './labels.ts';

/** Pods, or addresses outside of every pod network. */
export type PolicyPeer =
  | {
      /** @default the namespace of the policy */
      readonly namespace?: string;
      /** Every pod of the namespace where it is empty. */
      readonly pods: Labels;
    }
  | {
      /** In CIDR notation. */
      readonly network: string;
      /** Networks within it that are not meant. */
      readonly except?: readonly string[];
    };

/** Who may connect, at which ports of the accepting end. */
export interface PolicyRule {
  /** Anybody where it is empty, who need not be a pod nor have an address that a policy may name. */
  readonly peers: readonly PolicyPeer[];
  /** TCP. */
  readonly ports: readonly number[];
  /** @default none */
  readonly udpPorts?: readonly number[];
}

/** For which pods, and what is allowed; nothing else is, in either direction. */
export interface PolicyProps {
  readonly pods: Labels;
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
}

/** The same with the name and place of an object. */
export interface NetworkPolicyProps extends PolicyProps {
  readonly name: string;
  readonly namespace: string;
}

/** What is said of a policy besides what it allows. */
export type PolicyMetadata = Pick<k8s.NamedMeta, 'name' | 'namespace' | 'labels'>;

/**
 * Both directions are named, so what no rule allows is denied; one without rules has an empty list. The construct is of
 * Kubernetes 1.28, and a NetworkPolicy has got no property since: a test compares the two.
 */
export function policyObject(metadata: PolicyMetadata, props: PolicyProps): k8s.NetworkPolicy {
  const { pods, ingress, egress } = props;
  const spec: constructs.NetworkPolicySpec = {
    podSelector: { matchLabels: { ...pods } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: ingress.map((rule) => ({ from: rule.peers.map(peer), ports: ports(rule) })),
    egress: egress.map((rule) => ({ to: rule.peers.map(peer), ports: ports(rule) })),
  };
  return constructs.KubeNetworkPolicy.manifest({ metadata, spec }) as k8s.NetworkPolicy;
}

/** A NetworkPolicy in both directions. */
export function networkPolicy({
  name,
  namespace,
  ...props
}: NetworkPolicyProps): k8s.NetworkPolicy {
  return policyObject({ name, namespace }, props);
}

/** The cluster's DNS: its pods, and what answers before them on each node. */
export function dnsRule({ dns }: Pick<PodsSettings, 'dns'>): PolicyRule {
  const pods = dns.pods.map(({ namespace, labels }): PolicyPeer => ({ namespace, pods: labels }));
  const networks = dns.networks.map((network): PolicyPeer => ({ network }));
  return { peers: [...pods, ...networks], ports: dns.ports, udpPorts: dns.ports };
}

/** The API server, which is not a pod: some networks know it by no address at all. */
export function apiServerRule({ apiServer }: Pick<PodsSettings, 'apiServer'>): PolicyRule {
  const { networks, ports } = apiServer;
  return { peers: networks.map((network) => ({ network })), ports };
}

function peer(given: PolicyPeer): constructs.NetworkPolicyPeer {
  if ('network' in given) {
    const { network: cidr, except = [] } = given;
    return { ipBlock: { cidr, ...(except.length === 0 ? {} : { except: [...except] }) } };
  }
  const { namespace, pods } = given;
  return {
    ...(namespace === undefined
      ? {}
      : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }),
    podSelector: Object.keys(pods).length === 0 ? {} : { matchLabels: { ...pods } },
  };
}

/** UDP first, as DNS is asked. */
function ports({ ports: tcp, udpPorts = [] }: PolicyRule): constructs.NetworkPolicyPort[] {
  const portOf = (protocol: string) => (port: number) => ({
    protocol,
    port: constructs.IntOrString.fromNumber(port),
  });
  return [...udpPorts.map(portOf('UDP')), ...tcp.map(portOf('TCP'))];
}
