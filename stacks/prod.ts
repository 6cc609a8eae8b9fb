import {
  ARCHITECTURES,
  AWS_SIZES,
  CLOUDFLARE_PLANS,
} from '@meridian/components/aws/aws-settings.ts';
import type { AwsSettings } from '@meridian/components/aws/aws-settings.ts';
import type { KubernetesZone } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { z } from 'zod';
import { ipv4Network, NETWORK_FORM } from './ipv4-network.ts';
import { podsFields, podsOf, zonesWith } from './pods-settings.ts';
import { awsNetworkOf, networkOfProd } from './prod-network.ts';
import { sizesOf } from './prod-sizes.ts';
import { jsonSetting, readSettings, textOf, wholeNumber } from './setting-schemas.ts';
import type { RawSettings } from './setting-schemas.ts';

/** Where Pulumi keeps the settings of this stack. */
export const PROD_FILE = 'Pulumi.prod.yaml';

/** Under which the identities of this stack are named; no other stack trusts them. */
export const PROD_TRUST_DOMAIN = 'prod.meridian';

/** What AWS's own documents use for an account that is nobody's; a deployment to it is refused. */
export const EXAMPLE_ACCOUNT = '111122223333';

/** Nobody's zone of DNS; a deployment with it is refused. */
export const EXAMPLE_ZONE_ID = '0'.repeat(32);

/** The newest that Kubernetes' own operators are said to work with, and EKS in standard support. */
const KUBERNETES_VERSION = '1.36';

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const ACCOUNTS = /^\["\d{12}"\]$/;
const HEX_ID = /^[0-9a-f]{32}$/;
const MINOR = /^1\.\d{2}$/;

/** CloudWatch takes these alone. Source: CloudWatch Logs API, PutRetentionPolicy, retentionInDays */
const LOG_DAYS = ['30', '60', '90', '120', '150', '180', '365', '400', '545', '731'] as const;

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

const schema = z.strictObject({
  ...podsFields({ zones: placeholders, samplePercent: 10 }),
  'aws:region': textOf(REGION, "a region of AWS, such as 'us-east-1'"),
  'aws:allowedAccountIds': textOf(
    ACCOUNTS,
    `a list of one account, 12 digits, such as '["${EXAMPLE_ACCOUNT}"]'`,
  ).transform((text) => text.slice(2, -2)),
  size: oneOf(AWS_SIZES).default('small'),
  architecture: oneOf(ARCHITECTURES).default('arm64'),
  network: networkOfProd(names),
  kubernetesVersion: textOf(MINOR, "a minor version of Kubernetes, such as '1.36'").default(
    KUBERNETES_VERSION,
  ),
  apiAccess: jsonSetting(
    z.array(ipv4Network).refine((networks) => !networks.includes('0.0.0.0/0')),
    `must be a JSON list of networks that may reach the cluster's API, without all of the internet; networks are ${NETWORK_FORM}`,
  ).prefault('[]'),
  cloudflareZoneId: textOf(HEX_ID, '32 hexadecimal digits').default(EXAMPLE_ZONE_ID),
  cloudflareAccountId: textOf(HEX_ID, '32 hexadecimal digits').default(EXAMPLE_ZONE_ID),
  cloudflarePlan: oneOf(CLOUDFLARE_PLANS).default('pro'),
  logDays: oneOf(LOG_DAYS).transform(Number).default(365),
  brokersInZone: wholeNumber([1, 10]).optional(),
});

/** The settings of production. Throws CodedError SETTINGS_INVALID or PINS_INVALID with every problem. */
export function prodSettings(raw: RawSettings): AwsSettings {
  const given = readSettings(schema, raw, PROD_FILE);
  const region = given['aws:region'];
  const { network, zones } = awsNetworkOf(given.network, names);
  const sizes = sizesOf(given.size, given.architecture);
  const brokersInZone = given.brokersInZone ?? sizes.kafka.brokers;
  return {
    landing: 'aws',
    file: PROD_FILE,
    environment: 'prod',
    trustDomain: PROD_TRUST_DOMAIN,
    zones: zonesWith(
      zones.map((zone) => ({ ...zone, topologyZone: `${region}${zone.name}` })),
      given.topologyZones,
    ),
    ...podsOf(given),
    edge: { host: given.host, canaryPercent: 0 },
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
      kubernetesVersion: given.kubernetesVersion,
      api: { publicFrom: given.apiAccess },
      cloudflare: {
        zoneId: given.cloudflareZoneId,
        accountId: given.cloudflareAccountId,
        plan: given.cloudflarePlan,
      },
      logDays: given.logDays,
    },
  };
}
