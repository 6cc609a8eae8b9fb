import { OPERATOR_REPLICAS } from '../../cluster/operator.ts';
import type { Operator } from '../../cluster/operator.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { RESTRICTED_POD } from '../../kubernetes/restricted.ts';

/** Where its chart is installed. */
export const OPERATOR_NAMESPACE = 'elastic-system';

/** Elastic Cloud on Kubernetes. */
export function eck({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    release: {
      version: '3.5.0',
      kubernetes: { oldest: '1.32', newest: '1.36' },
      source: 'https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/README.md',
    },
    kinds: [{ apiVersion: 'elasticsearch.k8s.elastic.co/v1', kinds: ['Elasticsearch'] }],
    chart: {
      name: 'eck-operator',
      namespace: OPERATOR_NAMESPACE,
      chart: 'eck-operator',
      repository: 'https://helm.elastic.co',
      version: '3.5.0',
      values: {
        managedNamespaces: [settings.namespaces.data],
        replicaCount: OPERATOR_REPLICAS,
        podDisruptionBudget: { enabled: true, minAvailable: 1 },
        priorityClassName: priorityClass(graph, 'engine'),
        podSecurityContext: RESTRICTED_POD,
        telemetry: { disabled: true },
        ...pullSecrets(settings),
      },
    },
  };
}
