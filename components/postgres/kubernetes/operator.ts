import { OPERATOR_REPLICAS, OPERATOR_RESOURCES } from '../../cluster/operator.ts';
import type { Operator } from '../../cluster/operator.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';

/** Where its chart is installed. */
export const OPERATOR_NAMESPACE = 'cnpg-system';

/** CloudNativePG. */
export function cloudNativePg({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    release: {
      version: '1.30.1',
      kubernetes: { oldest: '1.34', newest: '1.36' },
      source: 'https://cloudnative-pg.io/docs/1.30/supported_releases',
    },
    chart: {
      name: 'cloudnative-pg',
      namespace: OPERATOR_NAMESPACE,
      chart: 'cloudnative-pg',
      repository: 'https://cloudnative-pg.github.io/charts',
      version: '0.29.1',
      values: {
        replicaCount: OPERATOR_REPLICAS,
        priorityClassName: priorityClass(graph, 'engine'),
        resources: OPERATOR_RESOURCES,
        ...pullSecrets(settings),
        // Its roles are the cluster's, since it is not in the namespace that it watches.
        config: { clusterWide: true, data: { WATCH_NAMESPACE: settings.namespaces.data } },
      },
    },
  };
}
