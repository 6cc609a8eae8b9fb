import { selectorLabels } from '../../kubernetes/labels.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import { sortedUnique } from '../../model/order.ts';
import { monitorPeer } from '../../observability/engines/cluster-monitor.ts';
import { ECK_CLUSTER_LABEL, HTTP_PORT, TRANSPORT_PORT } from './eck.ts';
import { OPERATOR_NAMESPACE } from './operator.ts';
import { searchGrants } from '../search-grants.ts';

/** ECK's operator, where its chart is installed and as the chart labels it. */
const OPERATOR = {
  namespace: OPERATOR_NAMESPACE,
  pods: { 'app.kubernetes.io/name': 'elastic-operator' },
} as const;

/**
 * Who may reach the nodes: the services that have an index, who asks how they are, each other and ECK. A node that stops
 * says so to the others over HTTP.
 */
export function searchNetworkPolicy(context: KubernetesContext): Manifest {
  const { graph, settings } = context;
  const nodes = { pods: { [ECK_CLUSTER_LABEL]: graph.name } };
  const clients = sortedUnique(searchGrants(graph).map(({ service }) => service));
  return networkPolicy({
    name: `${graph.name}-elasticsearch`,
    namespace: settings.namespaces.data,
    pods: nodes.pods,
    ingress: [
      {
        peers: [
          ...clients.map((service) => ({
            namespace: graph.namespace,
            pods: selectorLabels(graph, service),
          })),
          monitorPeer(context),
          OPERATOR,
        ],
        ports: [HTTP_PORT],
      },
      { peers: [nodes], ports: [HTTP_PORT, TRANSPORT_PORT] },
      // Looks at the certificate there, and has none that would let it in.
      { peers: [monitorPeer(context)], ports: [TRANSPORT_PORT] },
    ],
    egress: [{ peers: [nodes], ports: [HTTP_PORT, TRANSPORT_PORT] }, dnsRule(settings)],
  });
}
