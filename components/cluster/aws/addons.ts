import type { AwsSettings } from '../../aws/aws-settings.ts';

/** The add-ons of EKS that the platform stands on. */
const ADDONS = [
  'aws-ebs-csi-driver',
  'coredns',
  'eks-pod-identity-agent',
  'kube-proxy',
  'metrics-server',
  'vpc-cni',
] as const;

/** As EKS names it. */
export type AddonName = (typeof ADDONS)[number];

/**
 * Versions of add-ons by the minor version of Kubernetes. Those of 1.36 ran together on a cluster of 24 September 2026, as its
 * owners published it. Those of 1.35 were published for it in that summer, by more than one owner: nobody has shown that they ran
 * together. AWS has no list outside of an account; in one, `aws eks describe-addon-versions --kubernetes-version …` says whether
 * it has these.
 */
const VERSIONS: Readonly<Record<string, Readonly<Record<AddonName, string>>>> = {
  '1.35': {
    'aws-ebs-csi-driver': 'v1.63.1-eksbuild.1',
    coredns: 'v1.13.2-eksbuild.11',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
    'kube-proxy': 'v1.35.3-eksbuild.17',
    'metrics-server': 'v0.9.0-eksbuild.5',
    'vpc-cni': 'v1.22.4-eksbuild.3',
  },
  '1.36': {
    'aws-ebs-csi-driver': 'v1.66.0-eksbuild.1',
    coredns: 'v1.14.6-eksbuild.4',
    'eks-pod-identity-agent': 'v1.4.0-eksbuild.2',
    'kube-proxy': 'v1.36.0-eksbuild.25',
    'metrics-server': 'v0.9.0-eksbuild.11',
    'vpc-cni': 'v1.23.1-eksbuild.1',
  },
};

/** Minor versions of Kubernetes that there are add-ons for. */
export const EKS_VERSIONS: readonly string[] = Object.keys(VERSIONS);

/** An add-on as it is installed. */
export interface Addon {
  readonly name: AddonName;
  readonly version: string;
  /** Whether nodes need it to become ready: the others need nodes. */
  readonly before: 'nodes' | 'pods';
  /** What it is told, by its own schema. @default nothing */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** The ServiceAccount that gets a role of AWS. @default none */
  readonly serviceAccount?: string;
}

/** Spreads pods over the zones as everything is; a zone that is away holds none of them back. */
const OVER_ZONES = (labels: Readonly<Record<string, string>>) => [
  {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: labels },
  },
];

/** Every add-on of a cluster, in the order of their names. */
export function addons({ aws, zones }: AwsSettings): readonly Addon[] {
  const versions = VERSIONS[aws.kubernetesVersion];
  if (versions === undefined) throw new Error(`No add-ons for ${aws.kubernetesVersion}`);
  return ADDONS.map((name) => ({
    name,
    version: versions[name],
    ...DECIDED[name],
    ...(name === 'coredns'
      ? {
          configuration: {
            replicaCount: zones.length,
            topologySpreadConstraints: OVER_ZONES({ 'k8s-app': 'kube-dns' }),
          },
        }
      : {}),
  }));
}

const DECIDED: Readonly<Record<AddonName, Omit<Addon, 'name' | 'version'>>> = {
  'aws-ebs-csi-driver': { before: 'pods', serviceAccount: 'ebs-csi-controller-sa' },
  coredns: { before: 'pods' },
  'eks-pod-identity-agent': { before: 'nodes' },
  'kube-proxy': { before: 'nodes' },
  'metrics-server': { before: 'pods' },
  'vpc-cni': {
    before: 'nodes',
    serviceAccount: 'aws-node',
    configuration: {
      enableNetworkPolicy: 'true',
      env: {
        // A pod reaches nothing and is reached by nothing until its policies are in place; by default everything goes until then.
        // Source: Amazon EKS User Guide, "Restrict Pod network traffic with Kubernetes network policies"; aws-network-policy-agent 271
        NETWORK_POLICY_ENFORCING_MODE: 'strict',
        // Sixteen addresses at a time, or a node has room for 29 pods.
        ENABLE_PREFIX_DELEGATION: 'true',
        WARM_PREFIX_TARGET: '1',
      },
    },
  },
};
