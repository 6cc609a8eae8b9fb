import type { EngineUse } from '../../kubernetes/engine.ts';
import { selectorLabels } from '../../kubernetes/labels.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { dnsRule } from '../../kubernetes/network-policy.ts';
import type { PolicyRule } from '../../kubernetes/network-policy.ts';
import { METRICS_PORT, SERVICE_PORT } from '../../kubernetes/ports.ts';
import { calleesOf } from '../../model/call-order.ts';
import type { ServiceNode } from '../../model/graph.ts';
import { PART_PORTS, partPeer } from '../../observability/kubernetes/parts.ts';
import { compareText, sortedUnique } from '../../model/order.ts';

/** Who may connect to a pod of a service: its declared callers, and the scraper of its metrics. */
export function ingressRules(
  { graph, settings }: KubernetesContext,
  service: ServiceNode,
): readonly PolicyRule[] {
  const { edge } = settings.namespaces;
  const callers = sortedUnique(
    graph.calls.filter(({ to }) => to === service.name).map(({ from }) => from),
  );
  return [
    ...(service.exposure === 'edge'
      ? [{ peers: [{ namespace: edge, pods: {} }], ports: [SERVICE_PORT] }]
      : []),
    ...callers.map((caller) => ({
      peers: [{ pods: selectorLabels(graph, caller) }],
      ports: [SERVICE_PORT],
    })),
    { peers: [partPeer(settings, 'collector')], ports: [METRICS_PORT] },
  ];
}

/** Where a pod of a service or task may connect to: what it declares, and the cluster's DNS. */
export function egressRules(
  { graph, settings }: KubernetesContext,
  workload: string,
  uses: readonly EngineUse[],
): readonly PolicyRule[] {
  const byName = uses.toSorted((left, right) => compareText(left.engine, right.engine));
  return [
    dnsRule(settings),
    ...sortedUnique(calleesOf(graph, workload)).map((callee) => ({
      peers: [{ pods: selectorLabels(graph, callee) }],
      ports: [SERVICE_PORT],
    })),
    ...withoutTwins(byName.flatMap(({ egress }) => egress ?? [])),
    { peers: [partPeer(settings, 'collector')], ports: [PART_PORTS.collector] },
  ];
}

/** Each rule once: several engines may ask for credentials of the same role. */
function withoutTwins(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}
