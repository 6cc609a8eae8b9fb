import { ARCHITECTURES, AWS_SIZES } from '@meridian/components/aws/aws-settings.ts';
import type { AwsNetworkSettings, AwsSettings } from '@meridian/components/aws/aws-settings.ts';
import type {
  ApiServerPlace,
  KubernetesZone,
} from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { EKS_VERSIONS } from '@meridian/components/cluster/aws/addons.ts';
import { PUBLIC_ISSUER } from '@meridian/components/edge/aws/public-issuer.ts';
import { z } from 'zod';
import { awsExistingCluster, refuseClusterElsewhere } from './aws-existing-cluster.ts';
import { awsPostgresRestore } from './aws-postgres-restore.ts';
import { withCheckpointBucket } from './aws-checkpoint-bucket.ts';
import { withTelemetryBucket } from './aws-telemetry-bucket.ts';
import { edgeSettings, refuseRulesBeyondPlan, rulesOf } from './edge-settings.ts';
import { ipv4Network, NETWORK_FORM } from './ipv4-network.ts';
import { podsFields, podsOf, zonesWith } from './pods-settings.ts';
import { addressOf } from './ipv4-overlap.ts';
import { awsNetworkOf, networkOfProd, serviceNetworkOf } from './prod-network.ts';
import { nodeRelease, refuseOtherNodes } from './node-release.ts';
import { sizesOf } from './prod-sizes.ts';
import { availabilityZones, refuseOtherZones } from './prod-zones.ts';
import { ifValid, jsonSetting, readSettings, textOf, wholeNumber } from './setting-schemas.ts';
import type { RawSettings } from './setting-schemas.ts';

/** Where Pulumi keeps the settings of this stack. */
export const PROD_FILE = 'Pulumi.prod.yaml';

/** Under which the identities of this stack are named; no other stack trusts them. */
export const PROD_TRUST_DOMAIN = 'prod.meridian';

/** What AWS's own documents use for an account that is nobody's; a deployment to it is refused. */
export const EXAMPLE_ACCOUNT = '111122223333';

/** The newest that Kubernetes' own operators are said to work with, and EKS in standard support. */
const KUBERNETES_VERSION = '1.36';

/** Those of the partition `aws`, whose accounts, names and services the program knows: neither China's nor a government's. */
const REGION = /^(?!cn-|us-gov-|us-iso|eusc-)[a-z]{2}(-[a-z]+)+-\d$/;
const ACCOUNTS = /^\["\d{12}"\]$/;

/** CloudWatch takes these alone. Source: CloudWatch Logs API, PutRetentionPolicy, retentionInDays */
const LOG_DAYS = ['30', '60', '90', '120', '150', '180', '365', '400', '545', '731'] as const;

/** Offices, runners and ways through a VPN are not wider; two halves would be all of the internet. */
const WIDEST_API_PREFIX = 16;

/** Source: Amazon EKS User Guide, "Service quotas", public endpoint access CIDR ranges per cluster */
const MOST_API_NETWORKS = 40;

const isNarrow = (network: string): boolean => Number(network.split('/')[1]) >= WIDEST_API_PREFIX;

const names = ['a', 'b', 'c'] as const;

const oneOf = <Name extends string>(known: readonly Name[]) =>
  z.enum(
    known as readonly [Name, ...Name[]],
    `must be one of ${known.map((one) => `'${one}'`).join(', ')}`,
  );

/** Its zones have the letters of the region's, unless the settings name others: ids differ by account. */
const placeholders: readonly KubernetesZone[] = names.map((name) => ({
  name,
  network: '0.0.0.0/0',
  topologyZone: name,
}));

const schema = z
  .strictObject({
    ...podsFields({ zones: placeholders, samplePercent: 10 }),
    'aws:region': textOf(
      REGION,
      "a region of AWS outside of China and of governments, such as 'us-east-1'",
    ),
    'aws:allowedAccountIds': textOf(
      ACCOUNTS,
      `a list of one account, 12 digits, such as '["${EXAMPLE_ACCOUNT}"]'`,
    ).transform((text) => text.slice(2, -2)),
    size: oneOf(AWS_SIZES).default('small'),
    architecture: oneOf(ARCHITECTURES).default('arm64'),
    network: networkOfProd(names),
    cluster: awsExistingCluster.optional(),
    kubernetesVersion: oneOf(EKS_VERSIONS).default(KUBERNETES_VERSION),
    nodeRelease: nodeRelease.optional(),
    apiAccess: jsonSetting(
      z.array(ipv4Network.refine(isNarrow)).max(MOST_API_NETWORKS),
      `must be a JSON list of at most ${MOST_API_NETWORKS} networks that may reach the cluster's API, each with a prefix of ${WIDEST_API_PREFIX} or more; networks are ${NETWORK_FORM}`,
    ).prefault('[]'),
    ...edgeSettings(),
    logDays: oneOf(LOG_DAYS).transform(Number).default(365),
    brokersInZone: wholeNumber([1, 10]).optional(),
    postgresRestoreFrom: awsPostgresRestore.optional(),
  })
  .superRefine(refuseOtherZones(names), ifValid('aws:region', 'topologyZones'))
  .superRefine(refuseOtherNodes, ifValid('kubernetesVersion', 'nodeRelease'))
  .superRefine(refuseClusterElsewhere, ifValid('cluster', 'network'))
  .superRefine(refuseRulesBeyondPlan, ifValid('cloudflarePlan', 'edgeRules'));

/** The settings of production. Throws CodedError SETTINGS_INVALID or PINS_INVALID with every problem. */
export function prodSettings(raw: RawSettings): AwsSettings {
  const given = readSettings(schema, raw, PROD_FILE);
  const region = given['aws:region'];
  const { network, zones } = awsNetworkOf(given.network, names);
  const places = availabilityZones(given, names);
  const existing = given.cluster?.existing;
  const serviceNetwork = existing?.serviceNetwork ?? serviceNetworkOf(given.network);
  const sizes = sizesOf(given.size, given.architecture);
  const brokersInZone = given.brokersInZone ?? sizes.kafka.brokers;
  return {
    landing: 'aws',
    file: PROD_FILE,
    environment: 'prod',
    trustDomain: PROD_TRUST_DOMAIN,
    zones: zonesWith(
      zones.map((zone, place) => ({ ...zone, topologyZone: places[place] ?? '' })),
      given.topologyZones,
    ),
    ...podsOf(given),
    externals: withCheckpointBucket(given.externals, region, given['aws:allowedAccountIds']),
    telemetry: withTelemetryBucket(podsOf(given).telemetry, region, given['aws:allowedAccountIds']),
    apiServer: apiServerOf(given.apiServer, serviceNetwork, network),
    edge: { host: given.host, canaryPercent: 0, issuer: PUBLIC_ISSUER },
    operators: 'program',
    postgres: {},
    kafka: { brokers: brokersInZone * names.length, controllers: names.length },
    aws: {
      region,
      account: given['aws:allowedAccountIds'],
      size: given.size,
      sizes: { ...sizes, kafka: { ...sizes.kafka, brokers: brokersInZone } },
      architecture: given.architecture,
      network,
      ...(existing === undefined ? {} : { existingCluster: existing }),
      serviceNetwork,
      kubernetesVersion: given.kubernetesVersion,
      ...(given.nodeRelease === undefined ? {} : { nodeRelease: given.nodeRelease }),
      api: { publicFrom: given.apiAccess },
      cloudflare: {
        zoneId: given.cloudflareZoneId,
        accountId: given.cloudflareAccountId,
        plan: given.cloudflarePlan,
        rules: rulesOf(given),
        originPullAuthorities: given.originPullAuthorities,
      },
      ...(given.postgresRestoreFrom === undefined
        ? {}
        : { postgresRestoreFrom: given.postgresRestoreFrom }),
      logDays: given.logDays,
    },
  };
}

/**
 * Where pods find the API server: the first address of Services, and behind it EKS' own interfaces in the private subnets. Of a
 * network that is there only the whole is known.
 */
function apiServerOf(
  given: ApiServerPlace,
  serviceNetwork: string,
  network: AwsNetworkSettings,
): ApiServerPlace {
  if (given.networks.length > 0) return given;
  const behind =
    'existing' in network
      ? [network.cidr]
      : Object.values(network.zones).map((zone) => zone.private);
  return { ...given, networks: [`${addressOf(serviceNetwork, 1)}/32`, ...behind] };
}
