import { ec2, eks } from '@pulumi/aws';
import { mergeOptions } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Resource } from '@pulumi/pulumi';
import { boundaryArn } from '../../aws/account-names.ts';
import type { Architecture, AwsSettings, AwsSizes } from '../../aws/aws-settings.ts';
import { trustOf } from '../../aws/policy-document.ts';
import { declareRole } from '../../aws/role.ts';
import type { AwsRole } from '../../aws/role.ts';

/** Images of nodes: Amazon Linux 2023, which EKS keeps. Source: Amazon EKS API, NodeGroup, amiType */
const IMAGES: Readonly<Record<Architecture, string>> = {
  arm64: 'AL2023_ARM_64_STANDARD',
  amd64: 'AL2023_x86_64_STANDARD',
};

/** Of the nodes of a cluster: a group in each zone, so that a zone is changed, grown and lost by itself. */
export interface AwsNodes {
  readonly zones: readonly string[];
  readonly image: string;
  /** @default the newest when a group is made */
  readonly release?: string;
  readonly size: AwsSizes['nodes'];
  readonly role: AwsRole;
}

/** What nodes there are. */
export function nodes({ aws, environment, zones }: AwsSettings): AwsNodes {
  return {
    zones: zones.map(({ name }) => name),
    image: IMAGES[aws.architecture],
    ...(aws.nodeRelease === undefined ? {} : { release: aws.nodeRelease }),
    size: aws.sizes.nodes,
    role: {
      trust: trustOf('ec2.amazonaws.com'),
      boundary: boundaryArn({ account: aws.account, environment }),
      // What gives pods addresses is a role of its own: nodes need less.
      managed: ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'],
    },
  };
}

/** Pods that a node has room for, with addresses by prefixes. Source: Amazon EKS User Guide, "Increase available IP addresses" */
const MAX_PODS = 110;

/**
 * What a node is told when it starts: without this its kubelet counts addresses as if there were no prefixes.
 * Source: awslabs/amazon-eks-ami, nodeadm, "NodeConfig"; Amazon EKS User Guide, "Customize managed nodes with launch templates"
 */
const USER_DATA = Buffer.from(
  [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="//"',
    '',
    '--//',
    'Content-Type: application/node.eks.aws',
    '',
    'apiVersion: node.eks.aws/v1alpha1',
    'kind: NodeConfig',
    'spec:',
    '  kubelet:',
    '    config:',
    `      maxPods: ${MAX_PODS}`,
    '',
    '--//--',
    '',
  ].join('\n'),
).toString('base64');

/** What the groups are made for. */
export interface NodesPlace {
  readonly name: string;
  readonly clusterName: Input<string>;
  readonly version: string;
  /** By zone. */
  readonly subnets: Readonly<Record<string, Input<string>>>;
}

/** Declares the groups, one zone after the other: an upgrade that fails in one leaves the others as they are. */
export function declareNodes(
  { name, clusterName, version, subnets }: NodesPlace,
  { zones, image, release, size, role }: AwsNodes,
  options: CustomResourceOptions & { readonly dependsOn: readonly Resource[] },
): readonly Resource[] {
  const { role: ofNodes, complete } = declareRole(`${name}-nodes`, role, options);
  const template = new ec2.LaunchTemplate(
    `${name}-nodes`,
    {
      instanceType: size.instanceType,
      updateDefaultVersion: true,
      userData: USER_DATA,
      // One hop is the node: no pod gets at the node's own credentials.
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            volumeType: 'gp3',
            volumeSize: size.diskGib,
            encrypted: 'true',
            deleteOnTermination: 'true',
          },
        },
      ],
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
        resourceType,
        tags: { Name: `${name}-nodes` },
      })),
    },
    options,
  );
  let before: readonly Resource[] = complete;
  const groups: Resource[] = [];
  for (const zone of zones) {
    const subnet = subnets[zone];
    if (subnet === undefined) throw new Error(`No subnet for nodes in zone ${zone}`);
    const group = new eks.NodeGroup(
      `${name}-nodes-${zone}`,
      {
        clusterName,
        version,
        nodeRoleArn: ofNodes.arn,
        subnetIds: [subnet],
        amiType: image,
        ...(release === undefined ? {} : { releaseVersion: release }),
        capacityType: 'ON_DEMAND',
        launchTemplate: {
          id: template.id,
          version: template.latestVersion.apply((latest) => `${latest}`),
        },
        scalingConfig: { minSize: size.least, maxSize: size.most, desiredSize: size.least },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
      },
      mergeOptions(options, {
        dependsOn: [...before],
        // How many there are at the moment is for whoever scales them.
        ignoreChanges: ['scalingConfig.desiredSize'],
      }),
    );
    groups.push(group);
    before = [group];
  }
  return groups;
}
