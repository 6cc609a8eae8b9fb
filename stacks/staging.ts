import type {
  KubernetesSettings,
  KubernetesZone,
} from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { OPERATOR_OWNERS } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { z } from 'zod';
import { kafkaNodeSettings, refuseMoreControllersThanBrokers } from './kafka-nodes.ts';
import { OBJECT_NAME } from './kubernetes-names.ts';
import { podsFields, podsOf, zonesWith } from './pods-settings.ts';
import { postgresOf, postgresSettings, refuseSameArchive } from './postgres-settings.ts';
import { ifValid, readSettings, textOf, wholeNumber } from './setting-schemas.ts';
import type { RawSettings } from './setting-schemas.ts';

/** Where Pulumi keeps the settings of this stack. */
export const STAGING_FILE = 'Pulumi.staging.yaml';

/** Under which the identities of this stack are named; no other stack trusts them. */
export const STAGING_TRUST_DOMAIN = 'staging.meridian';

/** The zones as the platform names them, and what the nodes of each carry by default. */
export const STAGING_ZONES: readonly KubernetesZone[] = [
  { name: 'a', network: '10.64.0.0/20', topologyZone: 'zone-a' },
  { name: 'b', network: '10.64.16.0/20', topologyZone: 'zone-b' },
  { name: 'c', network: '10.64.32.0/20', topologyZone: 'zone-c' },
];

/** Half is the most that can be called a trial. */
const CANARY_RANGE_PERCENT = [0, 50] as const;

const SNAPSHOT_CLASS = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

const schema = z
  .strictObject({
    ...podsFields({ zones: STAGING_ZONES, samplePercent: 100 }),
    edgeIssuer: textOf(
      OBJECT_NAME,
      'the name of a ClusterIssuer of the cluster, lower-case letters, digits, dots and hyphens',
    ).optional(),
    edgeCanaryPercent: wholeNumber(CANARY_RANGE_PERCENT).default(0),
    snapshotClass: textOf(
      SNAPSHOT_CLASS,
      'the name of a VolumeSnapshotClass of the cluster',
    ).optional(),
    ...postgresSettings(),
    operators: z
      .enum(
        OPERATOR_OWNERS,
        `must be one of ${OPERATOR_OWNERS.map((one) => `'${one}'`).join(', ')}`,
      )
      .default('program'),
    ...kafkaNodeSettings(STAGING_ZONES.length),
  })
  .superRefine(refuseMoreControllersThanBrokers, ifValid('kafkaBrokers', 'kafkaControllers'))
  .superRefine(refuseSameArchive, ifValid('postgresBackup', 'postgresRestoreFrom'));

/** The settings of the staging stack. Throws CodedError SETTINGS_INVALID or PINS_INVALID with every problem. */
export function stagingSettings(raw: RawSettings): KubernetesSettings {
  const given = readSettings(schema, raw, STAGING_FILE);
  const { host, edgeIssuer, snapshotClass } = given;
  return {
    landing: 'kubernetes',
    file: STAGING_FILE,
    environment: 'staging',
    trustDomain: STAGING_TRUST_DOMAIN,
    zones: zonesWith(STAGING_ZONES, given.topologyZones),
    ...podsOf(given),
    edge: {
      host,
      ...(edgeIssuer === undefined ? {} : { issuer: edgeIssuer }),
      canaryPercent: given.edgeCanaryPercent,
    },
    operators: given.operators,
    ...(snapshotClass === undefined ? {} : { snapshotClass }),
    postgres: postgresOf(given),
    kafka: { brokers: given.kafkaBrokers, controllers: given.kafkaControllers },
  };
}
