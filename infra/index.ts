import { Certificates } from '@meridian/components/certificates/certificates.ts';
import { Cluster } from '@meridian/components/cluster/cluster.ts';
import { Edge } from '@meridian/components/edge/edge.ts';
import { Externals } from '@meridian/components/external/external.ts';
import { Kafka } from '@meridian/components/kafka/kafka.ts';
import { edgeService } from '@meridian/components/model/call-order.ts';
import { Network } from '@meridian/components/network/network.ts';
import { Observability } from '@meridian/components/observability/observability.ts';
import { Postgres } from '@meridian/components/postgres/postgres.ts';
import { Redis } from '@meridian/components/redis/redis.ts';
import { Search } from '@meridian/components/search/search.ts';
import { Zones } from '@meridian/components/zones/zones.ts';
import { deployedRevisionOf, describeServices, describeTasks } from './outputs.ts';
import type { StackOutputs } from './outputs.ts';
import { prepare } from './prepare.ts';
import { componentNamed, declareServices, declareTasks } from './workloads.ts';

const { graph, landings } = await prepare();

const network = new Network('network', { landing: landings.network });
const cluster = new Cluster('cluster', { landing: landings.cluster, network });
const { within } = cluster;
const certificates = new Certificates(
  'certificates',
  { landing: landings.certificates, cluster },
  within,
);
const zones = new Zones('zones', { landing: landings.zones, certificates }, within);
const ground = { network, cluster, zones };
const engines = [
  new Postgres('postgres', { landing: landings.postgres, ...ground }, within),
  new Redis('redis', { landing: landings.redis, ...ground }, within),
  new Kafka('kafka', { landing: landings.kafka, ...ground }, within),
  new Search('search', { landing: landings.search, ...ground }, within),
];
const externals = new Externals('externals', { landing: landings.externals, zones }, within);
const foundation = { zones, engines: [...engines, externals], within };
const serviceMap = declareServices(graph, { landing: landings.services, ...foundation });
const taskMap = declareTasks(graph, serviceMap, { landing: landings.tasks, ...foundation });
const gateway = componentNamed(serviceMap, edgeService(graph).name);
const edge = new Edge(
  'edge',
  { landing: landings.edge, certificates, gateway, network, cluster },
  within,
);
const observability = new Observability(
  'observability',
  { landing: landings.observability, certificates, cluster, zones, edge },
  within,
);

// The stack's outputs, described in outputs.ts.
const zoneNodes: StackOutputs['zones'] = graph.zones;
export { zoneNodes as zones };
export const edgeUrl: StackOutputs['edgeUrl'] = edge.url;
export const consoleUrl: StackOutputs['consoleUrl'] = observability.consoleUrl;
export const rootCertificate: StackOutputs['rootCertificate'] = certificates.rootCertificate;
export const services: StackOutputs['services'] = describeServices(serviceMap);
export const externalSystems: StackOutputs['externalSystems'] = externals.systems;
export const tasks: StackOutputs['tasks'] = describeTasks(taskMap);
export const deployedRevision: StackOutputs['deployedRevision'] = deployedRevisionOf(process.env);
