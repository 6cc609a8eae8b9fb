import type {
  EdgeSettings,
  KubernetesSettings,
  KubernetesZone,
} from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { readKafkaNodes } from './kafka-nodes.ts';
import { DIGEST, pinnedDigests, recordedPins } from './pins.ts';
import { SettingReader } from './setting-reader.ts';
import type { RawSettings } from './setting-reader.ts';

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
/** A name of a Kubernetes object (RFC 1123 subdomain). */
const OBJECT_NAME =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** A value of a Kubernetes label, in the lower case that clouds use for zones. */
const TOPOLOGY_ZONE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const REGISTRY = /^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/;

/** Any: a cluster behind a NAT shows its API server under another address than the Service's. */
export const DEFAULT_API_SERVER_NETWORK = '0.0.0.0/0';

/** Of the Service and behind it: some networks look at a packet before, some after translation. */
const API_SERVER_PORTS = [443, 6_443] as const;

const NETWORK = /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|(?=\/))){4}\/(3[0-2]|[12]?\d)$/;
const SNAPSHOT_CLASS = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const PASSWORD_GENERATION_RANGE = [1, 1_000_000] as const;

/** The settings of the staging stack. Throws CodedError SETTINGS_INVALID or PINS_INVALID with every problem. */
export function stagingSettings(raw: RawSettings): KubernetesSettings {
  const reader = new SettingReader(raw, STAGING_FILE);
  const settings: KubernetesSettings = {
    landing: 'kubernetes',
    file: STAGING_FILE,
    environment: 'staging',
    trustDomain: STAGING_TRUST_DOMAIN,
    zones: readZones(reader),
    registry: reader.text(
      'registry',
      REGISTRY,
      "a host with a path and without a tag, such as 'registry.example/meridian'",
      DEFAULT_REGISTRY,
    ),
    images: reader.texts(
      'images',
      DIGEST,
      "the digest of an image, 'sha256:' and 64 hexadecimal digits",
    ),
    pins: pinnedDigests(recordedPins()),
    edge: readEdge(reader),
    clusterDomain: 'cluster.local',
    namespaces: {
      dns: 'kube-system',
      edge: 'envoy-gateway-system',
      observability: 'observability',
      data: 'meridian-data',
    },
    passwordGeneration: reader.integer('passwordGeneration', PASSWORD_GENERATION_RANGE, 1),
    ...readSnapshotClass(reader),
    apiServer: {
      network: reader.text(
        'apiServerNetwork',
        NETWORK,
        "an IPv4 network in CIDR notation, such as '10.96.0.1/32'",
        DEFAULT_API_SERVER_NETWORK,
      ),
      ports: API_SERVER_PORTS,
    },
    kafka: readKafkaNodes(reader, STAGING_ZONES.length),
    prometheusUrl: 'http://prometheus.observability.svc.cluster.local:9090',
  };
  reader.finish();
  return settings;
}

/** What users reach the platform by. */
function readEdge(reader: SettingReader): EdgeSettings {
  const host = reader.text(
    'host',
    HOST,
    "a host name in lower case with a domain, such as 'shop.example'",
    DEFAULT_HOST,
  );
  const issuer = reader.text(
    'edgeIssuer',
    OBJECT_NAME,
    'the name of a ClusterIssuer of the cluster, lower-case letters, digits, dots and hyphens',
    '',
  );
  const canaryPercent = reader.integer('edgeCanaryPercent', CANARY_RANGE_PERCENT, 0);
  return { host, ...(issuer === '' ? {} : { issuer }), canaryPercent };
}

function readSnapshotClass(reader: SettingReader): Pick<KubernetesSettings, 'snapshotClass'> {
  const allowed = 'the name of a VolumeSnapshotClass of the cluster';
  const snapshotClass = reader.text('snapshotClass', SNAPSHOT_CLASS, allowed, '');
  return snapshotClass === '' ? {} : { snapshotClass };
}

/** The zones, with the labels of the cluster at hand: each zone one, and each another. */
function readZones(reader: SettingReader): readonly KubernetesZone[] {
  const key = 'topologyZones';
  const given = reader.texts(
    key,
    TOPOLOGY_ZONE,
    '1 to 63 lower-case letters, digits and hyphens, as labels of nodes have',
  );
  const names = STAGING_ZONES.map(({ name }) => name);
  const known = names.map((name) => `'${name}'`).join(', ');
  for (const name of Object.keys(given).filter((candidate) => !names.includes(candidate))) {
    reader.problem(`${key}.${name}`, `must be of a zone of this stack (${known})`, name);
  }
  const zones = STAGING_ZONES.map((zone) => ({
    ...zone,
    topologyZone: given[zone.name] ?? zone.topologyZone,
  }));
  const labels = zones.map(({ topologyZone }) => topologyZone);
  if (new Set(labels).size < labels.length) {
    reader.problem(key, 'must name another zone of the cluster for each', labels.join(', '));
  }
  return zones;
}
