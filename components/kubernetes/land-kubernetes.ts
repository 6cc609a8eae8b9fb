import { landCertificates } from '../certificates/kubernetes.ts';
import { landCluster } from '../cluster/kubernetes.ts';
import { landEdge } from '../edge/kubernetes.ts';
import { landKafka } from '../kafka/kubernetes.ts';
import type { Landings } from '../landings.ts';
import { landPostgres } from '../postgres/kubernetes.ts';
import { landRedis } from '../redis/kubernetes.ts';
import { landSearch } from '../search/kubernetes.ts';
import { landServices } from '../service/kubernetes/land-services.ts';
import { landTasks } from '../task/kubernetes.ts';
import { landZones } from '../zones/kubernetes.ts';
import type { KubernetesStack } from './lower-kubernetes.ts';

/** Every noun in a cluster; charts of services are written to a folder and installed from there. */
export function landKubernetes(stack: KubernetesStack, chartsFolder: string): Landings {
  const { place, rollouts } = stack;
  return {
    cluster: landCluster(stack.cluster),
    certificates: landCertificates(stack.certificates),
    zones: landZones(stack.zones),
    postgres: landPostgres(stack.postgres),
    redis: landRedis(stack.redis),
    kafka: landKafka(stack.kafka),
    search: landSearch(stack.search),
    service: landServices(stack.services, { ...place, rollouts, chartsFolder }),
    task: landTasks(stack.tasks),
    edge: landEdge(stack.edge),
  };
}
