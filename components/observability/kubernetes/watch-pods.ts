import { INSTANCE_VARIABLE } from '@meridian/language/process-folder.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { Labels } from '../../kubernetes/labels.ts';
import { selectorLabels } from '../../kubernetes/labels.ts';
import type { KubernetesContext, KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import type { PolicyRule } from '../../kubernetes/network-policy.ts';
import { METRICS_PORT, METRICS_PORT_NAME, OPS_PORT } from '../../kubernetes/ports.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { NOBODYS_POD, READ_ONLY_CONTAINER } from '../../kubernetes/restricted.ts';
import { edgeService } from '../../model/call-order.ts';
import { unmeasuredHeapMiB } from '../../model/measured-scale.ts';
import {
  configurationAnnotations,
  kitEnvironment,
  PROGRAM_FOLDER,
  WORKING_FOLDER,
} from '../../service/chart/names.ts';
import type { Configured } from '../../service/chart/names.ts';
import {
  mountedCalls,
  mountedIdentity,
  mountedSecret,
  podVolumes,
  volumeMounts,
} from '../../service/chart/volumes.ts';
import type { Mounted } from '../../service/chart/volumes.ts';
import { limitedNodeFlags } from '../../service/kit-process.ts';
import { serviceImage } from '../../service/kubernetes/lower-services.ts';
import {
  identityConfiguration,
  scrapedMetrics,
  serviceFile,
} from '../../service/service-configuration.ts';
import { METRICS_IDENTITY_FOLDER, telemetryName } from '../telemetry-names.ts';
import { WATCH_CPU_MILLICORES } from '../watch-sizes.ts';
import { metricsSecret, SHORT_LIFETIME, telemetryCertificate } from './certificates.ts';
import { partPeer } from './parts.ts';
import { resources } from './placement.ts';

const EVERY_ADDRESS = '0.0.0.0';

/** Pods of a program of services/watch, for who scrapes and selects them. */
export function watchPods({ graph }: Pick<KubernetesContext, 'graph'>, name: string): Labels {
  return selectorLabels(graph, name);
}

/**
 * The configuration of a program that watches: who it is, by the identity of its ServiceAccount, and that it serves
 * metrics to the collectors and has users of none. A pod learns its place from its environment.
 */
export function watchConfiguration(
  { graph, settings, version }: KubernetesContext,
  name: string,
  more: Partial<Parameters<typeof serviceFile>[0]> = {},
  bindings: Configured['bindings'] = {},
): Configured {
  return {
    name,
    configuration: serviceFile({
      ...identityConfiguration(graph, name, { version, environment: settings.environment }),
      ops: { address: EVERY_ADDRESS, port: OPS_PORT },
      metrics: scrapedMetrics(graph, { address: EVERY_ADDRESS, port: METRICS_PORT }),
      ...more,
    }),
    bindings,
  };
}

/** What a program that watches is and may do: the collector of its zone comes in, and out it goes where it says. */
export function watchFoundation(
  context: KubernetesContext,
  configured: Configured,
  egress: readonly PolicyRule[],
): readonly Manifest[] {
  const { graph, settings } = context;
  const { name } = configured;
  const { namespace } = graph;
  const labels = watchPods(context, name);
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace, labels },
      automountServiceAccountToken: false,
    } satisfies k8s.ServiceAccount,
    telemetryCertificate(graph, {
      namespace,
      secret: metricsSecret(name),
      dnsNames: [telemetryName(name)],
      usages: ['digital signature', 'server auth'],
      lifetime: SHORT_LIFETIME,
    }),
    networkPolicy({
      ...{ name, namespace, pods: labels },
      ingress: [{ peers: [partPeer(settings, 'collector')], ports: [METRICS_PORT] }],
      egress: [dnsRule(settings), ...egress],
    }),
  ];
}

/** One pod of a program that watches. */
export interface WatchDeployment {
  /** Of the Deployment. */
  readonly name: string;
  readonly summary: string;
  readonly configured: Configured;
  /** Its main file, relative to the program's root. */
  readonly entry: string;
  /** Beside those of the program. @default none */
  readonly labels?: Labels;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Beside that of every process of the kit. */
  readonly environment: NonNullable<k8s.PodSpec['containers'][number]['env']>;
  /** Beside its configuration and its identities. */
  readonly mounted: readonly Mounted[];
  readonly memoryMib: number;
  readonly placement: Pick<k8s.PodSpec, 'affinity' | 'tolerations'>;
}

/** Never two at once: what they say would count twice, or they would share what one of them has. */
export function watchDeployment(context: KubernetesLowering, given: WatchDeployment): Manifest {
  const { graph } = context;
  const { name, configured, summary, annotations = {} } = given;
  const labels = { ...watchPods(context, configured.name), ...given.labels };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...{ name, namespace: graph.namespace, labels },
      annotations: { 'meridian/summary': summary, ...annotations },
    },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { ...configurationAnnotations(configured) } },
        spec: podSpec(context, given),
      },
    },
  } satisfies k8s.Deployment;
}

function podSpec(context: KubernetesLowering, given: WatchDeployment): k8s.PodSpec {
  const { graph, settings } = context;
  const { configured, placement } = given;
  const { name } = configured;
  // The image of whom users talk to has it too.
  const { repository, digest } = serviceImage(context, edgeService(graph).name);
  const mounted = [
    ...mountedIdentity(),
    ...mountedCalls(configured),
    mountedSecret({ folder: METRICS_IDENTITY_FOLDER, secret: metricsSecret(name) }),
    ...given.mounted,
  ];
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: priorityClass(graph, 'telemetry'),
    securityContext: NOBODYS_POD,
    ...pullSecrets(settings),
    ...placement,
    containers: [
      {
        name,
        image: `${repository}@${digest}`,
        imagePullPolicy: 'IfNotPresent',
        command: [
          'node',
          ...limitedNodeFlags(unmeasuredHeapMiB(given.memoryMib)),
          `${PROGRAM_FOLDER}/${given.entry}`,
        ],
        ...(given.args === undefined ? {} : { args: [...given.args] }),
        workingDir: WORKING_FOLDER,
        env: [
          ...kitEnvironment(),
          { name: INSTANCE_VARIABLE, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ...given.environment,
        ],
        ports: [
          { name: METRICS_PORT_NAME, containerPort: METRICS_PORT, protocol: 'TCP' },
          { name: 'ops', containerPort: OPS_PORT, protocol: 'TCP' },
        ],
        readinessProbe: { httpGet: { path: '/readyz', port: 'ops' }, periodSeconds: 5 },
        livenessProbe: { httpGet: { path: '/healthz', port: 'ops' }, periodSeconds: 10 },
        resources: resources(WATCH_CPU_MILLICORES, given.memoryMib),
        securityContext: READ_ONLY_CONTAINER,
        volumeMounts: volumeMounts(mounted),
      },
    ],
    volumes: podVolumes(mounted),
  };
}
