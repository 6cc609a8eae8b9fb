import type { AwsSettings } from '../../aws/aws-settings.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { apiServerRule, dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import type { PolicyRule } from '../../kubernetes/network-policy.ts';
import { podIdentityRule } from '../../kubernetes/pod-identity-rule.ts';
import { installedHere, operators } from '../operators.ts';

/*
 * In strict mode a pod without a policy is cut off for ever, so what AWS and others install needs policies too
 * (aws-network-policy-agent 288). They are NetworkPolicies: pods that only a ClusterNetworkPolicy is about lose their
 * probes (635). Pods in the network of their node, such as kube-proxy, aws-node and the agent of Pod Identity, are under none.
 */

const SYSTEM = 'kube-system';
const DNS = 53;
const HTTPS = 443;

/** Where the resolver of a VPC answers, besides its second address. Source: Amazon VPC User Guide, "Amazon DNS server" */
const RESOLVER = '169.254.169.253/32';

/** Where metrics-server is asked, and where it asks kubelets. */
const METRICS_PORT = 10_251;
const KUBELET_PORT = 10_250;

/** Anybody of the network, at any port. */
const inside = ({ aws }: AwsSettings): PolicyRule => ({
  peers: [{ network: aws.network.cidr }],
  ports: [],
});

/** Policies of what EKS' add-ons run. They are there before the add-ons, or these would never become ready. */
export function systemPolicies(settings: AwsSettings): readonly Manifest[] {
  const network = { network: settings.aws.network.cidr };
  const policy = (
    name: string,
    pods: Readonly<Record<string, string>>,
    rules: { readonly ingress: readonly PolicyRule[]; readonly egress: readonly PolicyRule[] },
  ): Manifest =>
    networkPolicy({
      name,
      namespace: SYSTEM,
      pods,
      ...rules,
      egress: [apiServerRule(settings), ...rules.egress],
    });
  return [
    policy(
      'coredns',
      { 'k8s-app': 'kube-dns' },
      {
        ingress: [{ peers: [network], ports: [DNS], udpPorts: [DNS] }],
        egress: [{ peers: [network, { network: RESOLVER }], ports: [DNS], udpPorts: [DNS] }],
      },
    ),
    policy(
      'ebs-csi-controller',
      { app: 'ebs-csi-controller' },
      {
        ingress: [],
        // AWS has no addresses that a policy could name.
        egress: [dnsRule(settings), podIdentityRule(), { peers: [], ports: [HTTPS] }],
      },
    ),
    // Which node it is on it asks the API server, as metadata of EC2 answer no pod (one hop), and nobody else: in a network of its
    // own since 1.1.0 (aws-ebs-csi-driver 821, 2031; charts/aws-ebs-csi-driver 2.64.0, values.yaml, node.hostNetwork).
    policy('ebs-csi-node', { app: 'ebs-csi-node' }, { ingress: [], egress: [dnsRule(settings)] }),
    policy(
      'metrics-server',
      { 'app.kubernetes.io/name': 'metrics-server' },
      {
        ingress: [{ peers: [network], ports: [METRICS_PORT] }],
        egress: [dnsRule(settings), { peers: [network], ports: [KUBELET_PORT] }],
      },
    ),
  ];
}

/** Pods of a namespace that operators share with others, who have policies of their own. */
const SHARED: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  // Source: Envoy Gateway 1.9.1, charts/gateway-helm/templates/{envoy-gateway-deployment,certgen}.yaml
  'envoy-gateway': [{ 'control-plane': 'envoy-gateway' }, { app: 'certgen' }],
};

/**
 * Policies of the operators: whom they talk to is for them to say, so inside the network they are open and outwards too, as in any
 * cluster that has no strict mode. What they watch over, services and engines, is as closed as everywhere.
 */
export function operatorPolicies(
  context: KubernetesLowering,
  settings: AwsSettings,
): readonly Manifest[] {
  const installed = installedHere(context, operators(context)).map(({ chart }) => chart);
  const pods = new Map(
    installed.map(({ name, namespace }) => [namespace, SHARED[name] ?? [{}]] as const),
  );
  return [...pods].flatMap(([namespace, selectors]) =>
    selectors.map((labels) =>
      networkPolicy({
        name: ['operator', ...Object.values(labels)].join('-'),
        namespace,
        pods: labels,
        ingress: [inside(settings)],
        egress: [{ peers: [], ports: [] }],
      }),
    ),
  );
}
