import type {
  KubernetesZone,
  PodsSettings,
} from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { sortedByName } from '@meridian/components/model/order.ts';
import type { z } from 'zod';
import { auditKeepDays } from './audit-settings.ts';
import { externalSecretsSettings } from './external-secrets-settings.ts';
import { externalSettings } from './external-settings.ts';
import { LABEL_VALUE, OBJECT_NAME } from './kubernetes-names.ts';
import { networkSettings } from './network-settings.ts';
import { DIGEST, pinnedDigests, recordedPins } from './pins.ts';
import { telemetrySettings } from './telemetry-settings.ts';
import { textList, textOf, textsOf, wholeNumber } from './setting-schemas.ts';

/** Reserved for examples (RFC 2606): nothing can be pulled from it by accident. */
export const DEFAULT_REGISTRY = 'registry.example/meridian';

/** Reserved for examples too: nobody's DNS leads there. */
export const DEFAULT_HOST = 'meridian.example';

/** At most 63 characters a label and 253 together (RFC 1123), with a domain. */
const HOST =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const REGISTRY = /^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/;

const PASSWORD_GENERATION_RANGE = [1, 1_000_000] as const;

/** What every stack has to say whose services are pods. */
interface PodsDefaults {
  readonly zones: readonly KubernetesZone[];
  /** Of the requests at the edge. */
  readonly samplePercent: number;
}

/** Settings of any stack whose services are pods. */
export function podsFields({ zones, samplePercent }: PodsDefaults) {
  return {
    topologyZones: textsOf(
      LABEL_VALUE,
      '1 to 63 letters, digits, hyphens, dots and underscores, with a letter or digit at both ends, as labels of nodes have',
    )
      .superRefine((given, context) => {
        refuseUnknownOrEqualZones(zones, given, context);
      })
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
    passwordGeneration: wholeNumber(PASSWORD_GENERATION_RANGE).default(1),
    ...networkSettings(),
    externals: externalSettings().default({}),
    ...externalSecretsSettings(),
    ...telemetrySettings({ samplePercent }),
    auditKeepDays: auditKeepDays(),
  };
}

/** What they say, as they are read. */
type PodsFields = z.output<z.ZodObject<ReturnType<typeof podsFields>>>;

/** What a stack has of them, but for what each decides itself. */
export function podsOf(
  given: PodsFields,
): Omit<
  PodsSettings,
  'edge' | 'environment' | 'file' | 'kafka' | 'operators' | 'postgres' | 'trustDomain' | 'zones'
> {
  return {
    registry: given.registry,
    images: given.images,
    pins: pinnedDigests(recordedPins()),
    imagePullSecrets: given.imagePullSecrets,
    clusterDomain: 'cluster.local',
    namespaces: {
      edge: 'envoy-gateway-system',
      observability: 'observability',
      nodeLogs: 'node-logs',
      data: 'meridian-data',
    },
    passwordGeneration: given.passwordGeneration,
    ...(given.auditKeepDays === undefined ? {} : { auditKeepDays: given.auditKeepDays }),
    dns: given.dns,
    apiServer: given.apiServer,
    externals: given.externals,
    ...(given.externalSecrets === undefined ? {} : { externalSecrets: given.externalSecrets }),
    telemetry: {
      traceSamplePercent: given.traceSamplePercent,
      heartbeat: { given: given.heartbeat, needed: false },
      ...(given.telemetryStore === undefined ? {} : { objectStore: given.telemetryStore }),
    },
  };
}

/** The zones by name, as the graph has them, with the labels of the cluster at hand: their order in a file says nothing. */
export function zonesWith(
  zones: readonly KubernetesZone[],
  labels: Readonly<Record<string, string>>,
): readonly KubernetesZone[] {
  return sortedByName(
    zones.map((zone) => ({ ...zone, topologyZone: labels[zone.name] ?? zone.topologyZone })),
  );
}

/** Each zone has a label of its own. */
function refuseUnknownOrEqualZones(
  zones: readonly KubernetesZone[],
  given: Readonly<Record<string, string>>,
  context: z.core.$RefinementCtx,
): void {
  const names = zones.map(({ name }) => name);
  const known = names.map((name) => `'${name}'`).join(', ');
  for (const name of Object.keys(given).filter((candidate) => !names.includes(candidate))) {
    const message = `must be of a zone of this stack (${known})`;
    context.addIssue({ code: 'custom', path: [name], message, params: { given: name } });
  }
  const labels = zonesWith(zones, given).map(({ topologyZone }) => topologyZone);
  if (new Set(labels).size === labels.length) return;
  const message = 'must name another zone of the cluster for each';
  context.addIssue({ code: 'custom', message, params: { given: labels.join(', ') } });
}
