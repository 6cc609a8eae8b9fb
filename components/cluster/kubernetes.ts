import { SPIFFE_DRIVER_NAMESPACE } from '../certificates/issuers.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { NounLanding } from '../noun-landing.ts';
import type { ClusterLanding } from './cluster.ts';
import { defaultDeny } from './default-deny.ts';
import { namespaces } from './namespaces.ts';
import { argoRollouts, certManager, installedHere, operators, spiffeDriver } from './operators.ts';
import { priorityClasses } from './priority-classes.ts';
import { limitRange, nodeCriticalQuota, servicesQuota } from './quotas.ts';

/** Namespaces, quotas, priority classes and operators. */
export type KubernetesCluster = KubernetesPart;

/**
 * What a graph needs of it. The SPIFFE driver and Argo Rollouts are not here: they start with root certificates,
 * so the certificates bring them along.
 */
export function lowerCluster(context: KubernetesLowering): KubernetesCluster {
  const { graph, settings } = context;
  const { data, nodeLogs, observability } = settings.namespaces;
  const ours = [graph.namespace, data, observability, nodeLogs];
  const all = installedHere(context, operators(context)).map(({ chart }) => chart);
  // What others of them are certified by.
  const first = certManager(context).chart.name;
  const elsewhere = [first, spiffeDriver(context).chart.name, argoRollouts(context).chart.name];
  const hasDriver = all.some(({ namespace }) => namespace === SPIFFE_DRIVER_NAMESPACE);
  return {
    steps: [
      { manifests: [...namespaces(context), ...priorityClasses(graph)] },
      {
        manifests: [
          servicesQuota(context),
          ...(hasDriver ? [nodeCriticalQuota(graph)] : []),
          ...ours.map((namespace) => limitRange(graph, namespace)),
          ...ours.map((namespace) => defaultDeny(context, namespace)),
        ],
        charts: all.filter(({ name }) => name === first),
      },
      { charts: all.filter(({ name }) => !elsewhere.includes(name)) },
    ],
  };
}

/** Declares it in the cluster. */
export function landCluster(lowered: KubernetesCluster): ClusterLanding {
  return (parent) => {
    declarePart(lowered, { parent, dependsOn: [] });
  };
}

/** The ground of the platform in a cluster. */
export const kubernetesCluster: NounLanding<
  KubernetesLowering,
  KubernetesCluster,
  unknown,
  ClusterLanding
> = { lower: lowerCluster, land: landCluster };
