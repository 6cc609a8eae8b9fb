import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { ClusterLanding } from './cluster.ts';
import { defaultDeny } from './default-deny.ts';
import { namespaces } from './namespaces.ts';
import { operators } from './operators.ts';
import type { Operator, OperatorName } from './operators.ts';
import { priorityClasses } from './priority-classes.ts';
import { limitRange, servicesQuota } from './quotas.ts';

/** Namespaces, quotas, priority classes and operators. */
export type KubernetesCluster = KubernetesPart;

/**
 * What a graph needs of it. The SPIFFE driver is not here: it starts with the root certificate, so the
 * certificates bring it along.
 */
export function lowerCluster(context: KubernetesContext): KubernetesCluster {
  const { graph, settings } = context;
  const ours = [graph.namespace, settings.namespaces.data];
  const all = Object.entries(operators(context)) as [OperatorName, Operator][];
  const charts = (wanted: (name: OperatorName) => boolean) =>
    all.filter(([name]) => wanted(name)).map(([, { chart }]) => chart);
  return {
    steps: [
      { manifests: [...namespaces(context), ...priorityClasses(graph)] },
      {
        manifests: [
          servicesQuota(context),
          ...ours.map((namespace) => limitRange(graph, namespace)),
          ...ours.map((namespace) => defaultDeny(context, namespace)),
        ],
        // What others of them are certified by.
        charts: charts((name) => name === 'cert-manager'),
      },
      { charts: charts((name) => name !== 'cert-manager' && name !== 'csi-driver-spiffe') },
    ],
  };
}

/** Declares it in the cluster. */
export function landCluster(lowered: KubernetesCluster): ClusterLanding {
  return (parent) => {
    declarePart(lowered, { parent, dependsOn: [] });
  };
}
