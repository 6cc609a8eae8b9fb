import type { CertificatesLanding } from './certificates/certificates.ts';
import type { ClusterLanding } from './cluster/cluster.ts';
import type { EdgeLanding } from './edge/edge.ts';
import type { ExternalsLanding } from './external/external.ts';
import type { KafkaLanding } from './kafka/kafka.ts';
import type { NetworkLanding } from './network/network.ts';
import type { ObservabilityLanding } from './observability/observability.ts';
import type { PostgresLanding } from './postgres/postgres.ts';
import type { RedisLanding } from './redis/redis.ts';
import type { SearchLanding } from './search/search.ts';
import type { ServiceLanding } from './service/service.ts';
import type { TaskLanding } from './task/task.ts';
import type { ZonesLanding } from './zones/zones.ts';

/** Each noun of the platform, and the code that makes it real. */
export interface Landings {
  readonly network: NetworkLanding;
  readonly cluster: ClusterLanding;
  readonly certificates: CertificatesLanding;
  readonly zones: ZonesLanding;
  readonly postgres: PostgresLanding;
  readonly redis: RedisLanding;
  readonly kafka: KafkaLanding;
  readonly search: SearchLanding;
  readonly externals: ExternalsLanding;
  readonly services: ServiceLanding;
  readonly tasks: TaskLanding;
  readonly edge: EdgeLanding;
  readonly observability: ObservabilityLanding;
}

/** A noun by its name. */
export type Noun = keyof Landings;

/** The nouns that services and tasks use by a binding. */
export type EngineNoun = 'postgres' | 'redis' | 'kafka' | 'search';
