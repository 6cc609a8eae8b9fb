import { CodedError } from '@meridian/language/coded-error.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { KubernetesPart, Manifest } from '../../kubernetes/manifest.ts';
import { COLLECTOR_IDENTITY } from '../telemetry-names.ts';
import { collectorAccess } from './access.ts';
import { alertmanagerChart, HEARTBEAT_KEY, PAGER_SECRET } from './alertmanager-chart.ts';
import { partCertificates } from './certificates.ts';
import { collectorChart, nodeLogsChart } from './collector-charts.ts';
import { engineMetricsSteps } from './engine-metrics.ts';
import { grafanaChart } from './grafana-chart.ts';
import { lokiChart } from './loki-chart.ts';
import { partNamespace, partPods, PART_PORTS } from './parts.ts';
import { telemetryPolicies } from './policies.ts';
import { probeSteps } from './probe.ts';
import { prometheusChart } from './prometheus-chart.ts';
import { tempoChart, tempoObjects } from './tempo-chart.ts';

/**
 * Telemetry in a cluster: first what keeps it, then what brings it, then what shows it, what asks engines and what asks as users do. Throws CodedError
 * SETTINGS_INVALID where a heartbeat outside is demanded and there is none.
 */
export function lowerObservability(context: KubernetesLowering): KubernetesPart {
  refuseUnwatched(context);
  const stores = [prometheusChart(context), alertmanagerChart(context), lokiChart(context)];
  const collectors = [
    ...context.settings.zones.map((zone) => collectorChart(context, zone)),
    nodeLogsChart(context),
  ];
  const grafana = grafanaChart(context);
  return {
    steps: [
      {
        manifests: [
          ...partCertificates(context),
          ...telemetryPolicies(context),
          ...collectorAccess(context),
          collectorService(context),
          ...tempoObjects(context),
        ],
      },
      { manifests: [...stores, ...collectors, grafana].flatMap(({ manifests }) => manifests) },
      { charts: [...stores.map(({ chart }) => chart), tempoChart(context)] },
      { charts: [...collectors.map(({ chart }) => chart), grafana.chart] },
      ...engineMetricsSteps(context),
      ...probeSteps(context),
    ],
  };
}

/** Where services send spans: the collectors of all zones, so that a zone that goes takes none along. */
function collectorService({ settings }: KubernetesLowering): Manifest {
  const name = COLLECTOR_IDENTITY;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: partNamespace(settings, 'collector'),
      labels: { 'app.kubernetes.io/name': name },
    },
    spec: {
      clusterIP: 'None',
      selector: { ...partPods('collector') },
      ports: [{ name: 'otlp', port: PART_PORTS.collector, targetPort: 'otlp' }],
    },
  } satisfies k8s.Service;
}

/** Nobody else notices that whoever should watch is away. */
function refuseUnwatched({ settings }: KubernetesLowering): void {
  const { given, needed } = settings.telemetry.heartbeat;
  if (given || !needed) return;
  const problem = `Setting 'meridian:heartbeat': must be 'true', with the address of a heartbeat outside the platform under '${HEARTBEAT_KEY}' in the Secret '${PAGER_SECRET}', as it tells when nothing watches the platform, got 'false'; set it in ${settings.file} (pulumi config set heartbeat true)`;
  throw new CodedError('SETTINGS_INVALID', problem, { problems: [problem] });
}
