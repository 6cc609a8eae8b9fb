import { kubernetesCertificates } from '../certificates/kubernetes.ts';
import { kubernetesCluster } from '../cluster/kubernetes.ts';
import { kubernetesEdge } from '../edge/kubernetes.ts';
import { kubernetesExternals } from '../external/kubernetes.ts';
import { kubernetesKafka } from '../kafka/kubernetes.ts';
import type { NounLandings } from '../noun-landing.ts';
import type { EngineNoun } from '../nouns.ts';
import { kubernetesObservability } from '../observability/kubernetes.ts';
import { kubernetesPostgres } from '../postgres/kubernetes.ts';
import { kubernetesRedis } from '../redis/kubernetes.ts';
import { kubernetesSearch } from '../search/kubernetes.ts';
import { kubernetesServices } from '../service/kubernetes/land-services.ts';
import { kubernetesTasks } from '../task/kubernetes.ts';
import { kubernetesZones } from '../zones/kubernetes.ts';
import type { EngineForPods } from './engine.ts';
import type { KubernetesLowering } from './lowering.ts';
import type { ServicesPlace } from './services-place.ts';

/** What each noun must be where services and tasks are pods, whatever makes it real. */
export type NounsForPods = NounLandings<KubernetesLowering, ServicesPlace> &
  Readonly<Record<EngineNoun, EngineForPods>>;

/** The engines of a cluster, in the order in which a workload is given what it gets of them. */
const ENGINES = {
  postgres: kubernetesPostgres,
  redis: kubernetesRedis,
  kafka: kubernetesKafka,
  search: kubernetesSearch,
} satisfies Readonly<Record<EngineNoun, EngineForPods>>;

/** Every noun in a cluster. */
export const KUBERNETES_NOUNS = {
  cluster: kubernetesCluster,
  certificates: kubernetesCertificates,
  zones: kubernetesZones,
  ...ENGINES,
  externals: kubernetesExternals,
  services: kubernetesServices,
  tasks: kubernetesTasks,
  edge: kubernetesEdge,
  observability: kubernetesObservability,
} satisfies NounsForPods;

/** What each of the engines, and each system outside the platform, means to pods that use it. */
export const KUBERNETES_ENGINES: readonly EngineForPods[] = [
  ...Object.values(ENGINES),
  kubernetesExternals,
];
