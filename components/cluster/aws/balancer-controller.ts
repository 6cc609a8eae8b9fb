import { eks } from '@pulumi/aws';
import type { CustomResourceOptions, Input, Resource } from '@pulumi/pulumi';
import { admittedWithRole } from '../../aws/admitted-with-role.ts';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { policyOf, TRUST_OF_PODS } from '../../aws/policy-document.ts';
import type { PolicyDocument } from '../../aws/policy-document.ts';
import { declareRole } from '../../aws/role.ts';
import { targetGroupsOf } from '../../edge/aws/balancer.ts';
import { READ_ONLY_CONTAINER, RESTRICTED_POD } from '../../kubernetes/restricted.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import { networkPolicy } from '../../kubernetes/network-policy.ts';
import type { ForeignChart, Step } from '../../kubernetes/manifest.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { OPERATOR_REPLICAS, OPERATOR_RESOURCES } from '../operator.ts';
import { podSecurityLabels } from '../pod-security.ts';
import { priorityClass } from '../priority-classes.ts';

const NAME = 'aws-load-balancer-controller';
const NAMESPACE = 'aws-load-balancer';

/** Label of a namespace by which its pods wait for a balancer. */
const READINESS_GATES = 'elbv2.k8s.aws/pod-readiness-gate-inject';

/** What registers the proxies of the edge with the balancer that Pulumi has made, and makes none itself. */
export interface BalancerController {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly policy: PolicyDocument;
}

/** What it may do: register with the group of targets, and with the one that takes its place, and look. */
export function balancerController(settings: AwsSettings): BalancerController {
  const { region, account } = settings.aws;
  const group = `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${targetGroupsOf(settings)}*/*`;
  return {
    namespace: NAMESPACE,
    serviceAccount: NAME,
    policy: policyOf(
      {
        Effect: 'Allow',
        Action: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
        Resource: group,
      },
      {
        // None of these has a resource: Service Authorization Reference, Amazon EC2 and Elastic Load Balancing V2.
        Effect: 'Allow',
        Action: [
          'ec2:DescribeAvailabilityZones',
          'ec2:DescribeInstances',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
          'elasticloadbalancing:DescribeTargetGroups',
          'elasticloadbalancing:DescribeTargetHealth',
        ],
        Resource: '*',
      },
    ),
  };
}

/**
 * The same namespaces, of which one has pods that a balancer of AWS leads to: a pod there is ready when the balancer finds it healthy, which
 * it does minutes after the pod itself; without that an update of all pods leaves the balancer with nobody.
 * Source: aws-load-balancer-controller 3.5.0, docs/deploy/pod_readiness_gate.md; issue 1834
 */
export function withReadinessGates(step: Step, namespace: string): Step {
  return {
    ...step,
    manifests: (step.manifests ?? []).map((manifest) =>
      manifest.kind === 'Namespace' && manifest.metadata.name === namespace
        ? {
            ...manifest,
            metadata: {
              ...manifest.metadata,
              labels: { ...manifest.metadata.labels, [READINESS_GATES]: 'enabled' },
            },
          }
        : manifest,
    ),
  };
}

/** Its namespace and chart. */
export function balancerControllerSteps(
  context: KubernetesLowering,
  settings: AwsSettings,
  clusterName: string,
): readonly Step[] {
  const { network, region } = settings.aws;
  const chart: ForeignChart = {
    name: NAME,
    namespace: NAMESPACE,
    chart: NAME,
    repository: 'https://aws.github.io/eks-charts',
    version: '3.5.0',
    values: {
      clusterName,
      region,
      // It would ask the node for it, which answers no pod. The number of one that is made is only known later.
      ...('existing' in network
        ? { vpcId: network.existing.vpcId }
        : { vpcTags: { Name: clusterName } }),
      serviceAccount: { create: true, name: NAME },
      replicaCount: OPERATOR_REPLICAS,
      podDisruptionBudget: { maxUnavailable: 1 },
      priorityClassName: priorityClass(context.graph, 'engine'),
      resources: OPERATOR_RESOURCES,
      podSecurityContext: RESTRICTED_POD,
      securityContext: { ...READ_ONLY_CONTAINER, runAsNonRoot: true },
      // Nor gateways, which Envoy Gateway has: by default it takes part as soon as their definitions are there.
      // Source: aws-load-balancer-controller 3.5.0, pkg/config/feature_gates.go:90; pkg/gateway/crddetect
      controllerConfig: { featureGates: { NLBGatewayAPI: false, ALBGatewayAPI: false } },
      // Services and ingresses are nothing to it here.
      enableServiceMutatorWebhook: false,
      createIngressClassResource: false,
      enableShield: false,
      enableWaf: false,
      enableWafv2: false,
      ...pullSecrets(settings),
    },
  };
  return [
    {
      manifests: [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: NAMESPACE, labels: podSecurityLabels('restricted') },
        },
      ],
      protect: true,
    },
    {
      manifests: [
        ...admittedWithRole(`${context.graph.name}-balancer`, [
          { namespace: NAMESPACE, serviceAccount: NAME },
        ]),
        networkPolicy({
          name: NAME,
          namespace: NAMESPACE,
          pods: {},
          ingress: [{ peers: [{ network: network.cidr }], ports: [] }],
          egress: [{ peers: [], ports: [] }],
        }),
      ],
    },
    { charts: [chart], protect: true },
  ];
}

/** Declares what it may do, for the ServiceAccount that its chart brings. */
export function declareControllerAccess(
  name: string,
  clusterName: Input<string>,
  { namespace, serviceAccount, policy }: BalancerController,
  boundary: string,
  options: CustomResourceOptions,
): readonly Resource[] {
  const { role, complete } = declareRole(
    `${name}-balancer`,
    { trust: TRUST_OF_PODS, boundary },
    options,
    JSON.stringify(policy),
  );
  const association = new eks.PodIdentityAssociation(
    `${name}-balancer`,
    { clusterName, namespace, serviceAccount, roleArn: role.arn },
    options,
  );
  return [...complete, association];
}
