import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { ClusterLanding } from './cluster.ts';

/** Namespaces, quotas, priority classes and operators. */
export type KubernetesCluster = KubernetesPart;

/** What a graph needs of it. */
export function lowerCluster(): KubernetesCluster {
  return { steps: [] };
}

/** Declares it in the cluster. */
export function landCluster(lowered: KubernetesCluster): ClusterLanding {
  return (parent) => {
    declarePart(lowered, { parent, dependsOn: [] });
  };
}
