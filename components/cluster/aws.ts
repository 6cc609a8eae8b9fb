import { eks, kms } from '@pulumi/aws';
import { Provider } from '@pulumi/kubernetes';
import { interpolate, mergeOptions, output } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output, Resource } from '@pulumi/pulumi';
import { boundaryArn, clusterNameOf } from '../aws/account-names.ts';
import type { AwsSettings, ExistingCluster } from '../aws/aws-settings.ts';
import { declareKey } from '../aws/key.ts';
import { TRUST_OF_PODS } from '../aws/policy-document.ts';
import { declareRole } from '../aws/role.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import type { NounLanding } from '../noun-landing.ts';
import { addons } from './aws/addons.ts';
import type { Addon } from './aws/addons.ts';
import {
  balancerController,
  balancerControllerSteps,
  declareControllerAccess,
  withReadinessGates,
} from './aws/balancer-controller.ts';
import type { BalancerController } from './aws/balancer-controller.ts';
import { controlPlane, declareControlPlane } from './aws/control-plane.ts';
import type { ControlPlane } from './aws/control-plane.ts';
import { declareNodes, nodes } from './aws/nodes.ts';
import type { AwsNodes } from './aws/nodes.ts';
import { operatorPolicies, systemPolicies } from './aws/system-policies.ts';
import { clusterVolumes, storageClass, useOfKey } from './aws/volumes.ts';
import type { ClusterVolumes } from './aws/volumes.ts';
import type { ClusterLanding } from './cluster.ts';
import { lowerCluster as lowerAnyCluster } from './kubernetes.ts';
import type { KubernetesCluster } from './kubernetes.ts';

/** A cluster that the program makes. */
export interface MadeCluster {
  readonly controlPlane: ControlPlane;
  readonly nodes: AwsNodes;
  readonly addons: readonly Addon[];
  readonly volumes: ClusterVolumes;
}

/** EKS, and what the platform has in any cluster. */
export interface AwsCluster extends KubernetesCluster {
  readonly region: string;
  readonly boundary: string;
  /** What is made, or the cluster that is there with all that is under pods. */
  readonly eks: MadeCluster | { readonly existing: ExistingCluster; readonly arn: string };
  readonly balancerController: BalancerController;
}

/** Policies of AWS that pods of add-ons get, by their ServiceAccount. */
const POLICIES_OF_PODS: Readonly<Record<string, string>> = {
  'aws-node': 'AmazonEKS_CNI_Policy',
  // Volumes of this cluster alone, by the tag that Pod Identity puts on the session.
  'ebs-csi-controller-sa': 'AmazonEBSCSIDriverEKSClusterScopedPolicy',
};

/**
 * Makes the cluster in the order in which its parts need each other, for an upgrade too: control plane, what is under every pod,
 * nodes zone by zone, and what runs on nodes.
 */
function landCluster({ eks: made, ...lowered }: AwsCluster): ClusterLanding {
  return 'existing' in made ? landExisting(lowered, made) : landMade(lowered, made);
}

/** What both have. */
type AnyCluster = Omit<AwsCluster, 'eks'>;

/** Puts what the platform needs into a cluster that is there. */
function landExisting(
  lowered: AnyCluster,
  { existing, arn }: { readonly existing: ExistingCluster; readonly arn: string },
): ClusterLanding {
  return (parent, name) => {
    const options = { parent };
    const { endpoint, certificateAuthority: authority } = existing;
    const cluster = { name: existing.name, endpoint, certificateAuthority: { data: authority } };
    const provider = new Provider(
      name,
      { clusterIdentifier: arn, kubeconfig: kubeconfigOf(cluster, lowered.region) },
      options,
    );
    const access = declareControllerAccess(
      name,
      existing.name,
      lowered.balancerController,
      lowered.boundary,
      options,
    );
    declarePart({ steps: lowered.steps }, { parent, dependsOn: [...access], provider });
    return {
      cloud: { name: output(existing.name), securityGroup: output(existing.securityGroupId) },
      providers: [provider],
    };
  };
}

function landMade(lowered: AnyCluster, eksCluster: MadeCluster): ClusterLanding {
  return (parent, name, { network }) => {
    const options = { parent };
    const { ofCloud } = network;
    const plane = eksCluster.controlPlane;
    const { cluster, access } = declareControlPlane(
      name,
      Object.values(ofCloud.subnets.private),
      plane,
      options,
    );
    const provider = new Provider(
      name,
      { clusterIdentifier: cluster.arn, kubeconfig: kubeconfigOf(cluster, lowered.region) },
      { ...options, dependsOn: [...access] },
    );
    const key = declareKey(`${name}-volumes`, eksCluster.volumes.key, options);
    const alias = new kms.Alias(
      `${name}-volumes`,
      { name: eksCluster.volumes.alias, targetKeyId: key.keyId },
      options,
    );
    const [system = {}, ...others] = lowered.steps;
    const early = declarePart({ steps: [system] }, { parent, dependsOn: [alias], provider });
    const install = (before: Addon['before'], dependsOn: readonly Resource[]): Resource[] =>
      eksCluster.addons
        .filter((addon) => addon.before === before)
        .map((addon) =>
          declareAddon(
            { name, clusterName: cluster.name, boundary: lowered.boundary, volumes: key.arn },
            addon,
            { ...options, dependsOn: [...dependsOn] },
          ),
        );
    const groups = declareNodes(
      {
        name,
        clusterName: cluster.name,
        version: plane.version,
        subnets: ofCloud.subnets.private,
      },
      eksCluster.nodes,
      { ...options, dependsOn: [...install('nodes', early), ...ofCloud.ways.private] },
    );
    const running = [
      ...install('pods', groups),
      ...declareControllerAccess(
        name,
        cluster.name,
        lowered.balancerController,
        lowered.boundary,
        options,
      ),
    ];
    declarePart({ steps: others }, { parent, dependsOn: running, provider });
    return {
      cloud: { name: cluster.name, securityGroup: cluster.vpcConfig.clusterSecurityGroupId },
      providers: [provider],
    };
  };
}

/** As `aws eks update-kubeconfig` writes it: no credential is in it, whoever uses it proves who they are to AWS. */
function kubeconfigOf(
  cluster: {
    readonly name: Input<string>;
    readonly endpoint: Input<string>;
    readonly certificateAuthority: Input<{ readonly data: string }>;
  },
  region: string,
): Output<string> {
  const authority = output(cluster.certificateAuthority).data;
  return interpolate`{"apiVersion":"v1","kind":"Config","current-context":"eks","contexts":[{"name":"eks","context":{"cluster":"eks","user":"eks"}}],"clusters":[{"name":"eks","cluster":{"server":"${cluster.endpoint}","certificate-authority-data":"${authority}"}}],"users":[{"name":"eks","user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"aws","args":["eks","get-token","--region","${region}","--cluster-name","${cluster.name}"],"interactiveMode":"Never"}}}]}`;
}

interface AddonPlace {
  readonly name: string;
  readonly clusterName: Output<string>;
  readonly boundary: string;
  /** The key that encrypts volumes. */
  readonly volumes: Output<string>;
}

function declareAddon(
  { name, clusterName, boundary, volumes }: AddonPlace,
  addon: Addon,
  options: CustomResourceOptions & { readonly dependsOn: readonly Resource[] },
): Resource {
  const { serviceAccount, configuration } = addon;
  const roles = serviceAccount === undefined ? [] : [roleOfPods(serviceAccount)];
  return new eks.Addon(
    `${name}-${addon.name}`,
    {
      clusterName,
      addonName: addon.name,
      addonVersion: addon.version,
      resolveConflictsOnCreate: 'OVERWRITE',
      // What somebody changed by hand is put back: the program is where it is said.
      resolveConflictsOnUpdate: 'OVERWRITE',
      ...(configuration === undefined
        ? {}
        : { configurationValues: JSON.stringify(configuration) }),
      podIdentityAssociations: roles.map(({ account, role }) => ({
        serviceAccount: account,
        roleArn: role.role.arn,
      })),
    },
    mergeOptions(options, { dependsOn: roles.flatMap(({ role }) => role.complete) }),
  );

  function roleOfPods(account: string) {
    const managed = POLICIES_OF_PODS[account];
    if (managed === undefined) throw new Error(`No policy for ServiceAccount ${account}`);
    const policy: Input<string> | undefined =
      addon.name === 'aws-ebs-csi-driver'
        ? volumes.apply((arn) => JSON.stringify(useOfKey(arn)))
        : undefined;
    return {
      account,
      role: declareRole(
        `${name}-${addon.name}`,
        { trust: TRUST_OF_PODS, boundary, managed: [managed] },
        options,
        policy,
      ),
    };
  }
}

function lowerCluster(context: KubernetesLowering, settings: AwsSettings): AwsCluster {
  const { aws, environment } = settings;
  const { existingCluster: existing } = aws;
  const { steps, ...any } = lowerAnyCluster(context);
  const [namespaces = {}, ...others] = steps;
  const name = existing?.name ?? clusterNameOf(context.graph.name, environment);
  const cluster =
    existing === undefined
      ? madeCluster(context, settings)
      : { existing, arn: `arn:aws:eks:${aws.region}:${aws.account}:cluster/${name}` };
  return {
    ...any,
    region: aws.region,
    boundary: boundaryArn({ account: aws.account, environment }),
    balancerController: balancerController(settings),
    eks: cluster,
    steps: [
      // Of a cluster that is there its owner says what volumes are like, and who reaches what is the system's.
      ...('existing' in cluster
        ? []
        : [{ manifests: [storageClass(settings, cluster.volumes), ...systemPolicies(settings)] }]),
      withReadinessGates(namespaces, settings.namespaces.edge),
      { manifests: operatorPolicies(context, settings) },
      ...others,
      ...balancerControllerSteps(context, settings, name),
    ],
  };
}

function madeCluster({ graph }: KubernetesLowering, settings: AwsSettings): MadeCluster {
  return {
    controlPlane: controlPlane(settings, graph.name),
    nodes: nodes(settings),
    addons: addons(settings),
    volumes: clusterVolumes(settings),
  };
}

/** The cluster of a stack in an account of AWS. */
export function awsCluster(
  settings: AwsSettings,
): NounLanding<KubernetesLowering, AwsCluster, unknown, ClusterLanding> {
  return { lower: (context) => lowerCluster(context, settings), land: landCluster };
}
