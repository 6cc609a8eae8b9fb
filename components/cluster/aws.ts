import { eks, kms } from '@pulumi/aws';
import { Provider } from '@pulumi/kubernetes';
import { interpolate, mergeOptions } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output, Resource } from '@pulumi/pulumi';
import { boundaryArn } from '../aws/account-names.ts';
import type { AwsSettings } from '../aws/aws-settings.ts';
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

/** EKS, and what the platform has in any cluster. */
export interface AwsCluster extends KubernetesCluster {
  readonly region: string;
  readonly boundary: string;
  readonly controlPlane: ControlPlane;
  readonly nodes: AwsNodes;
  readonly addons: readonly Addon[];
  readonly volumes: ClusterVolumes;
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
function landCluster(lowered: AwsCluster): ClusterLanding {
  return (parent, name, { network }) => {
    const options = { parent };
    const { ofCloud } = network;
    const plane = lowered.controlPlane;
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
    const key = declareKey(`${name}-volumes`, lowered.volumes.key, options);
    const alias = new kms.Alias(
      `${name}-volumes`,
      { name: lowered.volumes.alias, targetKeyId: key.keyId },
      options,
    );
    const [system = {}, ...others] = lowered.steps;
    const early = declarePart({ steps: [system] }, { parent, dependsOn: [alias], provider });
    const install = (before: Addon['before'], dependsOn: readonly Resource[]): Resource[] =>
      lowered.addons
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
      lowered.nodes,
      { ...options, dependsOn: install('nodes', early) },
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
function kubeconfigOf(cluster: eks.Cluster, region: string): Output<string> {
  return interpolate`{"apiVersion":"v1","kind":"Config","current-context":"eks","contexts":[{"name":"eks","context":{"cluster":"eks","user":"eks"}}],"clusters":[{"name":"eks","cluster":{"server":"${cluster.endpoint}","certificate-authority-data":"${cluster.certificateAuthority.data}"}}],"users":[{"name":"eks","user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"aws","args":["eks","get-token","--region","${region}","--cluster-name","${cluster.name}"],"interactiveMode":"Never"}}}]}`;
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
  const volumes = clusterVolumes(settings);
  const plane = controlPlane(settings, context.graph.name);
  const { steps, ...any } = lowerAnyCluster(context);
  const [namespaces = {}, ...others] = steps;
  return {
    ...any,
    region: aws.region,
    boundary: boundaryArn({ account: aws.account, environment }),
    controlPlane: plane,
    balancerController: balancerController(settings),
    nodes: nodes(settings),
    addons: addons(settings),
    volumes,
    steps: [
      { manifests: [storageClass(settings, volumes), ...systemPolicies(settings)] },
      namespaces,
      { manifests: operatorPolicies(context, settings) },
      ...others,
      ...balancerControllerSteps(context, settings, plane.name),
    ],
  };
}

/** The cluster of a stack in an account of AWS. */
export function awsCluster(
  settings: AwsSettings,
): NounLanding<KubernetesLowering, AwsCluster, unknown, ClusterLanding> {
  return { lower: (context) => lowerCluster(context, settings), land: landCluster };
}
