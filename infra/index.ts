import { Certificates } from '@meridian/components/certificates/certificates.ts';
import { Cluster } from '@meridian/components/cluster/cluster.ts';
import { Edge } from '@meridian/components/edge/edge.ts';
import { Externals } from '@meridian/components/external/external.ts';
import { Kafka } from '@meridian/components/kafka/kafka.ts';
import { edgeService } from '@meridian/components/model/call-order.ts';
import { Observability } from '@meridian/components/observability/observability.ts';
import { Postgres } from '@meridian/components/postgres/postgres.ts';
import { Redis } from '@meridian/components/redis/redis.ts';
import { Search } from '@meridian/components/search/search.ts';
import { Zones } from '@meridian/components/zones/zones.ts';
import { describeServices, describeTasks } from './outputs.ts';
import type { StackOutputs } from './outputs.ts';
import { prepare } from './prepare.ts';
import { componentNamed, declareServices, declareTasks } from './workloads.ts';

const { graph, landings } = await prepare();

const cluster = new Cluster('cluster', { landing: landings.cluster });
const certificates = new Certificates('certificates', {
  landing: landings.certificates,
  cluster,
});
const zones = new Zones('zones', { landing: landings.zones, certificates });
const engines = [
  new Postgres('postgres', { landing: landings.postgres, zones }),
  new Redis('redis', { landing: landings.redis, zones }),
  new Kafka('kafka', { landing: landings.kafka, zones }),
  new Search('search', { landing: landings.search, zones }),
];
const externals = new Externals('externals', { landing: landings.externals, zones });
const foundation = { zones, engines: [...engines, externals] };
const serviceMap = declareServices(graph, { landing: landings.services, ...foundation });
const taskMap = declareTasks(graph, serviceMap, { landing: landings.tasks, ...foundation });
const gateway = componentNamed(serviceMap, edgeService(graph).name);
const edge = new Edge('edge', { landing: landings.edge, certificates, gateway });
const observability = new Observability('observability', {
  landing: landings.observability,
  certificates,
  zones,
  edge,
});

// The stack's outputs, described in outputs.ts.
const zoneNodes: StackOutputs['zones'] = graph.zones;
export { zoneNodes as zones };
export const edgeUrl: StackOutputs['edgeUrl'] = edge.url;
export const consoleUrl: StackOutputs['consoleUrl'] = observability.consoleUrl;
export const rootCertificate: StackOutputs['rootCertificate'] = certificates.rootCertificate;
export const services: StackOutputs['services'] = describeServices(serviceMap);
export const externalSystems: StackOutputs['externalSystems'] = externals.systems;
export const tasks: StackOutputs['tasks'] = describeTasks(taskMap);
