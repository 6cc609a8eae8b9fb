import { createHash } from 'node:crypto';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { KafkaAcl } from '@meridian/provider-local/resources/kafka-acl.ts';
import { KafkaTopic } from '@meridian/provider-local/resources/kafka-topic.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { KAFKA_BINDING } from '@meridian/language/bindings.ts';
import { bindingFolder } from '../local/binding-folder.ts';
import { engineIdentity, NO_USE } from '../local/engine.ts';
import type { EngineUse, LocalEngine } from '../local/engine.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { installedVersion } from '../service/program-sources.ts';
import { hostAddress } from '../model/network.ts';
import { ENGINE_METRICS_PROCESS, MONITOR } from '../observability/engines/monitor.ts';
import { brokerAcls, principalsOf } from './acls.ts';
import type { BrokerGrant } from './acls.ts';
import {
  ADMIN_NAME,
  BROKER_NAME,
  brokerCommand,
  brokerProperties,
  LOG_PROPERTIES,
} from './broker-configuration.ts';
import type { BrokerNode } from './broker-configuration.ts';
import { KAFKA_IDENTITY_FOLDER, kafkaBinding } from './kafka-binding.ts';
import type { KafkaLanding } from './kafka.ts';
import { topicsOf } from './topics.ts';
import type { ManagedTopic } from './topics.ts';

/** Where a broker listens in its zone, for clients and for controllers. */
const PORT_OFFSET = 5;
const CONTROLLER_PORT_OFFSET = 6;
const PLACE = { host: 4, ports: [PORT_OFFSET, CONTROLLER_PORT_OFFSET] } as const;

/** A broker in each zone, each a controller too, so that any one zone may be lost. */
export interface LocalKafka {
  /** The same for every stack of a platform: it tells the platform's storage from another one's. */
  readonly clusterId: string;
  readonly brokers: readonly LocalBroker[];
  readonly topics: readonly ManagedTopic[];
  readonly acls: readonly BrokerGrant[];
}

/** One broker and the process it is. */
export interface LocalBroker {
  readonly zone: string;
  readonly address: string;
  readonly port: number;
  readonly process: ProcessSpec;
}

/** Identity folders of a broker: its own, and the one with which the provider administers it. */
const BROKER_IDENTITY_FOLDER = 'tls';
const ADMIN_IDENTITY_FOLDER = 'admin-tls';

/** Brokers that start together on busy cores; each is ready only when most of them have met. */
const READY_TIMEOUT_SECONDS = 180;

/** The brokers, topics and rights that a graph needs; nothing at all where nobody publishes. */
export function lowerKafka(context: LoweringContext): LocalKafka {
  const { graph, sources } = context;
  const nodes = nodesOf(context);
  const clusterId = clusterIdOf(graph.name);
  return {
    clusterId,
    brokers:
      graph.topics.length === 0
        ? []
        : nodes.map((node) => ({
            zone: node.rack,
            address: node.address,
            port: node.port,
            process: brokerProcess(node, nodes, clusterId, installedVersion(sources, 'kafka')),
          })),
    topics: topicsOf(graph),
    acls: brokerAcls(graph),
  };
}

function nodesOf({ graph, settings }: LoweringContext): readonly BrokerNode[] {
  return graph.zones.map(({ name, network }, position) => ({
    id: position + 1,
    rack: name,
    address: hostAddress(network, PLACE.host),
    port: settings.portBase + PORT_OFFSET,
    controllerPort: settings.portBase + CONTROLLER_PORT_OFFSET,
  }));
}

/** Kafka's cluster ids are 16 bytes in base64url. */
function clusterIdOf(platform: string): string {
  return createHash('sha256').update(platform).digest().subarray(0, 16).toString('base64url');
}

function brokerProcess(
  node: BrokerNode,
  cluster: readonly BrokerNode[],
  clusterId: string,
  revision: string,
): ProcessSpec {
  const { address, port, controllerPort } = node;
  const identity = { uris: [], dnsNames: [] };
  return {
    name: `kafka-${node.rack}`,
    revision,
    command: brokerCommand({
      launcher: '${cache}/kafka/current/bin/kafka',
      properties: '${self}/server.properties',
      logging: 'file://${self:uri}/log4j2.properties',
      clusterId,
      storage: '${data}/storage',
    }),
    environment: {},
    files: {
      'server.properties': brokerProperties(node, cluster, {
        storage: '${data:properties}/storage',
        identity: `\${self:properties}/${BROKER_IDENTITY_FOLDER}`,
      }),
      'log4j2.properties': LOG_PROPERTIES,
    },
    liveFiles: {},
    identities: [
      {
        ...identity,
        folder: BROKER_IDENTITY_FOLDER,
        commonName: BROKER_NAME,
        addresses: [address],
        // Brokers connect to each other as well.
        usages: ['server', 'client'],
      },
      {
        ...identity,
        folder: ADMIN_IDENTITY_FOLDER,
        commonName: ADMIN_NAME,
        addresses: [],
        usages: ['client'],
      },
    ],
    listens: [
      { name: 'kafka', address, port },
      { name: 'controller', address, port: controllerPort },
    ],
    readiness: { kind: 'tcp', address, port, timeoutSeconds: READY_TIMEOUT_SECONDS },
    stop: { signal: 'SIGTERM', graceSeconds: 20 },
    // Each new connection looks for a renewed certificate; see tools/engines/kafka/java.
    onRenew: 'none',
    runs: 'always',
    data: true,
  };
}

/** Runs the brokers in the agents of their zones, and fills the cluster with the local provider. */
export function landKafka(lowered: LocalKafka): KafkaLanding {
  return (parent, name, { zones }) => {
    // Side by side: none of them is ready before most of them have met.
    const brokers = lowered.brokers.map(({ zone, process }) => {
      const host = zones.host(zone);
      return new Process(
        `${name}-broker-${zone}`,
        { zone: host.zone, spec: process },
        { parent, dependsOn: host.resource, protect: true },
      );
    });
    const cluster = {
      id: lowered.clusterId,
      brokers: lowered.brokers.map(({ zone, address, port, process }) => ({
        zone,
        process: process.name,
        address,
        port,
      })),
    };
    const topics = lowered.topics.map(
      (topic) =>
        new KafkaTopic(
          `${name}-topic-${topic.name}`,
          { cluster, ...topic },
          { parent, dependsOn: brokers, protect: true },
        ),
    );
    for (const acl of lowered.acls) {
      new KafkaAcl(
        `${name}-acl-${acl.principal}-${acl.resource}-${acl.name}`,
        { cluster, ...acl },
        { parent, dependsOn: [...brokers, ...topics] },
      );
    }
    return { bootstrapServers: bootstrapServers(lowered.brokers) };
  };
}

/** host:port of each broker. */
function bootstrapServers(
  brokers: readonly Pick<BrokerNode, 'address' | 'port'>[],
): readonly string[] {
  return brokers.map(({ address, port }) => `${address}:${port}`);
}

/** A binding to the cluster for a service that publishes or consumes, and a certificate in its name. */
function useKafka(context: LoweringContext, workload: string): EngineUse {
  const isMonitor = workload === ENGINE_METRICS_PROCESS && context.graph.topics.length > 0;
  const principal = isMonitor ? MONITOR : workload;
  if (!isMonitor && !principalsOf(context.graph).includes(workload)) return NO_USE;
  return {
    files: bindingFolder(KAFKA_BINDING, kafkaBinding(bootstrapServers(nodesOf(context)))),
    identities: [engineIdentity(KAFKA_IDENTITY_FOLDER, principal)],
  };
}

/** Kafka on this machine. */
export const localKafka: LocalEngine<LocalKafka, KafkaLanding> = {
  lower: lowerKafka,
  land: landKafka,
  place: PLACE,
  problems: () => [],
  use: useKafka,
};
