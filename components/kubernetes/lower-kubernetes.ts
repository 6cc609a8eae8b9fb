import { lowerCertificates } from '../certificates/kubernetes.ts';
import type { KubernetesCertificates } from '../certificates/kubernetes.ts';
import { lowerCluster } from '../cluster/kubernetes.ts';
import type { KubernetesCluster } from '../cluster/kubernetes.ts';
import { lowerEdge } from '../edge/kubernetes.ts';
import type { KubernetesEdge } from '../edge/kubernetes.ts';
import { lowerKafka } from '../kafka/kubernetes.ts';
import type { KubernetesKafka } from '../kafka/kubernetes.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { lowerPostgres } from '../postgres/kubernetes.ts';
import type { KubernetesPostgres } from '../postgres/kubernetes.ts';
import { lowerRedis } from '../redis/kubernetes.ts';
import type { KubernetesRedis } from '../redis/kubernetes.ts';
import { lowerSearch } from '../search/kubernetes.ts';
import type { KubernetesSearch } from '../search/kubernetes.ts';
import { healthyRollout } from '../service/kubernetes/healthy-rollout.ts';
import { lowerChartedServices } from '../service/kubernetes/lower-services.ts';
import type { ChartedService } from '../service/kubernetes/lower-services.ts';
import { lowerTasks } from '../task/kubernetes.ts';
import type { KubernetesTask } from '../task/kubernetes.ts';
import { lowerZones } from '../zones/kubernetes.ts';
import type { KubernetesZones } from '../zones/kubernetes.ts';
import type { KubernetesContext } from './lowering.ts';
import type { KubernetesPart } from './manifest.ts';
import { otherImages } from './other-images.ts';
import type { OtherImage } from './other-images.ts';

/** What runs in a cluster, as plain JSON: manifests and charts are written from it and nothing else. */
export interface KubernetesStack {
  readonly place: { readonly environment: string; readonly namespace: string };
  readonly cluster: KubernetesCluster;
  readonly certificates: KubernetesCertificates;
  readonly zones: KubernetesZones;
  readonly postgres: KubernetesPostgres;
  readonly redis: KubernetesRedis;
  readonly kafka: KubernetesKafka;
  readonly search: KubernetesSearch;
  readonly services: readonly ChartedService[];
  /** What follows the Release of each service, by name. */
  readonly rollouts: Readonly<Record<string, KubernetesPart>>;
  readonly tasks: readonly KubernetesTask[];
  readonly edge: KubernetesEdge;
  /** Images besides those of the services. */
  readonly images: readonly OtherImage[];
}

/** What a graph becomes in a cluster. Pure. Throws CodedError SETTINGS_INVALID. */
export function lowerKubernetes(context: KubernetesContext): KubernetesStack {
  checkImages(context);
  const { graph, settings } = context;
  const services = lowerChartedServices(context);
  return {
    place: { environment: settings.environment, namespace: graph.namespace },
    cluster: lowerCluster(context),
    certificates: lowerCertificates(context),
    zones: lowerZones(context),
    postgres: lowerPostgres(context),
    redis: lowerRedis(context),
    kafka: lowerKafka(context),
    search: lowerSearch(context),
    services,
    rollouts: Object.fromEntries(
      services.map((service) => [service.name, healthyRollout(context, service)]),
    ),
    tasks: lowerTasks(context),
    edge: lowerEdge(context),
    images: otherImages(context),
  };
}

function checkImages(context: KubernetesContext): void {
  const { graph, settings } = context;
  const names = [...graph.services, ...otherImages(context)].map(({ name }) => name);
  const known = names.map((name) => `'${name}'`).join(', ');
  const problems = Object.keys(settings.images)
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `Setting 'meridian:images.${name}': must be for one of ${known}, got '${name}'; remove it in ${settings.file}`,
    );
  if (problems.length > 0) {
    throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }
}
