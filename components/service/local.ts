import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { placeReplicas, placesBeside, PORT_OFFSETS } from '../local/addresses.ts';
import type { Placement } from '../local/addresses.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { replicaCount } from '../local/replica-count.ts';
import { connectionPlan } from '../model/database-connections.ts';
import type { ConnectionPlan } from '../model/database-connections.ts';
import type { ServiceNode } from '../model/graph.ts';
import { servingConfiguration } from './service-configuration.ts';
import { prerequisites } from './service.ts';
import type { ServiceLanding } from './service.ts';
import {
  callBindings,
  configurationFile,
  identities,
  kafkaBindings,
  KIT_ENVIRONMENT,
  NODE_COMMAND,
  postgresBindings,
  processConfiguration,
  redisBindings,
  serviceNamed,
} from './service-files.ts';
import type { SharedEngines } from './service-files.ts';

/** The edge asks for health every second and gives up on the second refusal. */
const EDGE_NOTICE_MS = 2_500;

/** How long calls in flight may take to finish; the agent waits longer than the sum. */
const DRAIN_GRACE_MS = 8_000;
const STOP_GRACE_SECONDS = 15;

const READY_TIMEOUT_SECONDS = 60;

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
export function lowerServices(
  context: LoweringContext,
  engines: SharedEngines,
): readonly LocalService[] {
  const { graph, settings } = context;
  const connections = connectionPlan(graph, (service) => replicaCount(service, settings));
  return graph.services.map((service) => ({
    name: service.name,
    replicas: placeReplicas(service, graph.zones, replicaCount(service, settings)).map(
      (placement) => ({
        zone: placement.zone,
        address: placement.address,
        port: settings.portBase + PORT_OFFSETS.service,
        process: replicaProcess(context, service, placement, { engines, connections }),
      }),
    ),
  }));
}

/** Where a replica could run beside those of the program, and the process that it would be there. */
export interface StandIn {
  readonly zone: string;
  readonly address: string;
  readonly port: number;
  readonly process: ProcessSpec;
}

/** The places beside the replicas of a service. Throws Error for one that is not landed. */
export function lowerStandIns(
  context: LoweringContext,
  engines: SharedEngines,
  name: string,
): readonly StandIn[] {
  const { graph, settings } = context;
  const service = serviceNamed(graph, name);
  const connections = connectionPlan(graph, (each) => replicaCount(each, settings));
  return placesBeside(service, graph.zones, replicaCount(service, settings)).map((placement) => ({
    zone: placement.zone,
    address: placement.address,
    port: settings.portBase + PORT_OFFSETS.service,
    process: replicaProcess(context, service, placement, { engines, connections }),
  }));
}

/** What the replicas of all services have in common. */
interface SharedByReplicas {
  readonly engines: SharedEngines;
  readonly connections: ConnectionPlan;
}

function replicaProcess(
  context: LoweringContext,
  service: ServiceNode,
  placement: Placement,
  { engines, connections }: SharedByReplicas,
): ProcessSpec {
  const { graph, settings, sources } = context;
  const { address } = placement;
  const listen = { address, port: settings.portBase + PORT_OFFSETS.service };
  const ops = { address, port: settings.portBase + PORT_OFFSETS.ops };
  const isEdge = service.exposure === 'edge';
  const calls = callBindings(context, service.name);
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
        ...servingConfiguration(graph, service, connections),
        drain: { noticeMs: isEdge ? EDGE_NOTICE_MS : 0, graceMs: DRAIN_GRACE_MS },
      }),
      ...calls.files,
      ...postgresBindings(graph, service.name, engines.postgres),
      ...redisBindings(graph, service.name, engines.redis),
      ...kafkaBindings(graph, service.name, engines.kafka),
    },
    liveFiles: calls.liveFiles,
    identities: identities(graph, service.name, ['server', 'client']),
    listens: [
      { name: isEdge ? 'https' : 'grpc', ...listen },
      { name: 'ops', ...ops },
    ],
    readiness: {
      kind: 'http',
      url: `http://${ops.address}:${ops.port}/readyz`,
      timeoutSeconds: READY_TIMEOUT_SECONDS,
    },
    stop: { signal: 'SIGTERM', graceSeconds: STOP_GRACE_SECONDS },
    onRenew: 'none',
    runs: 'always',
    data: false,
  };
}

/** Runs the replicas in the agents of their zones, one after the other. */
export function landServices(lowered: readonly LocalService[]): ServiceLanding {
  return (parent, args) => {
    const service = lowered.find((candidate) => candidate.name === args.service);
    if (service === undefined) throw new Error(`Service '${args.service}' is not landed`);
    const landed: Process[] = [];
    for (const { zone, process } of service.replicas) {
      const host = args.zones.host(zone);
      // Each replica waits for the one before it, so an update rolls and never takes two at once.
      const before = landed.slice(-1);
      landed.push(
        new Process(
          // Already the service's name with zone and ordinal.
          process.name,
          { zone: host.zone, spec: process },
          {
            parent,
            dependsOn: [host.resource, ...prerequisites(args), ...before],
            deletedWith: host.resource,
          },
        ),
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
