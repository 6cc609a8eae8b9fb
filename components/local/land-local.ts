import { landCertificates } from '../certificates/local.ts';
import { landCluster } from '../cluster/local.ts';
import { landEdge } from '../edge/local.ts';
import { landKafka } from '../kafka/local.ts';
import type { Landings } from '../landings.ts';
import { landPostgres } from '../postgres/local.ts';
import { landRedis } from '../redis/local.ts';
import { landSearch } from '../search/local.ts';
import { landServices } from '../service/local.ts';
import { landTasks } from '../task/local.ts';
import { landZones } from '../zones/local.ts';
import type { LocalStack } from './lower-local.ts';

/** Every noun on this machine. */
export function landLocal(stack: LocalStack): Landings {
  return {
    cluster: landCluster(),
    certificates: landCertificates(stack.certificates),
    zones: landZones(stack.zones),
    postgres: landPostgres(stack.postgres),
    redis: landRedis(stack.redis),
    kafka: landKafka(stack.kafka),
    search: landSearch(),
    service: landServices(stack.services),
    task: landTasks(stack.tasks),
    edge: landEdge(stack.edge),
  };
}
