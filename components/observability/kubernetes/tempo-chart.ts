import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { ForeignChart, Manifest } from '../../kubernetes/manifest.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { RETENTION_DAYS } from '../defaults.ts';
import { imageParts, TELEMETRY_CHARTS, TELEMETRY_IMAGES } from './charts.ts';
import { RELOAD_INTERVAL } from './collector-configuration.ts';
import { keyEnvironment, objectStore, s3Words } from './object-store.ts';
import { OWN_ADDRESS, OWN_ADDRESS_ENVIRONMENT } from './own-address.ts';
import { partNamespace, partPods, PART_PORTS, QUORUM_REPLICAS } from './parts.ts';
import {
  apart,
  CONTAINER_SECURITY,
  partTls,
  POD_SECURITY,
  resources,
  servingTls,
  standing,
  TLS_FOLDER,
} from './placement.ts';

/** Where replicas talk to each other. */
export const TEMPO_INNER_PORTS = { gossip: 7_946, grpc: 9_095 } as const;

const MEMORY_MIB = 1_024;

const TEMPO_HEADLESS = 'tempo-headless';

/** Three replicas that are each everything, and have each span three times before an object store has it. */
export function tempoChart(context: KubernetesContext): ForeignChart {
  const { graph, settings } = context;
  const image = TELEMETRY_IMAGES.tempo;
  const { registry, repository, tag } = imageParts(image);
  return {
    name: 'tempo',
    namespace: settings.namespaces.observability,
    ...TELEMETRY_CHARTS.tempo,
    values: {
      fullnameOverride: 'tempo',
      replicas: QUORUM_REPLICAS,
      ...standing(graph, 'tempo'),
      securityContext: POD_SECURITY,
      serviceAccount: { automountServiceAccountToken: false },
      // A template of the chart's, in which our configuration has nothing to fill in.
      config: canonicalJson(tempoConfiguration(context)),
      persistence: { enabled: true, size: '20Gi' },
      affinity: spreadApart(),
      tempo: {
        registry,
        repository,
        // By its tag: the chart knows no digest, and makes a label of the tag, which can hold none.
        tag,
        ...(settings.imagePullSecrets.length === 0
          ? {}
          : { pullSecrets: settings.imagePullSecrets }),
        memBallastSizeMbs: 0,
        extraArgs: { target: 'scalable-single-binary', 'config.expand-env': 'true' },
        extraEnv: [OWN_ADDRESS_ENVIRONMENT, ...keyEnvironment(objectStore(context))],
        extraVolumeMounts: [partTls('tempo').mount],
        securityContext: CONTAINER_SECURITY,
        resources: resources(250, MEMORY_MIB),
        readinessProbe: probe('/ready'),
        // One that waits for the store or for others is not ready, and no better when it starts again.
        livenessProbe: probe('/status/version'),
      },
      extraVolumes: [partTls('tempo').volume],
    },
  };
}

function probe(path: string) {
  return { httpGet: { path, port: PART_PORTS.tempo, scheme: 'HTTPS' } };
}

/** The chart knows no constraints of spread, so each is kept from the zones of the others. */
function spreadApart() {
  return {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [apart('tempo')],
    },
  };
}

/** Source: Tempo 2.10, "Configuration". */
export function tempoConfiguration(context: KubernetesContext): object {
  const { settings } = context;
  const serving = servingTls(TLS_FOLDER);
  const host = `${TEMPO_HEADLESS}.${partNamespace(settings, 'tempo')}.svc.${settings.clusterDomain}`;
  const store = objectStore(context);
  const { endpoint, region, keys } = s3Words(store);
  const ring = { kvstore: { store: 'memberlist' } };
  return {
    server: {
      http_listen_port: PART_PORTS.tempo,
      grpc_listen_port: TEMPO_INNER_PORTS.grpc,
      log_level: 'warn',
      tls_min_version: 'VersionTLS13',
      // Read again for each connection; the authority is not. The kubelet shows no certificate; the NetworkPolicy says who else gets here.
      http_tls_config: { ...serving, client_auth_type: 'VerifyClientCertIfGiven' },
    },
    memberlist: {
      // Whatever its network is: without it only private addresses are taken.
      advertise_addr: OWN_ADDRESS,
      join_members: [`${host}:${TEMPO_INNER_PORTS.gossip}`],
      // The first of all has nobody to join; two that began alone find each other later.
      abort_if_cluster_join_fails: false,
      rejoin_interval: '90s',
    },
    distributor: {
      receivers: {
        otlp: {
          protocols: {
            grpc: {
              endpoint: `0.0.0.0:${PART_PORTS.tempoReceiver}`,
              tls: { ...serving, reload_interval: RELOAD_INTERVAL },
            },
          },
        },
      },
      // Too much at once is sent again: without a time to wait the collectors would drop it.
      retry_after_on_resource_exhausted: '5s',
    },
    ingester: {
      lifecycler: {
        ring: { ...ring, replication_factor: QUORUM_REPLICAS },
        address: OWN_ADDRESS,
        // One that starts is ready while another is away: a zone that is lost stops no other.
        readiness_check_ring_health: false,
      },
    },
    compactor: {
      ring: { ...ring, instance_addr: OWN_ADDRESS },
      compaction: { block_retention: `${RETENTION_DAYS.traces * 24}h` },
    },
    // Each asks the frontends of all: which of them a client asks is chance.
    querier: { frontend_worker: { frontend_address: `${host}:${TEMPO_INNER_PORTS.grpc}` } },
    storage: {
      trace: {
        backend: 's3',
        s3: {
          ...{ endpoint, region, bucket: store.bucket, prefix: 'traces', forcepathstyle: true },
          ...(keys === undefined ? {} : { access_key: keys.accessKey, secret_key: keys.secretKey }),
        },
        wal: { path: '/var/tempo/wal' },
      },
    },
    usage_report: { reporting_enabled: false },
  };
}

/** What the chart lacks: the Service that it names, by which replicas find each other, and that two never go at once. */
export function tempoObjects(context: KubernetesContext): readonly Manifest[] {
  return [headlessService(context), disruptionBudget(context)];
}

function headlessService({ settings }: KubernetesContext): Manifest {
  const { gossip, grpc } = TEMPO_INNER_PORTS;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: TEMPO_HEADLESS,
      namespace: partNamespace(settings, 'tempo'),
    },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { ...partPods('tempo') },
      ports: [
        { name: 'gossip', port: gossip, targetPort: gossip },
        { name: 'grpc', port: grpc, targetPort: grpc },
      ],
    },
  } satisfies k8s.Service;
}

function disruptionBudget({ settings }: KubernetesContext): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {
      name: 'tempo',
      namespace: partNamespace(settings, 'tempo'),
    },
    spec: { maxUnavailable: 1, selector: { matchLabels: { ...partPods('tempo') } } },
  } satisfies k8s.PodDisruptionBudget;
}
