import type { OfferedProduct } from './price-list/offered-product.ts';

/** Something that a stack is charged for, by its price in the table. */
export interface PaidPart {
  /** As a person would name it, such as 'brokers of Kafka of kafka.m7g.large'. */
  readonly name: string;
  /** What it is of whatever size, such as 'brokers of Kafka'; its name where there is one size alone. */
  readonly kind?: string;
  /** What one price is for, such as 'broker-hour'. */
  readonly unit: string;
  /** Where AWS's price list has it; undefined where the table's row is of another source. */
  readonly offered?: OfferedProduct;
}

type PartOf = (...found: readonly string[]) => PaidPart;

const CLUSTER = 'Multi-AZ (readable standbys)';
const RDS_VOLUMES: Readonly<Record<string, readonly [volume: string, usage: string]>> = {
  gp3: ['General Purpose-GP3', 'GP3-Storage'],
  io1: ['Provisioned IOPS', 'PIOPS-Storage'],
  io2: ['Provisioned IOPS-IO2', 'PIOPS-Storage-IO2'],
};
const RDS_OPERATIONS: Readonly<Record<string, string>> = { io1: 'PIOPS', io2: 'PIOPS-IO2' };

/**
 * By the names of prices. Sources of what AWS calls these: product filters of infracost/infracost (internal/resources/aws at
 * 95ba4f49), which asks the same list; public readers of the list for public addresses, KMS, secrets and Express brokers.
 */
const PARTS: readonly (readonly [name: RegExp, part: PartOf])[] = [
  [
    /^ec2\.(.+)$/,
    (type = '') => ({
      name: `machines of ${type}`,
      kind: 'machines',
      unit: 'instance-hour',
      offered: {
        service: 'AmazonEC2',
        family: 'Compute Instance',
        usage: `BoxUsage:${type}`,
        attributes: {
          ...{ instanceType: type, tenancy: 'Shared', operatingSystem: 'Linux' },
          ...{ preInstalledSw: 'NA', capacitystatus: 'Used' },
        },
        unit: 'hour',
      },
    }),
  ],
  [
    /^ebs\.gp3\.gb-month$/,
    () => ({
      name: 'disks of machines (gp3)',
      unit: 'GB-month',
      offered: {
        ...{ service: 'AmazonEC2', family: 'Storage', usage: 'EBS:VolumeUsage.gp3' },
        ...{ attributes: { volumeApiName: 'gp3' }, unit: 'gb-month' },
      },
    }),
  ],
  [
    /^nat-gateway\.hour$/,
    () => ({
      name: 'NAT gateways',
      unit: 'gateway-hour',
      offered: {
        ...{ service: 'AmazonEC2', family: 'NAT Gateway', usage: 'NatGateway-Hours' },
        unit: 'hour',
      },
    }),
  ],
  [
    /^nat-gateway\.gb$/,
    () => ({
      name: 'traffic through NAT gateways',
      unit: 'GB processed',
      offered: {
        ...{ service: 'AmazonEC2', family: 'NAT Gateway', usage: 'NatGateway-Bytes' },
        unit: 'gb',
      },
    }),
  ],
  [
    /^public-ipv4\.hour$/,
    () => ({
      name: 'public addresses',
      unit: 'address-hour',
      offered: { service: 'AmazonVPC', usage: 'PublicIPv4:InUseAddress', unit: 'hour' },
    }),
  ],
  [
    /^vpc-endpoint\.interface\.hour$/,
    () => ({
      name: 'endpoints of the network',
      unit: 'endpoint-hour per AZ',
      offered: {
        ...{ service: 'AmazonVPC', family: 'VpcEndpoint', usage: 'VpcEndpoint-Hours' },
        unit: 'hour',
      },
    }),
  ],
  [
    /^vpc-endpoint\.interface\.gb$/,
    () => ({
      name: 'traffic through endpoints of the network',
      unit: 'GB processed, first 1 PB',
      offered: {
        ...{ service: 'AmazonVPC', family: 'VpcEndpoint', usage: 'VpcEndpoint-Bytes' },
        unit: 'gb',
      },
    }),
  ],
  [
    /^nlb\.hour$/,
    () => ({
      name: 'load balancers',
      unit: 'load-balancer-hour',
      offered: {
        ...{ service: 'AWSELB', family: 'Load Balancer-Network', usage: 'LoadBalancerUsage' },
        unit: 'hour',
      },
    }),
  ],
  [
    /^eks\.cluster-hour\.(standard|extended)$/,
    (support = '') => ({
      name: `clusters of EKS in ${support} support`,
      kind: 'clusters of EKS',
      unit: 'cluster-hour',
      // In extended support a cluster is charged for twice, so the table has the sum from another source.
      ...(support === 'standard'
        ? {
            offered: {
              ...{ service: 'AmazonEKS', usage: 'AmazonEKS-Hours:perCluster' },
              ...{ family: 'Compute', unit: 'hour' },
            } as const,
          }
        : {}),
    }),
  ],
  [
    /^elasticache\.(valkey|redis)\.(.+)\.hour$/,
    (engine = '', type = '') => ({
      name: `caches of cache.${type} (${engine === 'valkey' ? 'Valkey' : 'Redis'})`,
      kind: 'caches',
      unit: 'node-hour',
      offered: {
        ...{ service: 'AmazonElastiCache', family: 'Cache Instance' },
        usage: `NodeUsage:cache.${type}`,
        attributes: {
          instanceType: `cache.${type}`,
          cacheEngine: engine === 'valkey' ? 'Valkey' : 'Redis',
        },
        unit: 'hour',
      },
    }),
  ],
  [
    /^msk\.(standard|express)\.storage\.gb-month$/,
    (kind = '') => ({
      name: `disks of Kafka's ${kind} brokers`,
      kind: "disks of Kafka's brokers",
      unit: 'GB-month',
      ...(kind === 'standard'
        ? {
            offered: {
              ...{ service: 'AmazonMSK', usage: 'Kafka.Storage.GP2', unit: 'gb-month' },
              attributes: { storageFamily: 'GP2' },
            } as const,
          }
        : {}),
    }),
  ],
  [
    /^msk\.(standard|express)\.(.+)\.hour$/,
    (kind = '', type = '') => ({
      name: `brokers of Kafka of ${kind === 'standard' ? 'kafka' : 'express'}.${type}`,
      kind: 'brokers of Kafka',
      unit: 'broker-hour',
      offered: {
        service: 'AmazonMSK',
        usage: `${kind === 'standard' ? 'Kafka' : 'Express'}.${type}`,
        unit: 'hour',
      },
    }),
  ],
  [
    /^rds\.postgres\.(.+)\.multi-az-cluster\.hour$/,
    (type = '') => ({
      name: `PostgreSQL on three instances of db.${type}`,
      kind: 'instances of PostgreSQL',
      unit: 'cluster-hour',
      offered: {
        ...{ service: 'AmazonRDS', family: 'Database Instance' },
        usage: `Multi-AZClusterUsage:db.${type}`,
        attributes: {
          ...{ instanceType: `db.${type}`, databaseEngine: 'PostgreSQL' },
          deploymentOption: CLUSTER,
        },
        unit: 'hour',
      },
    }),
  ],
  [
    /^rds\.(gp3|io1|io2)\.multi-az-cluster\.gb-month$/,
    (storage = '') => ({
      name: `PostgreSQL's disks in three zones (${storage})`,
      kind: "PostgreSQL's disks",
      unit: 'GB-month',
      offered: {
        ...{ service: 'AmazonRDS', family: 'Database Storage' },
        usage: `RDS:Multi-AZCluster-${RDS_VOLUMES[storage]?.[1] ?? ''}`,
        attributes: {
          ...{ volumeType: RDS_VOLUMES[storage]?.[0] ?? '', databaseEngine: 'PostgreSQL' },
          deploymentOption: CLUSTER,
        },
        unit: 'gb-month',
      },
    }),
  ],
  [
    /^rds\.(io1|io2)\.iops-month\.multi-az-cluster$/,
    (storage = '') => ({
      name: `operations a second that PostgreSQL's disks are given (${storage})`,
      kind: "operations of PostgreSQL's disks",
      unit: 'IOPS-month',
      offered: {
        ...{ service: 'AmazonRDS', family: 'Provisioned IOPS' },
        usage: `RDS:Multi-AZCluster-${RDS_OPERATIONS[storage] ?? ''}`,
        attributes: { deploymentOption: CLUSTER },
        unit: 'iops-month',
      },
    }),
  ],
  [
    /^kms\.key-month$/,
    () => ({
      name: 'keys of KMS',
      unit: 'key-month',
      offered: {
        ...{ service: 'awskms', family: 'Encryption Key', usage: 'KMS-Keys' },
        unit: 'month',
      },
    }),
  ],
  [
    /^secrets-manager\.secret-month$/,
    () => ({
      name: 'secrets in Secrets Manager',
      unit: 'secret-month',
      offered: {
        ...{ service: 'AWSSecretsManager', family: 'Secret' },
        usage: 'AWSSecretsManager-Secrets',
        unit: 'month',
      },
    }),
  ],
  [
    /^s3\.standard\.gb-month$/,
    () => ({
      name: 'objects in buckets',
      unit: 'GB-month, first 50 TB',
      offered: {
        ...{ service: 'AmazonS3', family: 'Storage', usage: 'TimedStorage-ByteHrs' },
        ...{ attributes: { volumeType: 'Standard' }, unit: 'gb-month' },
      },
    }),
  ],
  [
    /^cloudwatch\.logs\.ingest\.gb$/,
    () => ({
      name: 'logs that are written',
      unit: 'GB',
      offered: {
        ...{ service: 'AmazonCloudWatch', family: 'Data Payload' },
        ...{ usage: 'DataProcessing-Bytes', unit: 'gb' },
      },
    }),
  ],
  [
    /^cloudwatch\.logs\.storage\.gb-month$/,
    () => ({
      name: 'logs that are kept',
      unit: 'GB-month',
      offered: {
        ...{ service: 'AmazonCloudWatch', family: 'Storage Snapshot' },
        ...{ usage: 'TimedStorage-ByteHrs', unit: 'gb-month' },
      },
    }),
  ],
  [/^cloudflare\.plan$/, () => ({ name: "Cloudflare's plan", unit: 'domain-month' })],
  [/^route53\.hosted-zone-month$/, () => ({ name: 'zones of Route 53', unit: 'zone-month' })],
];

/** What a price is for; undefined for one that no part of a stack is charged by. */
export function paidPart(price: string): PaidPart | undefined {
  for (const [name, part] of PARTS) {
    const found = name.exec(price);
    if (found !== null) return part(...found.slice(1));
  }
  return undefined;
}
