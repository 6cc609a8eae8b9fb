import { selectorLabels } from '../../kubernetes/labels.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { apiServerRule, dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import { jobPods } from '../../kubernetes/program-job.ts';
import { databaseGrants } from '../../model/grants.ts';
import { sortedUnique } from '../../model/order.ts';
import { monitorPeer } from '../../observability/engines/cluster-monitor.ts';
import { archiveRules } from './archive.ts';
import { POSTGRES_PORT, postgresPods } from './names.ts';
import { OPERATOR_NAMESPACE } from './operator.ts';

/** Of the instance manager: health of the instance, for the operator and for other instances. */
const STATUS_PORT = 8_000;
const METRICS_PORT = 9_187;

/** Where its chart puts the operator, and how it labels it. */
const OPERATOR = {
  namespace: OPERATOR_NAMESPACE,
  pods: { 'app.kubernetes.io/name': 'cloudnative-pg' },
} as const;

/** Who reaches the instances: services with a database, migrations, who asks how they are, the operator, the scrapes. */
export function postgresNetworkPolicies(context: KubernetesContext): readonly Manifest[] {
  const { graph, settings } = context;
  const { data, observability } = settings.namespaces;
  const instances = { pods: postgresPods(graph.name) };
  const migrations = { pods: jobPods(graph, 'migrate') };
  const services = sortedUnique(databaseGrants(graph).map(({ service }) => service)).map(
    (service) => ({ namespace: graph.namespace, pods: selectorLabels(graph, service) }),
  );
  const between = [POSTGRES_PORT, STATUS_PORT];
  return [
    networkPolicy({
      name: 'postgres',
      namespace: data,
      pods: instances.pods,
      ingress: [
        { peers: [...services, migrations, monitorPeer(context)], ports: [POSTGRES_PORT] },
        { peers: [instances, OPERATOR], ports: between },
        { peers: [{ namespace: observability, pods: {} }], ports: [METRICS_PORT] },
      ],
      egress: [
        dnsRule(settings),
        { peers: [instances], ports: between },
        // Each instance reads its own cluster's object and says in it how it is.
        apiServerRule(settings),
        ...archiveRules(context),
      ],
    }),
    networkPolicy({
      name: 'migrate',
      namespace: data,
      pods: migrations.pods,
      ingress: [],
      egress: [dnsRule(settings), { peers: [instances], ports: [POSTGRES_PORT] }],
    }),
  ];
}
