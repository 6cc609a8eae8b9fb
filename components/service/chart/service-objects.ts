import { App, Chart } from 'cdk8s';
import type { ApiObjectMetadata } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { ROLLOUT } from '../../kubernetes/chart/rollout.ts';
import { ScaledObject } from '../../kubernetes/chart/scaled-object.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { policySpec } from '../../kubernetes/network-policy.ts';
import { SERVICE_PORT } from '../../kubernetes/ports.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import { SCALER_AUTHENTICATION } from '../../observability/kubernetes/scaler-access.ts';
import { values } from './chart-values.ts';
import { previewName, serviceLabels } from './names.ts';
import { addRollout } from './release-objects.ts';

/**
 * Every object of a service as a plain value, of which its chart and what Pulumi declares are both made. It says nothing
 * of who installs them, so it names no namespace, and placeholders stand for the values of the chart.
 */
export function serviceObjects(service: ChartedService): readonly Manifest[] {
  const scope = new Chart(new App(), service.name);
  addServiceObjects(scope, service);
  return scope.toJson() as readonly Manifest[];
}

function addServiceObjects(scope: Construct, service: ChartedService): void {
  const { name, labels } = service;
  const metadataOf = (objectName: string): ApiObjectMetadata => ({
    name: objectName,
    labels: { ...serviceLabels(service) },
  });
  new k8s.KubeServiceAccount(scope, 'service-account', {
    metadata: metadataOf(name),
    automountServiceAccountToken: false,
  });
  for (const [id, objectName] of [
    ['active', name],
    ['preview', previewName(name)],
  ] as const) {
    new k8s.KubeService(scope, id, {
      metadata: metadataOf(objectName),
      spec: serviceSpec(service),
    });
  }
  new k8s.KubeNetworkPolicy(scope, 'network', {
    metadata: metadataOf(name),
    spec: policySpec({ pods: labels, ingress: service.ingress, egress: service.egress }),
  });
  new k8s.KubePodDisruptionBudget(scope, 'disruption', {
    metadata: metadataOf(name),
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels: { ...labels } },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
  addRollout(scope, service, metadataOf(name));
  addScaledObject(scope, service, metadataOf(name));
}

/** Without an address of its own, so that clients see every pod; the edge's proxies need one. */
function serviceSpec({ labels, exposure }: ChartedService): k8s.ServiceSpec {
  const isEdge = exposure === 'edge';
  const portName = isEdge ? 'https' : 'grpc';
  return {
    ...(isEdge ? { type: 'ClusterIP' } : { clusterIp: 'None' }),
    selector: { ...labels },
    ports: [
      {
        name: portName,
        port: SERVICE_PORT,
        targetPort: k8s.IntOrString.fromString(portName),
      },
    ],
  };
}

function addScaledObject(
  scope: Construct,
  { name, growth }: ChartedService,
  metadata: ApiObjectMetadata,
): void {
  new ScaledObject(scope, 'scale', {
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
            threshold: String(growth.queueDepth),
            // Nothing is known then, and not that nobody waits: CPU alone asks for more, and nobody takes any away.
            ignoreNullValues: 'false',
            authModes: 'tls',
          },
        },
      ],
    },
  });
}
