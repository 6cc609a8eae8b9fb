import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { ask, environmentOfNobody, fault, texts, xml, zone, zoneId } from './testing/ask-sample.ts';
import type { Operation } from './testing/clouds-stand-in.ts';
import { SCOPES } from './testing/good-clouds.ts';

beforeEach(() => {
  jest.replaceProperty(process, 'env', { ...environmentOfNobody });
});
afterEach(() => {
  jest.restoreAllMocks();
});

test.each<readonly [string, Readonly<Record<string, Operation>>, RegExp]>([
  [
    'a zone that the account has not',
    { DescribeAvailabilityZones: xml({ availabilityZoneInfo: {} }) },
    /^Zone 'a': must be in a zone of this account, got 'us-east-1a', which it has not/,
  ],
  [
    'an edge of a region',
    { DescribeAvailabilityZones: oneZone({ zoneType: 'local-zone' }) },
    /^Zone 'a': must be in an availability zone, got .* of type 'local-zone'/,
  ],
  [
    'a zone that is impaired',
    { DescribeAvailabilityZones: oneZone({ zoneState: 'impaired' }) },
    /^Zone 'a': must be in a zone that is available, .* 'impaired'/,
  ],
  [
    'a zone where EKS cannot be',
    { DescribeAvailabilityZones: oneZone({ zoneId: 'use1-az3' }) },
    /^Zone 'a': must be in a zone where EKS can be, .* 'use1-az3'/,
  ],
  [
    'nodes that a zone has not',
    {
      DescribeInstanceTypeOfferings: xml({
        instanceTypeOfferingSet: { item: { location: 'us-east-1a' } },
      }),
    },
    /^Nodes of type 'm7g.large': must be offered in every zone, got none in 'us-east-1b', 'us-east-1c'/,
  ],
  [
    'nodes of other processors than images',
    {
      DescribeInstanceTypes: xml({
        instanceTypeSet: {
          item: {
            vCpuInfo: { defaultVCpus: 2 },
            processorInfo: { supportedArchitectures: { item: 'x86_64' } },
          },
        },
      }),
    },
    /must run images of architecture 'arm64', got processors of 'x86_64'/,
  ],
  [
    'a version of Kubernetes that is old',
    {
      'GET /cluster-versions': xml({
        clusterVersions: [{ clusterVersion: '1.36', versionStatus: 'EXTENDED_SUPPORT' }],
      }),
    },
    /^Kubernetes 1.36: must be in standard support, got 'EXTENDED_SUPPORT'/,
  ],
  [
    'a version of an add-on that EKS has not',
    {
      'GET /addons/supported-versions': xml({
        addons: [{ addonVersions: [{ addonVersion: 'v9' }] }],
      }),
    },
    /^Add-on 'vpc-cni': must have v1.23.1-eksbuild.1 for Kubernetes 1.36, got v9/,
  ],
  [
    'PostgreSQL where no DB cluster can be',
    { DescribeOrderableDBInstanceOptions: xml({ OrderableDBInstanceOptions: {} }) },
    /^PostgreSQL 17 .*must be offered as a DB cluster in every zone, got none in 'us-east-1a'/,
  ],
  [
    'a snapshot that is not there',
    { DescribeDBClusterSnapshots: fault('DBClusterSnapshotNotFoundFault') },
    /^PostgreSQL's first data, 'before-the-move': must be there, got nothing/,
  ],
  [
    'a version of Valkey that ElastiCache has not',
    {
      DescribeCacheEngineVersions: xml({
        CacheEngineVersions: { CacheEngineVersion: { EngineVersion: '7.2' } },
      }),
    },
    /^Valkey 8.0 .*got none of 7.2/,
  ],
  [
    'a type of cache that the region has not',
    { DescribeReservedCacheNodesOfferings: xml({ ReservedCacheNodesOfferings: {} }) },
    /must be of a type that can be had in this region/,
  ],
  [
    'a version of Kafka that is deprecated',
    {
      'GET /v1/kafka-versions': xml({
        kafkaVersions: [{ version: '3.9.x.kraft', status: 'DEPRECATED' }],
      }),
    },
    /^Kafka 3.9.x.kraft .*got one that is 'DEPRECATED'/,
  ],
  [
    'too few addresses',
    {
      GetServiceQuota: ({ QuotaCode }) => ({
        body: { Quota: { Value: QuotaCode === 'L-0263D0A3' ? 5 : 100 } },
      }),
      DescribeAddresses: xml({ addressesSet: { item: [{}, {}, {}] } }),
    },
    /^Quota of addresses .*must be 6 at least, got 5, of which 3 are taken and 3 needed; run aws service-quotas .*--quota-code L-0263D0A3 --desired-value 6$/,
  ],
  [
    'too few processors, and others that run on them',
    {
      GetServiceQuota: ({ QuotaCode }) => ({
        body: { Quota: { Value: QuotaCode === 'L-1216C47A' ? 32 : 100 } },
      }),
      DescribeInstances: xml({
        reservationSet: {
          item: {
            instancesSet: {
              item: [
                { instanceType: 'm7g.4xlarge', cpuOptions: { coreCount: 16, threadsPerCore: 1 } },
                { instanceType: 'p5.4xlarge', cpuOptions: { coreCount: 8, threadsPerCore: 2 } },
              ],
            },
          },
        },
      }),
    },
    /^Quota of processors .*got 32, of which 16 are taken and 24 needed/,
  ],
  [
    'too few brokers',
    {
      GetServiceQuota: ({ QuotaCode }) => ({
        body: { Quota: { Value: QuotaCode === 'L-EDD31C36' ? 90 : 100 } },
      }),
      'GET /api/v2/clusters': xml({
        clusterInfoList: [{ provisioned: { numberOfBrokerNodes: 88 } }],
      }),
    },
    /^Quota of brokers of MSK: must be 91 at least/,
  ],
  [
    'a network that is not there',
    { DescribeVpcs: xml({ vpcSet: {} }) },
    /^Network 'vpc-0a1b2c3d': must be in this account and region/,
  ],
  [
    'a network of other addresses',
    {
      DescribeVpcs: xml({
        vpcSet: { item: { cidrBlockAssociationSet: { item: { cidrBlock: '10.9.0.0/16' } } } },
      }),
    },
    /^Network 'vpc-0a1b2c3d': must have '10.0.0.0\/16', got '10.9.0.0\/16'/,
  ],
  [
    'a network without names',
    { DescribeVpcAttribute: xml({ enableDnsHostnames: { value: false } }) },
    /must give names to addresses/,
  ],
  [
    'a subnet of another zone and network, which is full',
    {
      DescribeSubnets: xml({
        subnetSet: {
          item: {
            subnetId: 'subnet-0a',
            vpcId: 'vpc-9',
            availabilityZone: 'us-east-1d',
            availableIpAddressCount: 3,
          },
        },
      }),
    },
    /^Subnet 'subnet-0a', public in zone 'a': must be of 'vpc-0a1b2c3d', got 'vpc-9', and must be in 'us-east-1a', got 'us-east-1d', and must have 16 free addresses, got 3/,
  ],
  [
    'an image that is not there',
    { DescribeImages: () => ({ status: 400, body: { __type: 'ImageNotFoundException' } }) },
    /^Image 'catalog': must be in 'meridian-prod\/catalog' as sha256:a{64}, got none; run npm run images/,
  ],
  [
    'a repository that is not there',
    { DescribeImages: () => ({ status: 400, body: { __type: 'RepositoryNotFoundException' } }) },
    /^Image 'catalog': must have a repository 'meridian-prod\/catalog', got none; name it in/,
  ],
  [
    'a secret that is not there',
    { DescribeSecret: () => ({ status: 400, body: { __type: 'ResourceNotFoundException' } }) },
    /^Secret 'meridian-prod\/cloudflare-api-token': must be in Secrets Manager, got none/,
  ],
  [
    'a secret that is to go',
    { DescribeSecret: xml({ DeletedDate: 1_700_000_000 }) },
    /^Secret .*got one that is to be deleted/,
  ],
  [
    'a secret without a value',
    { DescribeSecret: xml({ VersionIdsToStages: {} }) },
    /^Secret .*must have a value, got none/,
  ],
  [
    'a list of addresses that Cloudflare has changed',
    {
      'GET /ips': xml({
        success: true,
        result: { ipv4_cidrs: ['198.51.100.0/24', '203.0.113.0/24'] },
      }),
    },
    /^Cloudflare's addresses: must be those that Cloudflare tells, .* has 203.0.113.0\/24 besides and not 192.0.2.0\/25; change/,
  ],
  [
    'a token that is disabled',
    { 'GET /user/tokens/verify': xml({ success: true, result: { id: 't', status: 'disabled' } }) },
    /^Token of Cloudflare's API: must be active, got 'disabled'/,
  ],
  [
    'a token that Cloudflare does not know',
    { 'GET /user/tokens/verify': () => ({ status: 401, body: { success: false } }) },
    /^Token of Cloudflare's API: must be valid/,
  ],
  [
    'a token that may not write rules of the firewall',
    {
      'GET /user/tokens/token-id': xml({
        success: true,
        result: {
          policies: [
            {
              effect: 'allow',
              permission_groups: SCOPES.filter((name) => !name.includes('WAF')).map((name) => ({
                name,
              })),
            },
          ],
        },
      }),
    },
    /^Permission 'Zone WAF: Edit': must be one of the token’s/,
  ],
  [
    'a token that cannot look at itself, nor at records',
    {
      'GET /user/tokens/token-id': () => ({ status: 403, body: { success: false } }),
      [`GET /zones/${zoneId}/dns_records`]: () => ({ status: 403, body: { success: false } }),
    },
    /^Permission 'DNS: Edit': .*got not even to read/,
  ],
  [
    'a zone that waits',
    zone({ status: 'pending' }),
    /^Zone of DNS .*must be active, got 'pending'/,
  ],
  [
    'a zone of another name',
    zone({ name: 'other.example' }),
    /must have host 'meridian.example', got 'other.example'/,
  ],
  ['a zone of somebody else', zone({ account: { id: 'f' } }), /must be of account '0+', got 'f'/],
  [
    'a lesser plan',
    zone({ plan: { legacy_id: 'free' } }),
    /must have plan 'pro' at least, got 'free'/,
  ],
])('%s is told as wrong', async (_what, otherwise, message) => {
  const told = texts(await ask(otherwise), 'failed');
  expect(told).toContainEqual(expect.stringMatching(message));
});

/** The first zone otherwise than it is. */
function oneZone(changed: object): Operation {
  const like = { zoneName: 'us-east-1a', zoneId: 'use1-az4', zoneType: 'availability-zone' };
  return xml({ availabilityZoneInfo: { item: { ...like, zoneState: 'available', ...changed } } });
}
