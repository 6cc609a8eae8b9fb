import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AwsSettings } from '../aws/aws-settings.ts';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { awsNetwork } from '../network/aws.ts';
import { Network } from '../network/network.ts';
import { record } from '../testing/recording-mocks.ts';
import type { RecordedResource, Recording } from '../testing/recording-mocks.ts';
import { sampleAwsSettings } from '../testing/sample-aws.ts';
import { sampleClusterContext } from '../testing/sample-cluster.ts';
import { EKS_VERSIONS } from './aws/addons.ts';
import { awsCluster } from './aws.ts';
import { Cluster } from './cluster.ts';
import { SUPPORTED_KUBERNETES } from './supported-kubernetes.ts';

const context = sampleClusterContext();
const lower = (settings: AwsSettings = sampleAwsSettings) => awsCluster(settings).lower(context);
/** Without what any cluster has, which takes long and is tested beside it. */
const land = (settings: AwsSettings = sampleAwsSettings) => {
  const network = awsNetwork(settings);
  const lowered = lower(settings);
  return record(() => {
    const made = new Network('network', { landing: network.land(network.lower(context), {}) });
    new Cluster('cluster', {
      landing: awsCluster(settings).land({ ...lowered, steps: lowered.steps.slice(0, 1) }, {}),
      network: made,
    });
  });
};
const ofType = (resources: readonly RecordedResource[], type: string) =>
  resources.filter((one) => one.type === `aws:${type}`);
const policiesOf = (settings = sampleAwsSettings): readonly ClusterObject[] =>
  lower(settings)
    .steps.flatMap(({ manifests = [] }) => manifests)
    .filter(({ kind }) => kind === 'NetworkPolicy');

describe('the cluster of production', () => {
  let made: Recording;
  beforeAll(async () => {
    made = await land();
  });

  test('has add-ons for every Kubernetes that the platform is deployed to', () => {
    expect([EKS_VERSIONS.at(0), EKS_VERSIONS.at(-1)]).toEqual([
      SUPPORTED_KUBERNETES.oldest,
      SUPPORTED_KUBERNETES.newest,
    ]);
  });

  test('answers from inside alone unless networks are named, and never to all', async () => {
    const vpcOf = async (publicFrom: readonly string[]) => {
      const { resources } = await land({
        ...sampleAwsSettings,
        aws: { ...sampleAwsSettings.aws, api: { publicFrom } },
      });
      return ofType(resources, 'eks/cluster:Cluster')[0]?.inputs['vpcConfig'];
    };
    expect(await vpcOf([])).toMatchObject({
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    });
    expect(await vpcOf(['203.0.113.7/32'])).toMatchObject({
      endpointPublicAccess: true,
      publicAccessCidrs: ['203.0.113.7/32'],
    });
  });

  test('is protected, keeps its logs for a time and encrypts Secrets by a key of its own', () => {
    const { resources } = made;
    expect(ofType(resources, 'eks/cluster:Cluster')[0]?.inputs).toMatchObject({
      name: 'sample-sample',
      deletionProtection: true,
      enabledClusterLogTypes: expect.arrayContaining(['audit', 'authenticator']),
      encryptionConfig: { resources: ['secrets'] },
      accessConfig: {
        authenticationMode: 'API',
        bootstrapClusterCreatorAdminPermissions: false,
      },
      zonalShiftConfig: { enabled: true },
    });
    const groups = ofType(resources, 'cloudwatch/logGroup:LogGroup');
    expect(groups.map(({ inputs }) => inputs['retentionInDays'])).toEqual([365, 365]);
    expect(made.waits('cluster-nodes-a', 'cluster-vpc-cni')).toBe(true);
    for (const { inputs } of ofType(resources, 'kms/key:Key')) {
      expect(inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    }
  });

  test('lets in whoever deploys, whoever looks and whoever breaks the glass, and nobody else', () => {
    const { resources } = made;
    const entries = ofType(resources, 'eks/accessPolicyAssociation:AccessPolicyAssociation');
    expect(
      entries.map(({ inputs }) =>
        [inputs['principalArn'], inputs['policyArn']].map((arn) => String(arn).split('/')[1]),
      ),
    ).toEqual([
      ['meridian-sample-break-glass', 'AmazonEKSClusterAdminPolicy'],
      ['meridian-sample-deploy', 'AmazonEKSClusterAdminPolicy'],
      ['meridian-sample-read-only', 'AmazonEKSViewPolicy'],
    ]);
  });

  test('changes nodes one zone after the other, and what runs on them afterwards', () => {
    const { resources } = made;
    expect(made.waits('cluster-nodes-b', 'cluster-nodes-a')).toBe(true);
    expect(made.waits('cluster-nodes-c', 'cluster-nodes-b')).toBe(true);
    expect(made.waits('cluster-coredns', 'cluster-nodes-c')).toBe(true);
    const groups = ofType(resources, 'eks/nodeGroup:NodeGroup');
    expect(groups.map(({ inputs }) => inputs['subnetIds'])).toEqual(
      ['a', 'b', 'c'].map((zone) => [`network-private-${zone}-id`]),
    );
    const [template] = ofType(resources, 'ec2/launchTemplate:LaunchTemplate');
    expect(template?.inputs).toMatchObject({
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ ebs: { encrypted: 'true', volumeType: 'gp3' } }],
    });
  });

  test('has policies for the system before its add-ons, as a pod without one is cut off', () => {
    const { resources } = made;
    expect(made.waits('cluster-coredns', 'networkpolicy-kube-system-coredns')).toBe(true);
    const cni = ofType(resources, 'eks/addon:Addon').find(({ name }) => name === 'cluster-vpc-cni');
    expect(JSON.parse(String(cni?.inputs['configurationValues']))).toMatchObject({
      enableNetworkPolicy: 'true',
      env: { NETWORK_POLICY_ENFORCING_MODE: 'strict' },
    });
    const closed = lower()
      .steps.flatMap(({ manifests = [] }) => manifests)
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ metadata }) => metadata.name);
    const covered = new Set(policiesOf().map(({ metadata }) => metadata.namespace));
    expect([...closed, 'kube-system'].filter((name) => !covered.has(name))).toEqual([]);
  });

  test('has a policy for every pod of an add-on that is not in the network of its node', () => {
    // By add-on, the labels of what it runs. Sources: charts of aws-ebs-csi-driver 2.64.0 and metrics-server; the add-on of coredns
    const pods: Readonly<Record<string, readonly (readonly [label: string, value: string])[]>> = {
      'aws-ebs-csi-driver': [
        ['app', 'ebs-csi-controller'],
        ['app', 'ebs-csi-node'],
      ],
      coredns: [['k8s-app', 'kube-dns']],
      'eks-pod-identity-agent': [],
      'kube-proxy': [],
      'metrics-server': [['app.kubernetes.io/name', 'metrics-server']],
      'vpc-cni': [],
    };
    const { eks } = lower();
    const addons = 'existing' in eks ? [] : eks.addons;
    expect(addons.map(({ name }) => name)).toEqual(Object.keys(pods));
    const selected = policiesOf()
      .filter(({ metadata }) => metadata.namespace === 'kube-system')
      .map(({ spec }) => (spec as { podSelector: { matchLabels: object } }).podSelector.matchLabels)
      .flatMap((labels) => Object.entries(labels));
    expect(selected.toSorted()).toEqual(Object.values(pods).flat().toSorted());
  });

  test('leaves gateways to the operator that has them', () => {
    const [controller] = lower()
      .steps.flatMap(({ charts = [] }) => charts)
      .filter(({ name }) => name === 'aws-load-balancer-controller');
    expect(controller?.values).toMatchObject({
      controllerConfig: { featureGates: { NLBGatewayAPI: false, ALBGatewayAPI: false } },
    });
  });

  test('opens operators and not the proxies that share a namespace with one', () => {
    const ofEdge = policiesOf().filter(({ metadata }) => metadata.namespace === 'edge');
    expect(ofEdge.map(({ spec }) => (spec as { podSelector: unknown }).podSelector)).toEqual([
      { matchLabels: { 'control-plane': 'envoy-gateway' } },
      { matchLabels: { app: 'certgen' } },
    ]);
  });

  test('gives no role of pods or nodes more than the boundary', () => {
    const { resources } = made;
    const roles = ofType(resources, 'iam/role:Role');
    expect(roles.length).toBeGreaterThan(4);
    for (const { inputs } of roles) {
      expect(inputs['permissionsBoundary']).toBe(
        'arn:aws:iam::111122223333:policy/meridian-sample-boundary',
      );
    }
  });

  test('shows a cluster that was replaced as another one', () => {
    const { resources } = made;
    const [provider] = resources.filter(({ type }) => type === 'pulumi:providers:kubernetes');
    expect(provider?.inputs).toHaveProperty('clusterIdentifier');
  });
});

describe('a cluster that is there', () => {
  const existingCluster = {
    ...{ name: 'shared', endpoint: 'https://AB12.gr7.us-east-1.eks.amazonaws.com' },
    ...{ certificateAuthority: 'Q0E=', securityGroupId: 'sg-0a1b2c3d' },
    serviceNetwork: '172.20.0.0/16',
  };
  const settings: AwsSettings = {
    ...sampleAwsSettings,
    aws: { ...sampleAwsSettings.aws, existingCluster },
  };

  test('gets what the platform needs in it, and neither nodes nor add-ons nor another control plane', async () => {
    const { resources } = await land(settings);
    for (const type of ['eks/cluster:Cluster', 'eks/nodeGroup:NodeGroup', 'eks/addon:Addon']) {
      expect(ofType(resources, type)).toEqual([]);
    }
    const [pods] = ofType(resources, 'eks/podIdentityAssociation:PodIdentityAssociation');
    expect(pods?.inputs).toMatchObject({ clusterName: 'shared' });
    const provider = resources.find(({ type }) => type === 'pulumi:providers:kubernetes');
    expect(provider?.inputs).toMatchObject({
      clusterIdentifier: 'arn:aws:eks:us-east-1:111122223333:cluster/shared',
    });
    expect(JSON.parse(String(provider?.inputs['kubeconfig']))).toMatchObject({
      clusters: [
        {
          cluster: {
            server: existingCluster.endpoint,
            'certificate-authority-data': existingCluster.certificateAuthority,
          },
        },
      ],
    });
  });

  test('keeps its own volumes and its own policies of the system', () => {
    const objects: readonly ClusterObject[] = lower(settings).steps.flatMap(
      ({ manifests = [] }) => manifests,
    );
    const kinds = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`);
    expect(kinds.filter((one) => /^StorageClass|kube-system/.test(one))).toEqual([]);
  });
});
