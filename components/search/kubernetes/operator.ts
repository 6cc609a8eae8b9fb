import { OPERATOR_REPLICAS } from '../../cluster/operator.ts';
import type { Operator, OwnCertificate } from '../../cluster/operator.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { RESTRICTED_POD } from '../../kubernetes/restricted.ts';
import { searchGrants } from '../search-grants.ts';
import { ECK_CLUSTER_LABEL, TRANSPORT_PORT } from './eck.ts';

/** Where its chart is installed. */
export const OPERATOR_NAMESPACE = 'elastic-system';

/** Of a year; by default a day, of which whoever is told would have half. */
const RENEWED_BEFORE_HOURS = 30 * 24;

/** Elastic Cloud on Kubernetes. */
export function eck({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    release: {
      version: '3.5.0',
      kubernetes: { oldest: '1.32', newest: '1.36' },
      source: 'https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/README.md',
    },
    // Of its webhook, and what nodes know each other by: the latter is shown with its authority. Source: ECK 3.5.0,
    // pkg/controller/webhook/cert.go; pkg/controller/elasticsearch/certificates/transport/pod_secret.go; its chart
    certificates: [
      {
        ...{ name: 'eck-webhook', service: 'elastic-operator-webhook' },
        ...{ namespace: OPERATOR_NAMESPACE, port: 443, podPort: 9_443 },
        pods: { 'app.kubernetes.io/name': 'elastic-operator' },
        renewedBeforeSeconds: RENEWED_BEFORE_HOURS * 3_600,
      },
      ...(searchGrants(graph).length === 0 ? [] : [transportCertificate(graph, settings)]),
    ],
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
        config: {
          caRotateBefore: `${RENEWED_BEFORE_HOURS}h`,
          certificatesRotateBefore: `${RENEWED_BEFORE_HOURS}h`,
        },
        ...pullSecrets(settings),
      },
    },
  };
}

function transportCertificate(
  { name }: KubernetesContext['graph'],
  { namespaces }: KubernetesContext['settings'],
): OwnCertificate {
  return {
    ...{ name: 'elasticsearch-transport', service: `${name}-es-transport` },
    ...{ namespace: namespaces.data, port: TRANSPORT_PORT, podPort: TRANSPORT_PORT },
    pods: { [ECK_CLUSTER_LABEL]: name },
    renewedBeforeSeconds: RENEWED_BEFORE_HOURS * 3_600,
  };
}
