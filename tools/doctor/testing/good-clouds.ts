import type { StackNeeds } from '../stack-needs.ts';
import type { Operation } from './clouds-stand-in.ts';

/** Name servers that Cloudflare has given the zone. */
export const ZONE_SERVERS = ['amy.ns.cloudflare.com', 'bob.ns.cloudflare.com'];

const answer = (body: unknown) => () => ({ body });
const result = (of: unknown) => answer({ success: true, errors: [], result: of });

/** Scopes of a token that may do all that the edge needs. */
export const SCOPES = [
  'Zone Settings Write',
  'DNS Write',
  'Zone WAF Write',
  'SSL and Certificates Write',
];

/** What clouds answer that have all of it, and nothing yet that is taken. */
export function goodClouds(needs: StackNeeds): Readonly<Record<string, Operation>> {
  return { ...goodPlaces(needs), ...goodEngines(needs), ...goodEdge(needs) };
}

const placesOf = ({ zones }: StackNeeds): readonly string[] =>
  zones.map(({ availabilityZone }) => availabilityZone);

function goodPlaces(needs: StackNeeds): Readonly<Record<string, Operation>> {
  const places = placesOf(needs);
  const offers = places.map((location) => ({ instanceType: needs.nodes?.type, location }));
  const [subnetsOfVpc, vpc] = existing(needs);
  return {
    GetCallerIdentity: answer({
      Account: needs.account,
      Arn: `arn:aws:sts::${needs.account}:assumed-role/meridian-prod-read-only/doctor`,
    }),
    DescribeAvailabilityZones: answer({
      availabilityZoneInfo: {
        item: places.map((zoneName, place) => ({
          ...{ zoneName, zoneId: `use1-az${place + 4}`, zoneType: 'availability-zone' },
          ...{ zoneState: 'available', optInStatus: 'opt-in-not-required' },
        })),
      },
    }),
    DescribeInstanceTypeOfferings: answer({ instanceTypeOfferingSet: { item: offers } }),
    DescribeInstanceTypes: answer({
      instanceTypeSet: {
        item: {
          ...{ instanceType: needs.nodes?.type, vCpuInfo: { defaultVCpus: 2 } },
          processorInfo: {
            supportedArchitectures: { item: needs.architecture === 'arm64' ? 'arm64' : 'x86_64' },
          },
        },
      },
    }),
    DescribeAddresses: answer({ addressesSet: {} }),
    DescribeVpcs: answer({ vpcSet: vpc }),
    DescribeVpcAttribute: answer({ enableDnsHostnames: { value: true } }),
    DescribeSubnets: answer({ subnetSet: subnetsOfVpc }),
    DescribeInstances: answer({ reservationSet: {} }),
    DescribeLoadBalancers: answer({ LoadBalancers: {} }),
    GetServiceQuota: answer({ Quota: { Value: 100 } }),
  };
}

function goodEngines(needs: StackNeeds): Readonly<Record<string, Operation>> {
  return {
    DescribeOrderableDBInstanceOptions: answer({
      OrderableDBInstanceOptions: {
        OrderableDBInstanceOption: {
          ...{ EngineVersion: `${needs.postgres.version}.6`, SupportsClusters: true },
          DBInstanceClass: needs.postgres.type,
          AvailabilityZones: { AvailabilityZone: placesOf(needs).map((Name) => ({ Name })) },
        },
      },
    }),
    DescribeDBInstances: answer({ DBInstances: {} }),
    DescribeDBClusterSnapshots: answer({
      DBClusterSnapshots: { DBClusterSnapshot: { Status: 'available' } },
    }),
    DescribeDBClusters: answer({ DBClusters: {} }),
    DescribeCacheEngineVersions: answer({
      CacheEngineVersions: { CacheEngineVersion: [{ EngineVersion: '8.0' }] },
    }),
    DescribeReservedCacheNodesOfferings: answer({
      ReservedCacheNodesOfferings: {
        ReservedCacheNodesOffering: { CacheNodeType: needs.redis?.type },
      },
    }),
    DescribeCacheClusters: answer({ CacheClusters: {} }),
    'GET /v1/kafka-versions': answer({
      kafkaVersions: [{ version: needs.kafka?.version, status: 'ACTIVE' }],
    }),
    'GET /api/v2/clusters': answer({ clusterInfoList: [] }),
    'GET /clusters': answer({ clusters: [] }),
    [`GET /clusters/${needs.clusterName}`]: () => ({
      status: 404,
      body: { __type: 'ResourceNotFoundException', message: 'No cluster found' },
    }),
    'GET /cluster-versions': answer({
      clusterVersions: [
        { clusterVersion: needs.kubernetesVersion, versionStatus: 'STANDARD_SUPPORT' },
      ],
    }),
    'GET /addons/supported-versions': ({ addonName }) => ({
      body: {
        addons: needs.addons
          .filter(({ name }) => name === addonName)
          .map(({ version }) => ({ addonVersions: [{ addonVersion: version }] })),
      },
    }),
  };
}

function goodEdge({
  cloudflare,
  edgeNetworks,
  host,
}: StackNeeds): Readonly<Record<string, Operation>> {
  const { zoneId, accountId, plan } = cloudflare;
  return {
    DescribeImages: answer({ imageDetails: [{}] }),
    DescribeSecret: answer({ VersionIdsToStages: { one: ['AWSCURRENT'] } }),
    'GET /ips': result({ ipv4_cidrs: edgeNetworks.toReversed(), ipv6_cidrs: [] }),
    'GET /user/tokens/verify': result({ id: 'token-id', status: 'active' }),
    'GET /user/tokens/token-id': result({
      policies: [{ effect: 'allow', permission_groups: SCOPES.map((name) => ({ name })) }],
    }),
    [`GET /zones/${zoneId}`]: result({
      ...{ name: host, status: 'active', name_servers: ZONE_SERVERS },
      ...{ plan: { legacy_id: plan }, account: { id: accountId } },
    }),
  };
}

/** The network that is there, as EC2 tells of it. */
function existing({ network, zones }: StackNeeds): readonly [subnets: unknown, vpc: unknown] {
  if (!('existing' in network)) return [{}, {}];
  const { vpcId, subnetIds } = network.existing;
  const subnets = Object.values(subnetIds).flatMap((ofTier) =>
    Object.entries(ofTier).map(([zone, subnetId]) => ({
      ...{ subnetId, vpcId, availableIpAddressCount: 4_000 },
      availabilityZone: zones.find(({ name }) => name === zone)?.availabilityZone,
    })),
  );
  const association = { item: { cidrBlock: network.cidr } };
  return [{ item: subnets }, { item: { vpcId, cidrBlockAssociationSet: association } }];
}
