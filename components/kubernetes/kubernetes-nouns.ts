import { kubernetesCertificates } from '../certificates/kubernetes.ts';
import { kubernetesCluster } from '../cluster/kubernetes.ts';
import { kubernetesEdge } from '../edge/kubernetes.ts';
import { kubernetesExternals } from '../external/kubernetes.ts';
import { kubernetesKafka } from '../kafka/kubernetes.ts';
import { networkInPlace } from '../network/network.ts';
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
  Readonly<Record<EngineNoun | 'externals', EngineForPods>> & {
    /** With what watches engines of a cloud, if there are any. */
    readonly observability: { readonly watches?: EngineForPods };
    readonly services: typeof kubernetesServices;
    readonly tasks: typeof kubernetesTasks;
  };

/** Every noun in a cluster. */
export const KUBERNETES_NOUNS = {
  network: networkInPlace,
  cluster: kubernetesCluster,
  certificates: kubernetesCertificates,
  zones: kubernetesZones,
  postgres: kubernetesPostgres,
  redis: kubernetesRedis,
  kafka: kubernetesKafka,
  search: kubernetesSearch,
  externals: kubernetesExternals,
  services: kubernetesServices,
  tasks: kubernetesTasks,
  edge: kubernetesEdge,
  observability: kubernetesObservability,
} satisfies NounsForPods;

/**
 * What each of the engines, and each system outside the platform, means to pods that use it, in the order in which a
 * workload is given what it gets of them; last what watches those of a cloud, of which none gets anything.
 */
export function enginesOf({
  postgres,
  redis,
  kafka,
  search,
  externals,
  observability: { watches },
}: NounsForPods): readonly EngineForPods[] {
  const engines = [postgres, redis, kafka, search, externals];
  return watches === undefined ? engines : [...engines, watches];
}

/** Those of a cluster. */
export const KUBERNETES_ENGINES = enginesOf(KUBERNETES_NOUNS);
