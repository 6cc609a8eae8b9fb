import type { KubernetesContext, KubernetesLowering } from '../../kubernetes/lowering.ts';
import { imageDigest } from '../../kubernetes/other-images.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { platformBoards } from '../boards/boards.ts';
import { dataSources } from '../boards/data-sources.ts';
import { grafanaAlerts } from '../boards/grafana-alerts.ts';
import { grafanaBoard } from '../boards/grafana-board.ts';
import { SCRAPE_INTERVAL_SECONDS } from '../defaults.ts';
import { partSecret } from './certificates.ts';
import { imageParts, TELEMETRY_CHARTS, TELEMETRY_IMAGES } from './charts.ts';
import type { ConfiguredChart } from './collector-charts.ts';
import { RELOAD_INTERVAL } from './collector-configuration.ts';
import { configurationMap } from './configuration-map.ts';
import { partHost, PART_PORTS, prometheusUrl } from './parts.ts';
import {
  acrossZones,
  CONTAINER_SECURITY,
  POD_SECURITY,
  resources,
  standing,
  TLS_FOLDER,
  tlsFiles,
} from './placement.ts';
import { clusterRules } from './prometheus-chart.ts';
import { watchedCloudOf } from './watched-cloud.ts';

/** The owner's Secret with whom Grafana lets in, and its keys, as the chart looks for them. */
export const ADMIN_SECRET = 'grafana-admin';
export const ADMIN_KEYS = ['admin-user', 'admin-password'] as const;

const REPLICAS = 2;
const BOARDS_FOLDER = '/var/lib/grafana/dashboards/meridian';

const PROVISIONING_FOLDER = '/etc/grafana/provisioning';

/** Folder of each file of provisioning. */
const PROVISIONING = {
  'boards.yaml': 'dashboards',
  'sources.yaml': 'datasources',
  'rules.yaml': 'alerting',
} as const;

/**
 * Two of them, each with all that it shows from its files: neither keeps anything that the other has not, and
 * what somebody changes by hand is gone with the pod.
 */
export function grafanaChart(context: KubernetesLowering): ConfiguredChart {
  const boards = configurationMap(context, 'grafana', boardFiles(context), '-boards');
  const provisioning = configurationMap(context, 'grafana', provisioningFiles(context));
  return {
    manifests: [boards.manifest, provisioning.manifest],
    chart: {
      name: 'grafana',
      namespace: context.settings.namespaces.observability,
      ...TELEMETRY_CHARTS.grafana,
      values: {
        fullnameOverride: 'grafana',
        replicas: REPLICAS,
        ...placement(context),
        ...ground(),
        // ConfigMaps of ours: the chart would read what is in braces in its own as its templates.
        extraConfigmapMounts: [
          { name: 'boards', configMap: boards.name, mountPath: BOARDS_FOLDER, readOnly: true },
          ...Object.entries(PROVISIONING).map(([file, folder]) => ({
            name: folder,
            configMap: provisioning.name,
            mountPath: `${PROVISIONING_FOLDER}/${folder}/${file}`,
            subPath: file,
            readOnly: true,
          })),
        ],
        'grafana.ini': ini(context),
      },
    },
  };
}

/** Every board in a file of its own. */
export function boardFiles(context: KubernetesLowering): Readonly<Record<string, string>> {
  const cloud = watchedCloudOf(context)?.alerts;
  const boards = platformBoards(context.graph, clusterRules(context), cloud);
  return Object.fromEntries(
    boards.map((board) => [`${board.uid}.json`, JSON.stringify(grafanaBoard(board))]),
  );
}

/** What Grafana is given at its start. */
export function provisioningFiles(context: KubernetesLowering): Readonly<Record<string, string>> {
  const { settings } = context;
  const sources = dataSources({
    metrics: prometheusUrl(settings),
    logs: `https://${partHost(settings, 'loki')}:${PART_PORTS.loki}`,
    traces: `https://${partHost(settings, 'tempo')}:${PART_PORTS.tempo}`,
    tlsFolder: TLS_FOLDER,
    scrapeSeconds: SCRAPE_INTERVAL_SECONDS,
  });
  const provider = {
    name: 'meridian',
    type: 'file',
    disableDeletion: true,
    allowUiUpdates: false,
    options: { path: BOARDS_FOLDER },
  };
  return {
    'boards.yaml': canonicalJson({ apiVersion: 1, providers: [provider] }),
    'sources.yaml': canonicalJson({ apiVersion: 1, datasources: sources }),
    'rules.yaml': canonicalJson(grafanaAlerts(clusterRules(context).alerts)),
  };
}

function placement(context: KubernetesContext) {
  const { imagePullSecrets } = context.settings;
  const image = TELEMETRY_IMAGES.grafana;
  const { registry, repository, tag } = imageParts(image);
  return {
    // The chart writes the digest itself, without the name of its algorithm.
    image: {
      ...{ registry, repository, tag, sha: imageDigest(context, image).replace('sha256:', '') },
      ...(imagePullSecrets.length === 0 ? {} : { pullSecrets: imagePullSecrets }),
    },
    ...standing(context.graph, 'grafana'),
    securityContext: POD_SECURITY,
    containerSecurityContext: CONTAINER_SECURITY,
    topologySpreadConstraints: acrossZones('grafana'),
    podDisruptionBudget: { maxUnavailable: 1 },
    resources: resources(100, 512),
    service: {
      port: PART_PORTS.grafana,
      targetPort: PART_PORTS.grafana,
      // Who has signed in is known to one of the two.
      sessionAffinity: 'ClientIP',
    },
    readinessProbe: health(),
    livenessProbe: health(),
  };
}

function health() {
  return { httpGet: { path: '/api/health', port: 'grafana', scheme: 'HTTPS' } };
}

/** Nothing is kept, looked for in the cluster, tried or fetched at the start. */
function ground() {
  return {
    persistence: { enabled: false },
    initChownData: { enabled: false },
    testFramework: { enabled: false },
    rbac: { create: false },
    serviceAccount: { automountServiceAccountToken: false },
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    admin: { existingSecret: ADMIN_SECRET },
    // A volume of any other kind the chart takes for an empty one, and says nothing.
    extraSecretMounts: [
      {
        name: 'telemetry-tls',
        secretName: partSecret('grafana'),
        defaultMode: 0o440,
        mountPath: TLS_FOLDER,
        readOnly: true,
      },
    ],
    extraEmptyDirMounts: [{ name: 'temporary', mountPath: '/tmp' }],
  };
}

/** Source: Grafana 13, "Configure Grafana". */
function ini({ settings }: KubernetesContext) {
  const { certificate, key } = tlsFiles(TLS_FOLDER);
  return {
    paths: { logs: '/tmp' },
    // What is provisioned at the start is many writes at once, on a disk of this pod alone.
    database: { wal: true },
    server: {
      protocol: 'https',
      cert_file: certificate,
      cert_key: key,
      // What it serves is read again; what it shows to stores is not.
      certs_watch_interval: RELOAD_INTERVAL,
      domain: partHost(settings, 'grafana'),
    },
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
    },
    'auth.anonymous': { enabled: false },
    users: { allow_sign_up: false },
    // It would replace what its image has of each store by something newer, in folders that nobody may write.
    plugins: { preinstall_disabled: true },
    security: { disable_gravatar: true },
  };
}
