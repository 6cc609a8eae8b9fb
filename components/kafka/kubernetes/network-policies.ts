import { selectorLabels } from '../../kubernetes/labels.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { apiServerRule, dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import type { PolicyPeer } from '../../kubernetes/network-policy.ts';
import { monitorPeer } from '../../observability/engines/cluster-monitor.ts';
import { principalsOf } from '../acls.ts';
import { OPERATOR_NAMESPACE } from './operator.ts';
import { CLIENTS_PORT, STRIMZI_KIND_LABEL, STRIMZI_NAME_LABEL } from './strimzi.ts';

/** Where controllers elect and copy the metadata. Source: Strimzi 1.2.0, KafkaCluster.java. */
const CONTROL_PLANE_PORT = 9_090;

/** Where brokers copy records, and operators administer. */
const REPLICATION_PORT = 9_091;

/** Where a broker tells the operator how it is. */
const AGENT_PORT = 8_443;

/** Where Prometheus reads. */
const METRICS_PORT = 9_404;

/**
 * Who may reach the brokers: the services that use topics, who asks how they are, each other, Strimzi and the collectors.
 * They stand in place of those that Strimzi would write itself, which open the listener and the metrics to everybody.
 */
export function networkPolicies(context: KubernetesContext): readonly Manifest[] {
  const { graph, settings } = context;
  const { data, observability } = settings.namespaces;
  const brokers = { [STRIMZI_NAME_LABEL]: `${graph.name}-kafka` };
  const entityOperator = { [STRIMZI_NAME_LABEL]: `${graph.name}-entity-operator` };
  const operator: PolicyPeer = {
    namespace: OPERATOR_NAMESPACE,
    pods: { [STRIMZI_KIND_LABEL]: 'cluster-operator' },
  };
  const clients = principalsOf(graph).map((service) => ({
    namespace: graph.namespace,
    pods: selectorLabels(graph, service),
  }));
  const platform = [dnsRule(settings), apiServerRule(settings)];
  return [
    networkPolicy({
      name: `${graph.name}-kafka`,
      namespace: data,
      pods: brokers,
      ingress: [
        { peers: [...clients, monitorPeer(context)], ports: [CLIENTS_PORT] },
        { peers: [{ pods: brokers }, operator], ports: [CONTROL_PLANE_PORT] },
        {
          peers: [{ pods: brokers }, { pods: entityOperator }, operator],
          ports: [REPLICATION_PORT],
        },
        { peers: [operator], ports: [AGENT_PORT] },
        { peers: [{ namespace: observability, pods: {} }], ports: [METRICS_PORT] },
      ],
      // The API server has their zone and the certificates that Strimzi gives them.
      egress: [
        { peers: [{ pods: brokers }], ports: [CONTROL_PLANE_PORT, REPLICATION_PORT] },
        ...platform,
      ],
    }),
    networkPolicy({
      name: `${graph.name}-kafka-entity-operator`,
      namespace: data,
      pods: entityOperator,
      ingress: [],
      egress: [{ peers: [{ pods: brokers }], ports: [REPLICATION_PORT] }, ...platform],
    }),
  ];
}
