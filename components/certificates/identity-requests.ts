import type * as k8s from '../kubernetes/k8s.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { ENGINE_METRICS_PROCESS } from '../observability/engines/monitor.ts';
import { PROBE } from '../observability/probes.ts';

/**
 * The right of every process with an identity to ask for it. The SPIFFE driver asks in the name of the pod, with the token
 * that the kubelet gives it for that pod; the pod itself has no token. What is asked for beside the own identity is
 * refused: by the driver's approver, which compares it with who asks, and by the policy on who asks which issuer.
 * Source: csi-driver-spiffe 0.15.0, internal/csi/driver/driver.go and internal/approver/evaluator/identity.go.
 */
export function identityRequests(graph: PlatformGraph): readonly Manifest[] {
  const metadata = {
    name: `${graph.name}-identities`,
    namespace: graph.namespace,
  };
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata,
    rules: [
      { apiGroups: ['cert-manager.io'], resources: ['certificaterequests'], verbs: ['create'] },
    ],
  } satisfies k8s.Role;
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
    subjects: identified(graph).map((name) => ({
      kind: 'ServiceAccount',
      name,
      namespace: graph.namespace,
    })),
  } satisfies k8s.RoleBinding;
  return [role, binding];
}

/** Processes that mount an identity, which are also the names of their ServiceAccounts. */
function identified({ services, tasks }: PlatformGraph): readonly string[] {
  return [...[...services, ...tasks].map(({ name }) => name), ENGINE_METRICS_PROCESS, PROBE];
}
