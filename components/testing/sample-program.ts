import { Certificates } from '../certificates/certificates.ts';
import { Cluster } from '../cluster/cluster.ts';
import { Edge } from '../edge/edge.ts';
import { Externals } from '../external/external.ts';
import { Kafka } from '../kafka/kafka.ts';
import type { Landings } from '../nouns.ts';
import { landLocal } from '../local/lower-local.ts';
import type { LocalStack } from '../local/lower-local.ts';
import { Network } from '../network/network.ts';
import { Observability } from '../observability/observability.ts';
import { Postgres } from '../postgres/postgres.ts';
import { Redis } from '../redis/redis.ts';
import { Search } from '../search/search.ts';
import { Service } from '../service/service.ts';
import { Task } from '../task/task.ts';
import { Zones } from '../zones/zones.ts';
import { sampleStack } from './sample-stack.ts';

/** Declares every component of the sample platform, as infra/index.ts does for the real one. */
export function declareSample(stack: LocalStack = sampleStack()) {
  return declareLanded(landLocal(stack));
}

/** The same on any landing. */
export function declareLanded(landings: Landings) {
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
  const postgres = new Postgres('postgres', { landing: landings.postgres, ...ground }, within);
  const redis = new Redis('redis', { landing: landings.redis, ...ground }, within);
  const kafka = new Kafka('kafka', { landing: landings.kafka, ...ground }, within);
  new Search('search', { landing: landings.search, ...ground }, within);

  const externals = new Externals('externals', { landing: landings.externals, zones }, within);

  const shelf = new Service(
    'shelf',
    { zones, landing: landings.services, service: 'shelf', after: [postgres, redis, externals] },
    within,
  );
  const door = new Service(
    'door',
    { zones, landing: landings.services, service: 'door', after: [shelf] },
    within,
  );
  const filler = new Task(
    'filler',
    { zones, landing: landings.tasks, task: 'filler', after: [shelf] },
    within,
  );
  const edge = new Edge(
    'edge',
    { landing: landings.edge, certificates, gateway: door, network, cluster },
    within,
  );
  new Observability(
    'observability',
    { landing: landings.observability, certificates, cluster, zones, edge },
    within,
  );
  return { certificates, zones, postgres, redis, kafka, externals, shelf, door, filler, edge };
}
