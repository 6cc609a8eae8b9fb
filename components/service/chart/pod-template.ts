import { INSTANCE_VARIABLE, ZONE_VARIABLE } from '@meridian/language/process-folder.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { NOBODYS_POD, READ_ONLY_CONTAINER } from '../../kubernetes/restricted.ts';
import { METRICS_PORT, METRICS_PORT_NAME, OPS_PORT, SERVICE_PORT } from '../../kubernetes/ports.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import { limitedNodeFlags } from '../kit-process.ts';
import { values } from './chart-values.ts';
import {
  configurationAnnotations,
  kitEnvironment,
  PROGRAM_FOLDER,
  serviceLabels,
  WORKING_FOLDER,
} from './names.ts';
import { placement } from './placement.ts';
import { mountedVolumes, podVolumes, volumeMounts } from './volumes.ts';

/** A service may take as long as on a machine before it counts as not started. */
const START_SECONDS = 60;
const PROBE_SECONDS = 5;

/** The pods of a service, under Pod Security `restricted`. */
export function podTemplate(service: ChartedService): k8s.PodTemplateSpec {
  const mounted = mountedVolumes(service);
  return {
    metadata: {
      labels: serviceLabels(service),
      // Otherwise the colour of a release would become part of the service's name in telemetry.
      annotations: {
        'resource.opentelemetry.io/service.name': service.name,
        ...configurationAnnotations(service),
      },
    },
    spec: {
      serviceAccountName: service.name,
      priorityClassName: service.priorityClass,
      // No service talks to the API server; its certificate comes by a token of the driver's own.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: service.terminationGraceSeconds,
      securityContext: NOBODYS_POD,
      ...pullSecrets(service),
      ...placement(service),
      containers: [container(service, volumeMounts(mounted))],
      volumes: podVolumes(mounted),
    },
  };
}

function container(service: ChartedService, mounts: readonly k8s.VolumeMount[]): k8s.Container {
  const { name, image, exposure } = service;
  return {
    name,
    image: `${image.repository}@${values.at('image.digest')}`,
    imagePullPolicy: 'IfNotPresent',
    command: [
      'node',
      ...limitedNodeFlags(values.at('heapMiB')),
      `${PROGRAM_FOLDER}/services/${name}/main.ts`,
    ],
    workingDir: WORKING_FOLDER,
    env: environment(),
    ports: [
      { name: exposure === 'edge' ? 'https' : 'grpc', containerPort: SERVICE_PORT },
      { name: 'ops', containerPort: OPS_PORT },
      { name: METRICS_PORT_NAME, containerPort: METRICS_PORT },
    ],
    resources: {
      requests: {
        cpu: values.at('resources.requests.cpu'),
        memory: values.at('resources.requests.memory'),
      },
      limits: {
        cpu: values.at('resources.limits.cpu'),
        memory: values.at('resources.limits.memory'),
      },
    },
    startupProbe: {
      ...probe('/healthz'),
      periodSeconds: 1,
      failureThreshold: START_SECONDS,
    },
    livenessProbe: probe('/healthz'),
    readinessProbe: { ...probe('/readyz'), periodSeconds: PROBE_SECONDS, failureThreshold: 2 },
    securityContext: READ_ONLY_CONTAINER,
    volumeMounts: mounts,
  };
}

/** What the kit reads; instance and zone differ from pod to pod, so the downward API tells them. */
function environment(): readonly k8s.EnvVar[] {
  const field = (name: string, fieldPath: string): k8s.EnvVar => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  });
  return [
    ...kitEnvironment(),
    field(INSTANCE_VARIABLE, 'metadata.name'),
    field(ZONE_VARIABLE, "metadata.labels['topology.kubernetes.io/zone']"),
  ];
}

function probe(path: string): k8s.Probe {
  return {
    httpGet: { path, port: 'ops' },
    timeoutSeconds: PROBE_SECONDS,
  };
}
