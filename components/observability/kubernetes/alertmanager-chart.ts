import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { imageDigest } from '../../kubernetes/other-images.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { alertmanagerConfiguration } from '../paging/alertmanager-configuration.ts';
import { PAGERDUTY_URL } from '../paging/pager.ts';
import { imageParts, TELEMETRY_CHARTS, TELEMETRY_IMAGES } from './charts.ts';
import type { ConfiguredChart } from './collector-charts.ts';
import { configurationMap } from './configuration-map.ts';
import { PART_PORTS, QUORUM_REPLICAS } from './parts.ts';
import {
  acrossZones,
  CONTAINER_SECURITY,
  partTls,
  POD_SECURITY,
  resources,
  secretVolume,
  standing,
  USER,
} from './placement.ts';
import { webConfiguration } from './prometheus-chart.ts';

/** The owner's Secret with a PagerDuty key for each owner of a service, under the owner's name. */
export const PAGER_SECRET = 'pager-keys';

/** Under which that Secret has the address of a heartbeat outside. */
export const HEARTBEAT_KEY = 'heartbeat';

const FOLDER = '/etc/telemetry';
const KEYS_FOLDER = '/run/telemetry/pager';

/** Files of Alertmanager's configuration, by name. */
export function alertmanagerFiles({
  graph,
  settings,
}: KubernetesContext): Readonly<Record<string, string>> {
  const { heartbeat } = settings.telemetry;
  const configuration = alertmanagerConfiguration(graph, {
    eventsUrl: PAGERDUTY_URL,
    routingKeyFile: (owner) => `${KEYS_FOLDER}/${owner}`,
    ...(heartbeat.given ? { heartbeat: { url_file: `${KEYS_FOLDER}/${HEARTBEAT_KEY}` } } : {}),
  });
  return {
    'alertmanager.yml': canonicalJson(configuration),
    // Whoever may tell it anything has a certificate; its probes only see that it accepts.
    'web.yml': canonicalJson(webConfiguration('RequireAndVerifyClientCert')),
  };
}

/** One in each zone; they tell each other whom they have told. */
export function alertmanagerChart(context: KubernetesContext): ConfiguredChart {
  const { graph, settings } = context;
  const configuration = configurationMap(context, 'alertmanager', alertmanagerFiles(context));
  const image = TELEMETRY_IMAGES.alertmanager;
  const { path, tag } = imageParts(image);
  // A probe of the chart's own asks by HTTP, for which the kubelet would need a certificate.
  const probe = { httpGet: null, tcpSocket: { port: 'http' } };
  return {
    manifests: [configuration.manifest],
    chart: {
      name: 'alertmanager',
      namespace: settings.namespaces.observability,
      ...TELEMETRY_CHARTS.alertmanager,
      values: {
        fullnameOverride: 'alertmanager',
        ...pullSecrets(settings),
        replicaCount: QUORUM_REPLICAS,
        image: { repository: path, tag: `${tag}@${imageDigest(context, image)}` },
        automountServiceAccountToken: false,
        config: { enabled: false },
        extraArgs: {
          'config.file': `${FOLDER}/alertmanager.yml`,
          'web.config.file': `${FOLDER}/web.yml`,
          'log.level': 'warn',
          // A pod comes back under another address; after six hours, unless it is told, is its old one given up.
          'cluster.reconnect-timeout': '5m',
        },
        livenessProbe: probe,
        readinessProbe: probe,
        service: { port: PART_PORTS.alertmanager },
        ...standing(graph, 'alertmanager'),
        podSecurityContext: POD_SECURITY,
        // The chart's own user would otherwise stay beside the pod's.
        securityContext: { ...CONTAINER_SECURITY, ...USER },
        topologySpreadConstraints: acrossZones('alertmanager'),
        podDisruptionBudget: { maxUnavailable: 1 },
        resources: resources(50, 128),
        persistence: { size: '1Gi' },
        extraVolumes: [
          { name: 'configuration', configMap: { name: configuration.name } },
          partTls('alertmanager').volume,
          secretVolume('pager', PAGER_SECRET),
        ],
        extraVolumeMounts: [
          { name: 'configuration', mountPath: FOLDER, readOnly: true },
          partTls('alertmanager').mount,
          { name: 'pager', mountPath: KEYS_FOLDER, readOnly: true },
        ],
      },
    },
  };
}
