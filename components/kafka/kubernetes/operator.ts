import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { OPERATOR_REPLICAS } from '../../cluster/operator.ts';
import type { Operator } from '../../cluster/operator.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { READ_ONLY_CONTAINER, RESTRICTED_POD } from '../../kubernetes/restricted.ts';
import { promql, series } from '../../observability/rules/promql.ts';

/** Where its chart is installed. */
export const OPERATOR_NAMESPACE = 'strimzi-system';

/** That it makes for a cluster, as its metrics name them. */
const AUTHORITIES = ['cluster-ca', 'client-ca'] as const;

/** Strimzi. */
export function strimzi({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    release: {
      version: '1.2.0',
      kubernetes: { oldest: '1.30', newest: '1.36' },
      source: 'https://strimzi.io/downloads',
    },
    kinds: [
      {
        apiVersion: 'kafka.strimzi.io/v1',
        kinds: ['Kafka', 'KafkaNodePool', 'KafkaTopic', 'KafkaUser'],
      },
    ],
    // Its authorities of a year, which it renews a month before. What brokers show each other is renewed with them.
    // Source: Strimzi 1.2.0, KafkaAssemblyOperatorMetricsHolder.java, CertificateAuthority.java
    expiries: AUTHORITIES.filter(() => graph.topics.length > 0).map((type) => ({
      name: `kafka-${type}`,
      endsAt: promql`min(${series(METRIC_REGISTRY.kafkaAuthorityExpiry, { cluster: graph.name, type })}) / 1000`,
      renewedBeforeSeconds: 30 * 86_400,
    })),
    scrape: {
      pods: { name: 'strimzi-cluster-operator', 'strimzi.io/kind': 'cluster-operator' },
      port: { name: 'http', number: 8_080 },
      kept: [METRIC_REGISTRY.kafkaAuthorityExpiry.name],
    },
    chart: {
      name: 'strimzi',
      namespace: OPERATOR_NAMESPACE,
      chart: 'oci://quay.io/strimzi-helm/strimzi-kafka-operator',
      version: '1.2.0',
      values: {
        watchNamespaces: [settings.namespaces.data],
        replicas: OPERATOR_REPLICAS,
        podDisruptionBudget: { enabled: true, minAvailable: 1 },
        priorityClassName: priorityClass(graph, 'engine'),
        kubernetesServiceDnsDomain: settings.clusterDomain,
        // Its own would let everybody in at the listener and at the metrics; what any policy allows is allowed. It writes
        // none then, for brokers or for the operators beside them, and reads `networkPolicyPeers` of no listener.
        // Source: Strimzi 1.2.0, KafkaReconciler.java and EntityOperatorReconciler.java, networkPolicy
        generateNetworkPolicy: false,
        podSecurityContext: RESTRICTED_POD,
        securityContext: READ_ONLY_CONTAINER,
        ...(settings.imagePullSecrets.length === 0 ? {} : { image: pullSecrets(settings) }),
      },
    },
  };
}
