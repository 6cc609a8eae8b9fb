import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { placeReplicas, placesBeside, PORT_OFFSETS } from '../local/addresses.ts';
import type { Placement } from '../local/addresses.ts';
import { merged } from '../local/binding-folder.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { replicaCount } from '../local/replica-count.ts';
import { connectionPlan } from '../model/database-connections.ts';
import type { ConnectionPlan } from '../model/database-connections.ts';
import type { ServiceNode } from '../model/graph.ts';
import type { NounLanding } from '../noun-landing.ts';
import { KIT_ENVIRONMENT } from './kit-process.ts';
import { kitLifecycle } from './local-lifecycle.ts';
import { servingConfiguration } from './service-configuration.ts';
import type { ServiceLanding } from './service.ts';
import {
  callFiles,
  configurationFile,
  engineUses,
  identities,
  metricsIdentity,
  metricsOf,
  NODE_COMMAND,
  processConfiguration,
  serviceNamed,
  telemetryUse,
} from './service-files.ts';

/** The edge asks for health every second and gives up on the second refusal. */
const EDGE_NOTICE_MS = 2_500;

/** How long calls in flight may take to finish; the agent waits longer than the sum. */
const DRAIN_GRACE_MS = 8_000;
const STOP_GRACE_SECONDS = 15;

/** The replicas of one service. */
export interface LocalService {
  readonly name: string;
  readonly replicas: readonly LocalReplica[];
}

/** One replica and the process it is. */
export interface LocalReplica {
  readonly zone: string;
  readonly address: string;
  readonly port: number;
  readonly process: ProcessSpec;
}

/** Every landed service. */
export function lowerServices(context: LoweringContext): readonly LocalService[] {
  const { graph, settings } = context;
  const connections = connectionPlan(graph, (service) => replicaCount(service, settings));
  return graph.services.map((service) => ({
    name: service.name,
    replicas: replicasOf(context, service).map((placement) => ({
      zone: placement.zone,
      ...listenOf(context, placement),
      process: replicaProcess(context, service, placement, connections),
    })),
  }));
}

/** The replicas that could run beside those of a service. Throws Error for one that is not landed. */
export function lowerStandIns(context: LoweringContext, name: string): readonly LocalReplica[] {
  const { graph, settings } = context;
  const service = serviceNamed(graph, name);
  const connections = connectionPlan(graph, (each) => replicaCount(each, settings));
  return placesBeside(service, graph.zones, replicaCount(service, settings)).map((placement) => ({
    zone: placement.zone,
    ...listenOf(context, placement),
    process: replicaProcess(context, service, placement, connections),
  }));
}

/** Where the replicas of a service run. */
export function replicasOf(
  { graph, settings }: LoweringContext,
  service: ServiceNode,
): readonly Placement[] {
  return placeReplicas(service, graph.zones, replicaCount(service, settings));
}

/** Where a replica serves. */
export function listenOf({ settings }: LoweringContext, { address }: Placement) {
  return { address, port: settings.portBase + PORT_OFFSETS.service };
}

function replicaProcess(
  context: LoweringContext,
  service: ServiceNode,
  placement: Placement,
  connections: ConnectionPlan,
): ProcessSpec {
  const { graph, settings, sources } = context;
  const { address } = placement;
  const listen = listenOf(context, placement);
  const ops = { address, port: settings.portBase + PORT_OFFSETS.ops };
  const metrics = metricsOf(context, placement);
  const isEdge = service.exposure === 'edge';
  const calls = callFiles(context, service.name);
  const uses = engineUses(context, service.name);
  const telemetry = telemetryUse(context);
  return {
    name: placement.name,
    revision: sources.revisions[service.name] ?? '',
    command: [...NODE_COMMAND, `\${program}/services/${service.name}/main.ts`],
    environment: KIT_ENVIRONMENT,
    files: {
      ...configurationFile({
        ...processConfiguration(context, service.name, placement),
        listen,
        ops,
        metrics,
        ...servingConfiguration(graph, service, connections),
        drain: { noticeMs: isEdge ? EDGE_NOTICE_MS : 0, graceMs: DRAIN_GRACE_MS },
      }),
      ...calls.files,
      ...telemetry.files,
      ...merged(uses.map(({ files }) => files)),
    },
    liveFiles: { ...calls.liveFiles, ...telemetry.liveFiles },
    identities: [
      ...identities(graph, service.name, ['server', 'client'], uses),
      metricsIdentity(graph, service.name),
    ],
    listens: [
      { name: isEdge ? 'https' : 'grpc', ...listen },
      { name: 'ops', ...ops },
      { name: 'metrics', address, port: metrics.port },
    ],
    ...kitLifecycle(ops, STOP_GRACE_SECONDS),
  };
}

/** Runs the replicas in the agents of their zones: they start together, and an update never takes two at once. */
export function landServices(lowered: readonly LocalService[]): ServiceLanding {
  return (parent, args) => {
    const service = lowered.find((candidate) => candidate.name === args.service);
    if (service === undefined) throw new Error(`Service '${args.service}' is not landed`);
    for (const { zone, process } of service.replicas) {
      const host = args.zones.host(zone);
      new Process(
        // Already the service's name with zone and ordinal.
        process.name,
        { zone: host.zone, spec: process, rollingGroup: service.name },
        {
          parent,
          dependsOn: [host.resource, ...args.after],
          deletedWith: host.resource,
        },
      );
    }
    return {
      replicas: service.replicas.map(({ zone, address, port, process }) => ({
        name: process.name,
        zone,
        address: `${address}:${port}`,
      })),
    };
  };
}

/** Services on this machine. */
export const localServices: NounLanding<
  LoweringContext,
  readonly LocalService[],
  undefined,
  ServiceLanding
> = { lower: lowerServices, land: landServices };
