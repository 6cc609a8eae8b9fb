import type { AwsSettings } from '../../aws/aws-settings.ts';

/** A service of AWS that the network reaches at an address of its own. */
export interface AwsEndpoint {
  /** Name of the service without the region, such as 'ecr.api'. */
  readonly service: string;
  /** Why it is worth its price. */
  readonly reason: string;
}

/** What ways to services of AWS a network has that do not leave AWS. */
export interface AwsEndpoints {
  /** As routes, which cost nothing. */
  readonly gateway: readonly AwsEndpoint[];
  /** As addresses in the private subnets, paid for by the hour, the zone and the byte. */
  readonly interface: readonly AwsEndpoint[];
}

/**
 * What is called when a pod starts, by whom: without these none does while a zone's way to the internet is away. STS is called by
 * nobody, as no pod has its role by a ServiceAccount's token (IRSA) and nodes have theirs of the machine; Secrets Manager by the Job
 * of PostgreSQL's roles, and by External Secrets where that is, which both come again.
 * Source: Amazon EKS User Guide, "Deploy private clusters with limited internet access"
 */
const TO_START: readonly AwsEndpoint[] = [
  { service: 'ec2', reason: 'the CNI and the driver of volumes: addresses of pods, and volumes' },
  { service: 'ecr.api', reason: 'kubelet: who may pull an image' },
  {
    service: 'ecr.dkr',
    reason: 'the container runtime: what an image is made of; its layers come over S3',
  },
  {
    service: 'eks-auth',
    reason: 'the agent of Pod Identity on each node: credentials of the CNI, volumes and services',
  },
  {
    service: 'elasticloadbalancing',
    reason: 'the controller of balancers: the edge learns which proxies there are',
  },
];

/**
 * The endpoints of a network. S3 always has one: layers of images, logs and backups are most of what leaves, and by a NAT gateway
 * each byte is paid for. The others are there in size 'standard' alone: each costs as much in a month as three zones' hours, and
 * the NAT gateway of the same zone carries the same over TLS; what they add is that pods still start while that is away.
 * Neither CloudWatch Logs nor KMS is among them: nothing in the network calls them, AWS's own services do from outside of it.
 */
export function awsEndpoints({ aws: { size } }: Pick<AwsSettings, 'aws'>): AwsEndpoints {
  return {
    gateway: [{ service: 's3', reason: 'layers of images, logs, traces and checkpoints' }],
    interface: size === 'small' ? [] : TO_START,
  };
}
