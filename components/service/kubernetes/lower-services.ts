import { cpuQuantity, memoryQuantity } from '../../kubernetes/quantity.ts';
import { binding, TELEMETRY_BINDING } from '@meridian/language/bindings.ts';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import { selectorLabels } from '../../kubernetes/labels.ts';
import type { Labels } from '../../kubernetes/labels.ts';
import type { EngineUse } from '../../kubernetes/engine.ts';
import type { KubernetesContext, KubernetesLowering } from '../../kubernetes/lowering.ts';
import { UNRESOLVED } from '../../kubernetes/manifest.ts';
import type { PolicyRule } from '../../kubernetes/network-policy.ts';
import { METRICS_PORT, OPS_PORT, SERVICE_PORT } from '../../kubernetes/ports.ts';
import { declaredConnectionPlan } from '../../model/database-connections.ts';
import type { ServiceNode } from '../../model/graph.ts';
import type { Scale } from '../../model/sizing.ts';
import { metricsSecret } from '../../observability/kubernetes/certificates.ts';
import { PART_PORTS, partHost, prometheusUrl } from '../../observability/kubernetes/parts.ts';
import { textOf } from '../../observability/rules/promql.ts';
import {
  COLLECTOR_IDENTITY,
  METRICS_IDENTITY_FOLDER,
} from '../../observability/telemetry-names.ts';
import { previewName } from '../chart/names.ts';
import { callBindings } from '../call-binding.ts';
import {
  identityConfiguration,
  scrapedMetrics,
  serviceFile,
  servingConfiguration,
} from '../service-configuration.ts';
import { mountedSecrets } from './mounted-secrets.ts';
import type { MountedSecret } from './mounted-secrets.ts';
import { egressRules, ingressRules } from './network-rules.ts';
import { queueDepthQuery } from './queue-depth.ts';
import { releaseAnalysis } from './release-analysis.ts';
import type { ReleaseAnalysis } from './release-analysis.ts';

/**
 * Time between 'not ready' and 'stop accepting': the news that a pod leaves takes a moment to reach
 * every client. It does what the sleep of a preStop hook does, without a shell in the image.
 */
const DRAIN_NOTICE_MS = 5_000;

/** Above the deadline that a call without one gets, 10 s. */
const DRAIN_GRACE_MS = 12_000;

/** What is left of it after notice and grace is for closing what the work needed. */
const TERMINATION_GRACE_SECONDS = 30;

/** How far above its request a replica may use an idle CPU. */
const CPU_BURST = 4;

/** CPU and memory in the words of Kubernetes, such as '250m' and '256Mi'. */
export interface Quantities {
  readonly cpu: string;
  readonly memory: string;
}

/** All that the objects of a service are made from. */
export interface ChartedService {
  readonly name: string;
  readonly summary: string;
  /** Version of the program. */
  readonly version: string;
  readonly exposure: ServiceNode['exposure'];
  readonly labels: Labels;
  readonly image: { readonly repository: string; readonly digest: string };
  /** Secrets with which its pods pull it. */
  readonly imagePullSecrets: readonly string[];
  readonly priorityClass: string;
  readonly replicas: { readonly min: number; readonly max: number };
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
  /** Of the limit of memory, in MiB: what V8 may use for old objects, and what is taken beside it. */
  readonly heap: Pick<Scale, 'heapMiB' | 'outsideHeapMiB'>;
  readonly growth: {
    readonly cpuPercent: number;
    readonly queueDepth: number;
    readonly prometheusUrl: string;
    readonly queueDepthQuery: string;
  };
  /** What a release is asked before its promotion; absent where nobody calls the service. */
  readonly analysis?: ReleaseAnalysis;
  /** Values of topology.kubernetes.io/zone that its pods are spread over. */
  readonly topologyZones: readonly string[];
  readonly terminationGraceSeconds: number;
  /** Content of service.json. */
  readonly configuration: string;
  /** Properties of the bindings of its callees and of the collector, none of them secret, by binding. */
  readonly bindings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly secrets: readonly MountedSecret[];
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
}

/** Every service. */
export function lowerServices(context: KubernetesLowering): readonly ChartedService[] {
  return context.graph.services.map((service) => lowerService(context, service));
}

function lowerService(context: KubernetesLowering, service: ServiceNode): ChartedService {
  const { graph, settings, version } = context;
  const { name, summary, exposure, scale } = service;
  const memory = memoryQuantity(scale.memoryMiB);
  const uses = engineUses(context, name);
  const analysis = releaseAnalysis(graph, service, prometheusUrl(settings));
  return {
    name,
    summary,
    version,
    exposure,
    labels: selectorLabels(graph, name),
    image: serviceImage(context, name),
    imagePullSecrets: settings.imagePullSecrets,
    priorityClass: priorityClass(graph, 'service'),
    replicas: { min: scale.minReplicas, max: scale.maxReplicas },
    resources: {
      requests: { cpu: cpuQuantity(scale.cpuMillicores), memory },
      limits: { cpu: cpuQuantity(scale.cpuMillicores * CPU_BURST), memory },
    },
    heap: { heapMiB: scale.heapMiB, outsideHeapMiB: scale.outsideHeapMiB },
    growth: {
      cpuPercent: scale.targetCpuPercent,
      queueDepth: scale.targetQueueDepth,
      prometheusUrl: prometheusUrl(settings),
      queueDepthQuery: textOf(queueDepthQuery(graph, name), 1),
    },
    ...(analysis === undefined ? {} : { analysis }),
    topologyZones: settings.zones.map(({ topologyZone }) => topologyZone),
    terminationGraceSeconds: TERMINATION_GRACE_SECONDS,
    configuration: serviceFile({
      ...identityConfiguration(graph, name, { version, environment: settings.environment }),
      ...servingConfiguration(graph, service, declaredConnectionPlan(graph)),
      listen: { address: EVERY_ADDRESS, port: SERVICE_PORT },
      ops: { address: EVERY_ADDRESS, port: OPS_PORT },
      metrics: scrapedMetrics(graph, { address: EVERY_ADDRESS, port: METRICS_PORT }),
      traceSamplePercent: settings.telemetry.traceSamplePercent,
      drain: { noticeMs: DRAIN_NOTICE_MS, graceMs: DRAIN_GRACE_MS },
    }),
    bindings: { ...clusterCallBindings(context, name), ...telemetryBinding(context) },
    secrets: [
      ...mountedSecrets(service, uses),
      { secret: metricsSecret(name), folder: METRICS_IDENTITY_FOLDER },
    ],
    ingress: ingressRules(context, service),
    egress: egressRules(context, name, uses),
  };
}

/** What the pods of a service or task get of each engine that it uses. */
export function engineUses(context: KubernetesLowering, workload: string): readonly EngineUse[] {
  return context.engines.flatMap((engine) => engine.use(context, workload) ?? []);
}

/** The image of a service, which its tasks run from too. */
export function serviceImage(
  { settings, version }: KubernetesContext,
  service: string,
): ChartedService['image'] {
  const repository = `${settings.registry}/${service}`;
  const pinned = settings.pins[imageReference(repository, version)];
  return { repository, digest: settings.images[service] ?? pinned ?? UNRESOLVED };
}

/** What an image is pushed as, and what `npm run pins` looks up. */
export function imageReference(repository: string, version: string): string {
  return `${repository}:${version}`;
}

/** A pod has one address of its own, which it learns only when it runs. */
const EVERY_ADDRESS = '0.0.0.0';

/** A headless Service answers with the addresses of its ready pods; clients spread over them. */
export function clusterCallBindings(
  { graph, settings }: KubernetesContext,
  caller: string,
): ChartedService['bindings'] {
  const uriOf = (service: string): string =>
    `dns:///${service}.${graph.namespace}.svc.${settings.clusterDomain}:${SERVICE_PORT}`;
  return callBindings(graph, caller, (callee) => ({
    uri: uriOf(callee),
    previewUri: uriOf(previewName(callee)),
  }));
}

/** Where a process sends its spans, and who answers there. */
export function telemetryBinding({
  graph,
  settings,
}: KubernetesContext): ChartedService['bindings'] {
  const uri = `dns:///${partHost(settings, 'collector')}:${PART_PORTS.collector}`;
  const properties = binding('otlp', { uri, 'spiffe-id': spiffeId(graph, COLLECTOR_IDENTITY) });
  return { [TELEMETRY_BINDING]: properties };
}
