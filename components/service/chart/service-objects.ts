import type * as k8s from '../../kubernetes/k8s.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { policyObject } from '../../kubernetes/network-policy.ts';
import { SERVICE_PORT } from '../../kubernetes/ports.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import { SCALER_AUTHENTICATION } from '../../observability/kubernetes/scaler-access.ts';
import { values } from './chart-values.ts';
import { previewName, serviceLabels } from './names.ts';
import { analysisTemplate, ROLLOUT, rollout } from './release-objects.ts';

/** What all objects of a service say of themselves. */
type ServiceMetadata = Pick<k8s.NamedMeta, 'name' | 'labels'>;

/**
 * Every object of a service as a plain value, of which its chart and what Pulumi declares are both made. It says nothing
 * of who installs them, so it names no namespace, and placeholders stand for the values of the chart.
 */
export function serviceObjects(service: ChartedService): readonly Manifest[] {
  const { name, labels, ingress, egress, analysis } = service;
  const metadata = metadataOf(service, name);
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata,
      automountServiceAccountToken: false,
    } satisfies k8s.ServiceAccount,
    ...[name, previewName(name)].map((serviceName) => addressOf(service, serviceName)),
    policyObject(metadata, { pods: labels, ingress, egress }),
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: { ...labels } },
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    } satisfies k8s.PodDisruptionBudget,
    ...(analysis === undefined ? [] : [analysisTemplate(metadata, analysis)]),
    rollout(metadata, service),
    scaledObject(metadata, service),
  ];
}

function metadataOf(service: ChartedService, name: string): ServiceMetadata {
  return { name, labels: { ...serviceLabels(service) } };
}

/** Without an address of its own, so that clients see every pod; the edge's proxies need one. */
function addressOf(service: ChartedService, name: string): k8s.Service {
  const isEdge = service.exposure === 'edge';
  const portName = isEdge ? 'https' : 'grpc';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(service, name),
    spec: {
      ...(isEdge ? { type: 'ClusterIP' } : { clusterIP: 'None' }),
      selector: { ...service.labels },
      ports: [{ name: portName, port: SERVICE_PORT, targetPort: portName }],
    },
  };
}

/** Grows by CPU and by calls that wait. Source: KEDA 2.21, scalers/cpu_memory_scaler.go, prometheus_scaler.go */
function scaledObject(
  metadata: ServiceMetadata,
  { name, growth }: ChartedService,
): k8s.ScaledObject {
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata,
    spec: {
      scaleTargetRef: { ...ROLLOUT, name },
      minReplicaCount: values.at('replicas.min'),
      maxReplicaCount: values.at('replicas.max'),
      triggers: [
        {
          type: 'cpu',
          metricType: 'Utilization',
          metadata: { value: String(growth.cpuPercent) },
        },
        {
          type: 'prometheus',
          metricType: 'AverageValue',
          authenticationRef: { name: SCALER_AUTHENTICATION },
          metadata: {
            serverAddress: growth.prometheusUrl,
            query: growth.queueDepthQuery,
            // Of the query's result, for each replica.
            threshold: String(growth.queueDepth),
            // Nothing is known then, and not that nobody waits: CPU alone asks for more, and nobody takes any away.
            ignoreNullValues: 'false',
            authModes: 'tls',
          },
        },
      ],
    },
  };
}
