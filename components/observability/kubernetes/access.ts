import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { sortedUnique } from '../../model/order.ts';
import { operatorScrapes } from './watched-certificates.ts';

/** The ServiceAccount of the collectors of all zones. */
export const COLLECTOR_ACCOUNT = 'collector';

const RBAC = 'rbac.authorization.k8s.io';
const WATCHES = ['get', 'list', 'watch'];

/** The collectors find pods by the API server, in the platform's namespaces and those of operators that are asked, and the zones of nodes. */
export function collectorAccess(context: KubernetesLowering): readonly Manifest[] {
  const { graph, settings } = context;
  const { data, edge, nodeLogs, observability } = settings.namespaces;
  const subject = {
    kind: 'ServiceAccount',
    name: COLLECTOR_ACCOUNT,
    namespace: observability,
  };
  const name = `${graph.name}-collector`;
  const ours = [graph.namespace, data, edge, observability, nodeLogs];
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: COLLECTOR_ACCOUNT, namespace: observability },
    } satisfies k8s.ServiceAccount,
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [{ apiGroups: [''], resources: ['nodes'], verbs: WATCHES }],
    } satisfies k8s.ClusterRole,
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: [subject],
    } satisfies k8s.ClusterRoleBinding,
    ...sortedUnique([
      ...ours,
      ...operatorScrapes(context).map(({ namespace }) => namespace),
    ]).flatMap((namespace) => [
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'Role',
        metadata: { name, namespace },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: WATCHES }],
      } satisfies k8s.Role,
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'RoleBinding',
        metadata: { name, namespace },
        roleRef: { apiGroup: RBAC, kind: 'Role', name },
        subjects: [subject],
      } satisfies k8s.RoleBinding,
    ]),
  ];
}
