import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { imageDigest } from '../../kubernetes/other-images.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { RETENTION_DAYS } from '../defaults.ts';
import { imageParts, TELEMETRY_CHARTS, TELEMETRY_IMAGES } from './charts.ts';
import type { ConfiguredChart } from './collector-charts.ts';
import { configurationMap } from './configuration-map.ts';
import { keyEnvironment, objectStore, s3Words } from './object-store.ts';
import { OWN_ADDRESS } from './own-address.ts';
import { partNamespace, PART_PORTS, QUORUM_REPLICAS } from './parts.ts';
import {
  acrossZones,
  CONTAINER_SECURITY,
  partTls,
  POD_SECURITY,
  resources,
  servingTls,
  standing,
  TLS_FOLDER,
} from './placement.ts';

/** Where replicas talk to each other. */
export const LOKI_INNER_PORTS = { gossip: 7_946, grpc: 9_095 } as const;

const FOLDER = '/var/loki';
const MEMORY_MIB = 1_024;

/** How much of its memory may be full of lines that it reads again at its start, before it sends them to the store. */
const REPLAYED_PERCENT = 50;

/**
 * How long Loki has a stream's lines in memory at most, in hours. Half of it is how late a line may come behind the newest of
 * its stream, which has those of all nodes: one that was cut off for longer is refused.
 */
const CHUNK_HOURS_MAX = 6;

/** Three replicas that have each line twice at least, before an object store has it. */
export function lokiChart(context: KubernetesContext): ConfiguredChart {
  const { graph, settings } = context;
  const config = canonicalJson(lokiConfiguration(context));
  const configuration = configurationMap(context, 'loki', { 'config.yaml': config });
  const image = TELEMETRY_IMAGES.loki;
  const { registry, repository } = imageParts(image);
  return {
    manifests: [configuration.manifest],
    chart: {
      name: 'loki',
      namespace: settings.namespaces.observability,
      ...TELEMETRY_CHARTS.loki,
      values: {
        fullnameOverride: 'loki',
        ...pullSecrets(settings),
        deploymentMode: 'Monolithic',
        global: { clusterDomain: settings.clusterDomain },
        loki: {
          image: { registry, repository, digest: imageDigest(context, image) },
          // The whole configuration is ours, so the chart writes none.
          configObjectName: configuration.name,
          generatedConfigObjectName: '',
          schemaConfig: SCHEMA,
          podSecurityContext: POD_SECURITY,
          containerSecurityContext: CONTAINER_SECURITY,
          readinessProbe: { httpGet: { path: '/ready', port: 'http-metrics', scheme: 'HTTPS' } },
          livenessProbe: {
            httpGet: {
              path: '/loki/api/v1/status/buildinfo',
              port: 'http-metrics',
              scheme: 'HTTPS',
            },
          },
        },
        serviceAccount: { automountServiceAccountToken: false },
        defaults: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // Who asks is led to one that is ready; the chart would lead to every one.
          service: { publishNotReadyAddresses: false },
        },
        // Replicas find each other before they are ready, which they are once they have.
        memberlist: { service: { publishNotReadyAddresses: true } },
        singleBinary: {
          replicas: QUORUM_REPLICAS,
          // Rules are Prometheus'; the sidecar would look for some.
          sidecar: false,
          extraEnv: keyEnvironment(objectStore(context)),
          ...standing(graph, 'loki'),
          extraVolumes: [partTls('loki').volume],
          extraVolumeMounts: [partTls('loki').mount],
          resources: resources(250, MEMORY_MIB),
          topologySpreadConstraints: acrossZones('loki'),
          podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
          terminationGracePeriodSeconds: 120,
          persistence: { size: '20Gi', enableStatefulSetAutoDeletePVC: false },
        },
        ...Object.fromEntries(
          ['gateway', 'chunksCache', 'resultsCache', 'lokiCanary', 'test'].map((name) => [
            name,
            { enabled: false },
          ]),
        ),
        // Those of the chart's other form, which are three by default: it refuses both at once.
        ...Object.fromEntries(['read', 'write', 'backend'].map((name) => [name, { replicas: 0 }])),
        sidecar: { rules: { enabled: false } },
      },
    },
  };
}

/** Index and form of chunks from a day on; another form is another entry with its day. */
const SCHEMA = {
  configs: [
    {
      from: '2026-01-01',
      store: 'tsdb',
      object_store: 's3',
      schema: 'v13',
      index: { prefix: 'index_', period: '24h' },
    },
  ],
} as const;

/** Source: Loki 3.7, "Grafana Loki configuration parameters". */
export function lokiConfiguration(context: KubernetesContext): object {
  const { settings } = context;
  const host = `${partNamespace(settings, 'loki')}.svc.${settings.clusterDomain}`;
  const store = objectStore(context);
  const { endpoint, region, keys } = s3Words(store);
  return {
    auth_enabled: false,
    server: {
      http_listen_port: PART_PORTS.loki,
      grpc_listen_port: LOKI_INNER_PORTS.grpc,
      log_level: 'warn',
      tls_min_version: 'VersionTLS13',
      http_tls_config: {
        // Read again for each connection; the authority is not.
        ...servingTls(TLS_FOLDER),
        // The kubelet shows none; the NetworkPolicy says who else gets here.
        client_auth_type: 'VerifyClientCertIfGiven',
      },
    },
    memberlist: {
      join_members: [`loki-memberlist.${host}:${LOKI_INNER_PORTS.gossip}`],
      // The first of all has nobody to join; two that began alone find each other later.
      abort_if_cluster_join_fails: false,
      rejoin_interval: '90s',
    },
    common: {
      path_prefix: FOLDER,
      // Whatever its network and its interface are called.
      instance_addr: OWN_ADDRESS,
      replication_factor: QUORUM_REPLICAS,
      ring: { kvstore: { store: 'memberlist' } },
      storage: {
        s3: {
          ...{ endpoint, region, bucketnames: store.bucket, s3forcepathstyle: true },
          ...(keys === undefined
            ? {}
            : { access_key_id: keys.accessKey, secret_access_key: keys.secretKey }),
        },
      },
    },
    schema_config: SCHEMA,
    ingester: {
      // One that starts is ready while another is away: a zone that is lost stops no other.
      lifecycler: { readiness_check_ring_health: false },
      // 4 GB unless it is told, and it would be ended while it reads again, at each start.
      wal: { replay_memory_ceiling: `${Math.round((MEMORY_MIB * REPLAYED_PERCENT) / 100)}MB` },
      max_chunk_age: `${CHUNK_HOURS_MAX}h`,
    },
    // Lines that are in memory alone are found there: an hour more than they can be.
    querier: { query_ingesters_within: `${CHUNK_HOURS_MAX + 1}h` },
    limits_config: {
      retention_period: `${RETENTION_DAYS.logs * 24}h`,
      allow_structured_metadata: true,
      // A stream for each service and level, and no other: all else is metadata of a line (ADR 79).
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: 'index_label', attributes: ['service.name'] }],
        },
        severity_text_as_label: true,
      },
      discover_log_levels: false,
      // Of a longer one the beginning is kept; it would be refused as a whole.
      max_line_size_truncate: true,
      reject_old_samples_max_age: `${RETENTION_DAYS.traces * 24}h`,
    },
    compactor: {
      working_directory: `${FOLDER}/compactor`,
      retention_enabled: true,
      delete_request_store: 's3',
    },
    analytics: { reporting_enabled: false },
  };
}
