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

/** Without which no pod starts while a zone's way to the internet is away. */
const TO_START: readonly AwsEndpoint[] = [
  { service: 'ec2', reason: 'addresses of pods and volumes: without it no pod starts' },
  { service: 'ecr.api', reason: 'who may pull an image' },
  { service: 'ecr.dkr', reason: 'what an image is made of; its layers come over S3' },
  { service: 'eks-auth', reason: 'credentials of pods (Pod Identity)' },
  { service: 'elasticloadbalancing', reason: 'the edge learns which proxies there are' },
  { service: 'sts', reason: 'credentials of nodes' },
];

/** Needed where External Secrets brings Secrets, which may be from there. */
const SECRETS: AwsEndpoint = {
  service: 'secretsmanager',
  reason: 'Secrets that are brought from there never leave the network',
};

/**
 * The endpoints of a network. S3 always has one: layers of images, logs and backups are most of what leaves, and by a NAT gateway
 * each byte is paid for. The others are there in size 'standard' alone: each costs as much in a month as three zones' hours, and
 * the NAT gateway of the same zone carries the same over TLS; what they add is that pods still start while that is away.
 * Neither CloudWatch Logs nor KMS is among them: nothing in the network calls them, AWS's own services do from outside of it.
 */
export function awsEndpoints({
  aws: { size },
  externalSecrets,
}: Pick<AwsSettings, 'aws' | 'externalSecrets'>): AwsEndpoints {
  return {
    gateway: [{ service: 's3', reason: 'layers of images, logs, traces and checkpoints' }],
    interface:
      size === 'small' ? [] : [...TO_START, ...(externalSecrets === undefined ? [] : [SECRETS])],
  };
}
