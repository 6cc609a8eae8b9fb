import type {
  KubernetesSettings,
  KubernetesZone,
} from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { OPERATOR_OWNERS } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { z } from 'zod';
import { auditKeepDays } from './audit-settings.ts';
import { externalSecretsSettings } from './external-secrets-settings.ts';
import { externalSettings } from './external-settings.ts';
import { kafkaNodeSettings, refuseMoreControllersThanBrokers } from './kafka-nodes.ts';
import { LABEL_VALUE, OBJECT_NAME } from './kubernetes-names.ts';
import { networkSettings } from './network-settings.ts';
import { DIGEST, pinnedDigests, recordedPins } from './pins.ts';
import { postgresOf, postgresSettings, refuseSameArchive } from './postgres-settings.ts';
import { telemetrySettings } from './telemetry-settings.ts';
import {
  ifValid,
  readSettings,
  textList,
  textOf,
  textsOf,
  wholeNumber,
} from './setting-schemas.ts';
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

/** Reserved for examples (RFC 2606): nothing can be pulled from it by accident. */
export const DEFAULT_REGISTRY = 'registry.example/meridian';

/** Reserved for examples too: nobody's DNS leads there. */
export const DEFAULT_HOST = 'meridian.example';

/** Half is the most that can be called a trial. */
const CANARY_RANGE_PERCENT = [0, 50] as const;

/** At most 63 characters a label and 253 together (RFC 1123), with a domain. */
const HOST =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const REGISTRY = /^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/;

const SNAPSHOT_CLASS = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const PASSWORD_GENERATION_RANGE = [1, 1_000_000] as const;

const schema = z
  .strictObject({
    topologyZones: textsOf(
      LABEL_VALUE,
      '1 to 63 letters, digits, hyphens, dots and underscores, with a letter or digit at both ends, as labels of nodes have',
    )
      .superRefine(refuseUnknownOrEqualZones)
      .default({}),
    registry: textOf(
      REGISTRY,
      "a host with a path and without a tag, such as 'registry.example/meridian'",
    ).default(DEFAULT_REGISTRY),
    images: textsOf(DIGEST, "the digest of an image, 'sha256:' and 64 hexadecimal digits").default(
      {},
    ),
    imagePullSecrets: textList(
      OBJECT_NAME,
      'names of Secrets of type kubernetes.io/dockerconfigjson, such as \'["registry-access"]\'',
    ).default([]),
    host: textOf(HOST, "a host name in lower case with a domain, such as 'shop.example'").default(
      DEFAULT_HOST,
    ),
    edgeIssuer: textOf(
      OBJECT_NAME,
      'the name of a ClusterIssuer of the cluster, lower-case letters, digits, dots and hyphens',
    ).optional(),
    edgeCanaryPercent: wholeNumber(CANARY_RANGE_PERCENT).default(0),
    passwordGeneration: wholeNumber(PASSWORD_GENERATION_RANGE).default(1),
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
    ...networkSettings(),
    externals: externalSettings().default({}),
    ...externalSecretsSettings(),
    ...telemetrySettings({ samplePercent: 100 }),
    auditKeepDays: auditKeepDays(),
    ...kafkaNodeSettings(STAGING_ZONES.length),
  })
  .superRefine(refuseMoreControllersThanBrokers, ifValid('kafkaBrokers', 'kafkaControllers'))
  .superRefine(refuseSameArchive, ifValid('postgresBackup', 'postgresRestoreFrom'));

/** The settings of the staging stack. Throws CodedError SETTINGS_INVALID or PINS_INVALID with every problem. */
export function stagingSettings(raw: RawSettings): KubernetesSettings {
  const given = readSettings(schema, raw, STAGING_FILE);
  const { registry, images, passwordGeneration, host, edgeIssuer, snapshotClass } = given;
  return {
    landing: 'kubernetes',
    file: STAGING_FILE,
    environment: 'staging',
    trustDomain: STAGING_TRUST_DOMAIN,
    zones: zonesWith(given.topologyZones),
    registry,
    images,
    pins: pinnedDigests(recordedPins()),
    imagePullSecrets: given.imagePullSecrets,
    edge: {
      host,
      ...(edgeIssuer === undefined ? {} : { issuer: edgeIssuer }),
      canaryPercent: given.edgeCanaryPercent,
    },
    clusterDomain: 'cluster.local',
    namespaces: {
      edge: 'envoy-gateway-system',
      observability: 'observability',
      nodeLogs: 'node-logs',
      data: 'meridian-data',
    },
    operators: given.operators,
    passwordGeneration,
    ...(snapshotClass === undefined ? {} : { snapshotClass }),
    postgres: postgresOf(given),
    ...(given.auditKeepDays === undefined ? {} : { auditKeepDays: given.auditKeepDays }),
    dns: given.dns,
    apiServer: given.apiServer,
    externals: given.externals,
    ...(given.externalSecrets === undefined ? {} : { externalSecrets: given.externalSecrets }),
    kafka: { brokers: given.kafkaBrokers, controllers: given.kafkaControllers },
    telemetry: {
      traceSamplePercent: given.traceSamplePercent,
      heartbeat: { given: given.heartbeat, needed: false },
      ...(given.telemetryStore === undefined ? {} : { objectStore: given.telemetryStore }),
    },
  };
}

/** The zones, with the labels of the cluster at hand. */
function zonesWith(labels: Readonly<Record<string, string>>): readonly KubernetesZone[] {
  return STAGING_ZONES.map((zone) => ({
    ...zone,
    topologyZone: labels[zone.name] ?? zone.topologyZone,
  }));
}

/** Each zone has a label of its own. */
function refuseUnknownOrEqualZones(
  given: Readonly<Record<string, string>>,
  context: z.core.$RefinementCtx,
): void {
  const names = STAGING_ZONES.map(({ name }) => name);
  const known = names.map((name) => `'${name}'`).join(', ');
  for (const name of Object.keys(given).filter((candidate) => !names.includes(candidate))) {
    const message = `must be of a zone of this stack (${known})`;
    context.addIssue({ code: 'custom', path: [name], message, params: { given: name } });
  }
  const labels = zonesWith(given).map(({ topologyZone }) => topologyZone);
  if (new Set(labels).size === labels.length) return;
  const message = 'must name another zone of the cluster for each';
  context.addIssue({ code: 'custom', message, params: { given: labels.join(', ') } });
}
