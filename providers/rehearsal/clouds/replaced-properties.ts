import type { PropertyPath } from '../provider/property-path.ts';

/** What a provider's source says of changes of one type. */
export interface ReplacedProperties {
  /** By another value of these another resource comes in place of this one. Keys from the root; `*` is every member of a list. */
  readonly replaced: readonly string[];
  /** And by some values of these, so nobody knows without the provider. @default none */
  readonly sometimes?: readonly string[];
  /** Other properties that the source lets change in place; 'all' where the whole of it was read. */
  readonly kept: 'all' | readonly string[];
  /** File of the provider's source and the commit at which it was read. */
  readonly source: string;
}

const aws = (file: string, commit: string) =>
  `terraform-provider-aws, internal/service/${file} at ${commit}`;
const cloudflare = (place: string) =>
  `terraform-provider-cloudflare 5.22.0, internal/services/${place}`;

/**
 * By type, from `ForceNew`, `RequiresReplace` and `CustomizeDiff` of the providers that Pulumi's bridge runs. @pulumi/aws 7.48.0 pins
 * version 6.6x, whose exact tree could not be had: each file was read at the commit that its row names, some of which are older, and what
 * has changed since is `sometimes`. A type or property that is not here may replace.
 */
export const REPLACED: Readonly<Record<string, ReplacedProperties>> = {
  'aws:ec2/subnet:Subnet': {
    replaced: [
      ...['availabilityZone', 'availabilityZoneId', 'cidrBlock', 'ipv4IpamPoolId'],
      ...['ipv4NetmaskLength', 'ipv6IpamPoolId', 'ipv6Native', 'ipv6NetmaskLength'],
      ...['outpostArn', 'vpcId'],
    ],
    // Where addresses of it were given by themselves.
    sometimes: ['ipv6CidrBlock'],
    kept: 'all',
    source: aws('ec2/vpc_subnet.go', '00cda125'),
  },
  'aws:ec2/vpc:Vpc': {
    replaced: ['cidrBlock', 'ipv4IpamPoolId', 'ipv4NetmaskLength'],
    // Dedicated machines come only with another one.
    sometimes: ['instanceTenancy', 'ipv6CidrBlock'],
    kept: 'all',
    source: aws('ec2/vpc_.go', '00081ce4'),
  },
  'aws:eks/cluster:Cluster': {
    replaced: [
      ...['name', 'roleArn', 'bootstrapSelfManagedAddons', 'remoteNetworkConfig'],
      ...['accessConfig.bootstrapClusterCreatorAdminPermissions'],
      ...['kubernetesNetworkConfig.ipFamily', 'kubernetesNetworkConfig.serviceIpv4Cidr'],
      ...['outpostConfig.controlPlaneInstanceType'],
    ],
    // Envelope encryption cannot be taken away again; a role of automatic nodes cannot become another.
    sometimes: ['encryptionConfig', 'computeConfig.nodeRoleArn'],
    kept: 'all',
    source: aws('eks/cluster.go', '00555dc5'),
  },
  'aws:eks/nodeGroup:NodeGroup': {
    replaced: [
      ...['amiType', 'capacityType', 'clusterName', 'diskSize', 'instanceTypes'],
      ...['launchTemplate.id', 'launchTemplate.name', 'nodeGroupName', 'nodeGroupNamePrefix'],
      ...['nodeRoleArn', 'remoteAccess', 'subnetIds'],
    ],
    kept: 'all',
    source: aws('eks/node_group.go', '012e0a32'),
  },
  'aws:elasticache/replicationGroup:ReplicationGroup': {
    replaced: [
      ...['atRestEncryptionEnabled', 'dataTieringEnabled', 'globalReplicationGroupId'],
      ...['kmsKeyId', 'networkType', 'port', 'replicationGroupId', 'securityGroupNames'],
      ...['snapshotArns', 'snapshotName', 'subnetGroupName'],
    ],
    // An older engine, another engine, and groups of nodes that are told by hand. Transit encryption by the engine's version.
    sometimes: [
      ...['engine', 'engineVersion', 'nodeGroupConfigurations', 'transitEncryptionEnabled'],
    ],
    kept: 'all',
    source: aws('elasticache/replication_group.go', '001b6364'),
  },
  'aws:kms/key:Key': {
    replaced: ['customKeyStoreId', 'customerMasterKeySpec', 'keyUsage', 'multiRegion', 'xksKeyId'],
    kept: 'all',
    source: aws('kms/key.go', '00a35305'),
  },
  'aws:msk/cluster:Cluster': {
    replaced: [
      ...['clusterName', 'brokerNodeGroupInfo.azDistribution'],
      ...['brokerNodeGroupInfo.clientSubnets', 'brokerNodeGroupInfo.securityGroups'],
      ...['encryptionInfo.encryptionAtRestKmsKeyArn'],
      ...['encryptionInfo.encryptionInTransit.inCluster'],
    ],
    // An older version; and what the version that was read could not change in place.
    sometimes: [
      ...['kafkaVersion', 'clientAuthentication', 'storageMode', 'rebalancing'],
      ...['encryptionInfo.encryptionInTransit.clientBroker'],
    ],
    kept: [
      ...['brokerNodeGroupInfo.instanceType', 'brokerNodeGroupInfo.storageInfo'],
      ...['configurationInfo', 'enhancedMonitoring', 'loggingInfo', 'numberOfBrokerNodes'],
      ...['openMonitoring', 'tags'],
    ],
    source: aws('kafka/cluster.go', '0313b82f'),
  },
  'aws:msk/topic:Topic': {
    replaced: ['clusterArn', 'name', 'replicationFactor'],
    kept: 'all',
    source: aws('kafka/topic.go', '0b3036c9'),
  },
  'aws:rds/cluster:Cluster': {
    replaced: [
      ...['availabilityZones', 'clusterIdentifier', 'clusterIdentifierPrefix'],
      ...['clusterScalabilityType', 'databaseName', 'dbSubnetGroupName', 'dbSystemId', 'engine'],
      ...['engineMode', 'kmsKeyId', 'masterUsername', 'restoreToPointInTime', 's3Import'],
      ...['sourceRegion', 'storageEncrypted'],
      // Of engines other than Aurora.
      'storageType',
    ],
    // It may be taken away in place.
    sometimes: ['snapshotIdentifier'],
    kept: 'all',
    source: aws('rds/cluster.go', '0168cf68'),
  },
  'aws:secretsmanager/secret:Secret': {
    replaced: ['name', 'namePrefix'],
    kept: 'all',
    source: aws('secretsmanager/secret.go', '00c21ced'),
  },
  'cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls': {
    replaced: ['zoneId'],
    kept: 'all',
    source: cloudflare('authenticated_origin_pulls/schema.go:36'),
  },
  'cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate': {
    replaced: ['zoneId'],
    // The same certificate in another spelling stays.
    sometimes: ['certificate', 'privateKey'],
    kept: [],
    source: cloudflare('authenticated_origin_pulls_certificate/schema.go:27,37'),
  },
  'cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings': {
    replaced: ['zoneId'],
    kept: 'all',
    source: cloudflare('authenticated_origin_pulls_settings/schema.go:35'),
  },
  'cloudflare:index/certificatePack:CertificatePack': {
    replaced: [
      ...['zoneId', 'certificateAuthority', 'type', 'validationMethod', 'validityDays'],
      'cloudflareBranding',
    ],
    sometimes: ['hosts'],
    kept: 'all',
    source: cloudflare('certificate_pack/schema.go:45-103'),
  },
  'cloudflare:index/dnsRecord:DnsRecord': {
    replaced: ['zoneId', 'type'],
    kept: 'all',
    source: cloudflare('dns_record/schema.go:47,98'),
  },
  'cloudflare:index/originCaCertificate:OriginCaCertificate': {
    replaced: ['csr', 'requestType', 'hostnames'],
    sometimes: ['requestedValidity'],
    kept: 'all',
    source: cloudflare('origin_ca_certificate/schema.go:35-70'),
  },
  'cloudflare:index/ruleset:Ruleset': {
    replaced: ['accountId', 'zoneId', 'kind', 'name', 'phase'],
    kept: 'all',
    source: cloudflare('ruleset/schema.go:58-123'),
  },
  'cloudflare:index/zoneDnssec:ZoneDnssec': {
    replaced: ['zoneId'],
    kept: 'all',
    source: cloudflare('zone_dnssec/schema.go:38'),
  },
  'cloudflare:index/zoneSetting:ZoneSetting': {
    replaced: ['settingId', 'zoneId'],
    kept: 'all',
    source: cloudflare('zone_setting/schema.go:37,42'),
  },
};

/** Whether a type is one of a cloud's, of which this table speaks. */
export function isOfCloud(type: string): boolean {
  return /^(?:aws|cloudflare|random):/.test(type);
}

/** What becomes of a resource of a cloud by another value at the path. */
export function cloudReplacement(
  type: string,
  path: PropertyPath,
): 'replaced' | 'kept' | 'unknown' {
  // Every change of what is drawn at random draws again. Source: @pulumi/random, documentation of `keepers`
  if (type.startsWith('random:')) return 'replaced';
  const facts = REPLACED[type];
  if (facts === undefined) return 'unknown';
  // An ARN that is another one, say, within a list: a path above a property is not a change of it alone.
  if (isAt(path, facts.sometimes ?? [])) return 'unknown';
  if (isAt(path, facts.replaced)) return 'replaced';
  return facts.kept === 'all' || isAt(path, facts.kept) ? 'kept' : 'unknown';
}

/** Whether a path is one of those given, or below it or above it. */
function isAt(path: PropertyPath, fields: readonly string[]): boolean {
  return fields.some((field) =>
    field
      .split('.')
      .every((key, depth) => path.length <= depth || key === '*' || path[depth] === key),
  );
}
