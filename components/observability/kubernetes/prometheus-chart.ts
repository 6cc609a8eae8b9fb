import { IDENTITY_LIFETIME_SECONDS } from '../../cluster/operators.ts';
import type { KubernetesContext, KubernetesLowering } from '../../kubernetes/lowering.ts';
import { imageDigest } from '../../kubernetes/other-images.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { canonicalJson } from '../../model/serialise.ts';
import {
  EXEMPLARS_MAX,
  OUT_OF_ORDER_MINUTES,
  RETENTION_DAYS,
  SCRAPE_INTERVAL_SECONDS,
} from '../defaults.ts';
import { OTLP_TRANSLATION } from '../collector/exporters.ts';
import { ALERT_RESEND_DELAY } from '../paging/pager.ts';
import { prometheusRuleGroups } from '../rules/prometheus-rules.ts';
import { ruleFile } from '../rules/rule-file.ts';
import { platformRules } from '../rules/rules.ts';
import type { PlatformRules } from '../rules/rules.ts';
import { prometheusDiskGib } from '../telemetry-budget.ts';
import { imageParts, TELEMETRY_CHARTS, TELEMETRY_IMAGES } from './charts.ts';
import type { ConfiguredChart } from './collector-charts.ts';
import { SELF_METRICS_PORT } from './collector-configuration.ts';
import { configurationMap } from './configuration-map.ts';
import {
  PART_PORTS,
  partHost,
  partNamespace,
  partReplicas,
  PROMETHEUS_REPLICAS,
  prometheusReplicas,
  QUORUM_REPLICAS,
} from './parts.ts';
import type { TelemetryPart } from './parts.ts';
import { watchedCloudOf } from './watched-cloud.ts';
import { watchedExpiries } from './watched-certificates.ts';
import {
  acrossZones,
  askingTls,
  CONTAINER_SECURITY,
  partTls,
  POD_SECURITY,
  resources,
  servingTls,
  standing,
  TLS_FOLDER,
} from './placement.ts';

const MEMORY_MIB = 2_048;

/** Where the chart mounts the configuration. */
const FOLDER = '/etc/config';

/** What was made of a context, which several charts of its stack ask for. */
const made = new WeakMap<KubernetesLowering, PlatformRules>();

/** The rules as a stack in a cluster has them. */
export function clusterRules(context: KubernetesLowering): PlatformRules {
  const rules = made.get(context) ?? rulesOf(context);
  made.set(context, rules);
  return rules;
}

function rulesOf(context: KubernetesLowering): PlatformRules {
  const { graph, engines } = context;
  const [archive] = engines.flatMap((engine) => engine.archive?.(context) ?? []);
  const [instances] = engines.flatMap((engine) => engine.instances?.(context) ?? []);
  const cloud = watchedCloudOf(context);
  const expiries = watchedExpiries(context);
  return platformRules(graph, {
    replicas: Object.fromEntries(
      graph.services.map(({ name, scale }) => [name, scale.minReplicas]),
    ),
    certificateLifetimeSeconds: IDENTITY_LIFETIME_SECONDS,
    // Of nodes nobody collects them: see docs/observability-in-a-cluster.md.
    isHostSeen: false,
    ...(archive === undefined ? {} : { archive }),
    ...(instances === undefined ? {} : { instances }),
    ...(cloud === undefined ? {} : { cloud: cloud.alerts }),
    ...(expiries === undefined ? {} : { expiries: [...expiries, ...(cloud?.expiries ?? [])] }),
  });
}

/** Files of Prometheus' configuration, by name. */
export function prometheusFiles(context: KubernetesLowering): Readonly<Record<string, string>> {
  return {
    'prometheus.yml': canonicalJson(prometheusConfiguration(context)),
    'rules.yml': ruleFile(prometheusRuleGroups(clusterRules(context))),
    'web.yml': canonicalJson(webConfiguration('VerifyClientCertIfGiven')),
  };
}

/** Two replicas, each of which is written all, and evaluates all rules. */
export function prometheusChart(context: KubernetesLowering): ConfiguredChart {
  const { graph, settings } = context;
  const configuration = configurationMap(context, 'prometheus', prometheusFiles(context));
  const image = TELEMETRY_IMAGES.prometheus;
  const diskGib = prometheusDiskGib(graph);
  return {
    manifests: [configuration.manifest],
    chart: {
      name: 'prometheus',
      namespace: settings.namespaces.observability,
      ...TELEMETRY_CHARTS.prometheus,
      values: {
        ...Object.fromEntries(OTHER_CHARTS.map((name) => [name, { enabled: false }])),
        // Restarted with another configuration, and never reloaded: see configuration-map.ts.
        configmapReload: { prometheus: { enabled: false } },
        rbac: { create: false },
        ...pullSecrets(settings),
        serviceAccounts: { server: { automountServiceAccountToken: false } },
        server: {
          fullnameOverride: 'prometheus',
          image: { repository: imageParts(image).path, digest: imageDigest(context, image) },
          // The chart puts the name of the release before it.
          configMapOverrideName: configuration.name.replace(/^prometheus-/, ''),
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          replicaCount: PROMETHEUS_REPLICAS,
          statefulSet: {
            enabled: true,
            // One after the other, the second would wait for a first whose zone is away.
            podManagementPolicy: 'Parallel',
            headless: { servicePort: PART_PORTS.prometheus },
          },
          retention: `${RETENTION_DAYS.metrics}d`,
          retentionSize: `${Math.round(diskGib * 0.85)}GiB`,
          extraFlags: ['web.enable-otlp-receiver'],
          extraArgs: {
            'web.config.file': `${FOLDER}/web.yml`,
            'enable-feature': 'exemplar-storage',
            'log.level': 'warn',
            'rules.alert.resend-delay': ALERT_RESEND_DELAY,
          },
          persistentVolume: { size: `${diskGib}Gi` },
          resources: resources(500, MEMORY_MIB),
          ...standing(graph, 'prometheus'),
          securityContext: POD_SECURITY,
          containerSecurityContext: CONTAINER_SECURITY,
          topologySpreadConstraints: acrossZones('prometheus'),
          podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
          // The kubelet shows no certificate, but checks none either.
          probeScheme: 'HTTPS',
          // What was written since the last block is read again first, which takes minutes.
          startupProbe: { enabled: true, periodSeconds: 10, failureThreshold: 90 },
          terminationGracePeriodSeconds: 120,
          service: { servicePort: PART_PORTS.prometheus, sessionAffinity: 'ClientIP' },
          extraVolumes: [partTls('prometheus').volume],
          extraVolumeMounts: [partTls('prometheus').mount],
        },
      },
    },
  };
}

/** Of the chart's own, which are charts of their own here or nothing. */
const OTHER_CHARTS = [
  'alertmanager',
  'kube-state-metrics',
  'prometheus-node-exporter',
  'prometheus-pushgateway',
] as const;

/** Source: Prometheus 3, "Configuration". */
function prometheusConfiguration({ settings }: KubernetesContext): object {
  const interval = `${SCRAPE_INTERVAL_SECONDS}s`;
  return {
    global: { scrape_interval: interval, evaluation_interval: interval },
    storage: {
      tsdb: { out_of_order_time_window: `${OUT_OF_ORDER_MINUTES}m` },
      exemplars: { max_exemplars: EXEMPLARS_MAX },
    },
    otlp: OTLP_TRANSLATION,
    rule_files: [`${FOLDER}/rules.yml`],
    alerting: {
      alertmanagers: [
        {
          scheme: 'https',
          tls_config: asking(settings, 'alertmanager'),
          // Each is told: they agree among themselves who tells the pager.
          static_configs: [
            {
              targets: partReplicas(settings, 'alertmanager', QUORUM_REPLICAS).map(
                at(PART_PORTS.alertmanager),
              ),
            },
          ],
        },
      ],
    },
    scrape_configs: [
      {
        ...secure(settings, 'prometheus'),
        static_configs: [{ targets: prometheusReplicas(settings).map(at(PART_PORTS.prometheus)) }],
      },
      {
        ...secure(settings, 'alertmanager'),
        static_configs: [
          {
            targets: partReplicas(settings, 'alertmanager', QUORUM_REPLICAS).map(
              at(PART_PORTS.alertmanager),
            ),
          },
        ],
      },
      {
        job_name: 'collector',
        static_configs: [
          {
            targets: settings.zones.map(
              ({ name }) =>
                `collector-${name}.${partNamespace(settings, 'collector')}.svc.${settings.clusterDomain}:${SELF_METRICS_PORT}`,
            ),
          },
        ],
      },
    ],
  };
}

const at = (port: number) => (host: string) => `${host}:${port}`;

/** A part of telemetry that Prometheus asks without the collector: its own replicas and names are known. */
function secure(settings: KubernetesContext['settings'], part: TelemetryPart): object {
  return { job_name: part, scheme: 'https', tls_config: asking(settings, part) };
}

function asking(settings: KubernetesContext['settings'], part: TelemetryPart): object {
  return { ...askingTls(TLS_FOLDER), server_name: partHost(settings, part) };
}

/**
 * How Prometheus and Alertmanager serve; both read their certificate for each connection. Argo Rollouts can
 * show none, so Prometheus demands none, and the NetworkPolicy says who may ask.
 */
export function webConfiguration(
  clientAuth: 'VerifyClientCertIfGiven' | 'RequireAndVerifyClientCert',
): object {
  return {
    tls_server_config: {
      ...servingTls(TLS_FOLDER),
      client_auth_type: clientAuth,
      min_version: 'TLS13',
    },
  };
}
