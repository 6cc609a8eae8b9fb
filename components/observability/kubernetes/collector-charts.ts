import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { KubernetesZone } from '../../kubernetes/kubernetes-settings.ts';
import type { ForeignChart, Manifest } from '../../kubernetes/manifest.ts';
import { imageDigest } from '../../kubernetes/other-images.ts';
import { placedInZone } from '../../kubernetes/placed-in-zone.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { COLLECTOR_SECRET } from './certificates.ts';
import { imageParts, TELEMETRY_CHARTS, TELEMETRY_IMAGES } from './charts.ts';
import {
  collectorConfiguration,
  HEALTH_PORT,
  QUEUE_FOLDER,
  SELF_METRICS_PORT,
} from './collector-configuration.ts';
import { configurationMap } from './configuration-map.ts';
import { NODE_LOG_FOLDER, nodeLogsConfiguration, READ_SO_FAR_FOLDER } from './node-logs.ts';
import { COLLECTOR_ACCOUNT } from './access.ts';
import { PART_PORTS } from './parts.ts';
import type { TelemetryPart } from './parts.ts';
import {
  CONTAINER_SECURITY,
  IDENTITY_FOLDER,
  partTls,
  POD_SECURITY,
  resources,
  secretVolume,
  standing,
} from './placement.ts';

/** A chart with the configuration that its pods mount. */
export interface ConfiguredChart {
  readonly chart: ForeignChart;
  readonly manifests: readonly Manifest[];
}

const COLLECTOR_MIB = 512;
const NODE_LOGS_MIB = 192;

/** Above so many of a hundred parts of its memory a collector refuses what comes. */
const LIMIT_PERCENT = 75;

/** Where a collector tells of itself, in words of the chart. */
const SELF_METRICS = {
  enabled: true,
  containerPort: SELF_METRICS_PORT,
  servicePort: SELF_METRICS_PORT,
} as const;

/** Where the collector of a zone keeps what waits, so that its end loses nothing. */
const QUEUE_SIZE = '5Gi';

/** A collector in each zone, on a disk of that zone. */
export function collectorChart(context: KubernetesLowering, zone: KubernetesZone): ConfiguredChart {
  const memoryMib = Math.round((COLLECTOR_MIB * LIMIT_PERCENT) / 100);
  const relay = canonicalJson(collectorConfiguration(context, zone, memoryMib));
  const configuration = configurationMap(context, 'collector', { relay }, `-${zone.name}`);
  const name = `collector-${zone.name}`;
  return {
    manifests: [configuration.manifest],
    chart: chartOf(name, context.settings.namespaces.observability, {
      ...common(context, 'collector', configuration.name),
      mode: 'statefulset',
      serviceAccount: { create: false, name: COLLECTOR_ACCOUNT },
      podSecurityContext: POD_SECURITY,
      affinity: placedInZone(zone),
      resources: resources(250, COLLECTOR_MIB),
      ports: {
        ...onlyPort('otlp', PART_PORTS.collector),
        metrics: SELF_METRICS,
      },
      statefulset: {
        volumeClaimTemplates: [
          {
            metadata: { name: 'queue' },
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: QUEUE_SIZE } },
            },
          },
        ],
      },
      extraVolumes: [partTls('collector').volume, secretVolume('identity', COLLECTOR_SECRET)],
      extraVolumeMounts: [
        { name: 'queue', mountPath: QUEUE_FOLDER },
        partTls('collector').mount,
        { name: 'identity', mountPath: IDENTITY_FOLDER, readOnly: true },
      ],
    }),
  };
}

/** What reads the lines of every node: root, since they are root's, and nothing else of a root's rights. */
export function nodeLogsChart(context: KubernetesLowering): ConfiguredChart {
  const memoryMib = Math.round((NODE_LOGS_MIB * LIMIT_PERCENT) / 100);
  const relay = canonicalJson(nodeLogsConfiguration(context, memoryMib));
  const configuration = configurationMap(context, 'node-logs', { relay });
  return {
    manifests: [configuration.manifest],
    chart: chartOf('node-logs', context.settings.namespaces.nodeLogs, {
      ...common(context, 'node-logs', configuration.name),
      mode: 'daemonset',
      serviceAccount: { create: true, automountServiceAccountToken: false },
      podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      securityContext: { ...CONTAINER_SECURITY, runAsUser: 0, runAsGroup: 0 },
      resources: resources(100, NODE_LOGS_MIB),
      ports: { ...onlyPort(undefined, 0), metrics: SELF_METRICS },
      service: { enabled: false },
      // A node that takes no other pods has lines too.
      tolerations: [{ operator: 'Exists' }],
      extraEnvs: [
        {
          name: 'ZONE',
          valueFrom: { fieldRef: { fieldPath: "metadata.labels['topology.kubernetes.io/zone']" } },
        },
      ],
      extraVolumes: [
        { name: 'lines', hostPath: { path: NODE_LOG_FOLDER } },
        { name: 'read', hostPath: { path: READ_SO_FAR_FOLDER, type: 'DirectoryOrCreate' } },
        partTls('node-logs').volume,
      ],
      extraVolumeMounts: [
        { name: 'lines', mountPath: NODE_LOG_FOLDER, readOnly: true },
        { name: 'read', mountPath: READ_SO_FAR_FOLDER },
        partTls('node-logs').mount,
      ],
    }),
  };
}

function common(context: KubernetesLowering, part: TelemetryPart, existingName: string) {
  const image = TELEMETRY_IMAGES.collector;
  return {
    image: { repository: imageParts(image).path, digest: imageDigest(context, image) },
    command: { name: 'otelcol-contrib' },
    // The chart would merge a configuration of its own into ours, and knows names of older versions.
    configMap: { create: false, existingName },
    rewriteDeprecatedComponentNames: false,
    enableConfigChecksumAnnotation: false,
    securityContext: CONTAINER_SECURITY,
    ...standing(context.graph, part),
    ...pullSecrets(context.settings),
    livenessProbe: probe('/'),
    readinessProbe: probe('/'),
    // What waits on disk is made small again first, during which it answers nobody.
    startupProbe: { ...probe('/'), periodSeconds: 5, failureThreshold: 60 },
    // What waits in memory is written down first.
    terminationGracePeriodSeconds: 60,
  };
}

function probe(path: string) {
  return { httpGet: { path, port: HEALTH_PORT } };
}

/** Of the many that the chart opens by itself. */
function onlyPort(name: 'otlp' | undefined, port: number) {
  const names = ['otlp', 'otlp-http', 'jaeger-compact', 'jaeger-thrift', 'jaeger-grpc', 'zipkin'];
  return Object.fromEntries(
    names.map((each) => [
      each,
      each === name
        ? { enabled: true, containerPort: port, servicePort: port, protocol: 'TCP' }
        : { enabled: false },
    ]),
  );
}

function chartOf(
  name: string,
  namespace: string,
  values: Readonly<Record<string, unknown>>,
): ForeignChart {
  return {
    name,
    namespace,
    ...TELEMETRY_CHARTS.collector,
    values: { fullnameOverride: name, ...values },
  };
}
