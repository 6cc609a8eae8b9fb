import type * as k8s from './k8s.ts';
import type { KubernetesContext } from './lowering.ts';
import type { Manifest } from './manifest.ts';
import { apiServerRule, dnsRule, networkPolicy } from './network-policy.ts';
import { jobPods } from './program-job.ts';
import type { JobProgram } from './program-job.ts';

/** What a program may ask of the API server. */
export interface JobAccessProps {
  readonly program: JobProgram;
  readonly subject: string;
  /** Where its Job runs. */
  readonly namespace: string;
  /** Rules by the namespace that they are for. */
  readonly rules: Readonly<Record<string, readonly k8s.PolicyRule[]>>;
}

/**
 * A ServiceAccount that may do what the rules say and nothing else, and a NetworkPolicy that lets the
 * pods of the Job reach the API server and nothing else.
 */
export function jobAccess(context: KubernetesContext, props: JobAccessProps): readonly Manifest[] {
  const { graph, settings } = context;
  const { program, subject, namespace, rules } = props;
  const name = jobAccount(program, subject);
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace },
      automountServiceAccountToken: false,
    } satisfies k8s.ServiceAccount,
    ...Object.entries(rules).flatMap(([place, granted]) => [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name, namespace: place },
        rules: [...granted],
      } satisfies k8s.Role,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name, namespace: place },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      } satisfies k8s.RoleBinding,
    ]),
    networkPolicy({
      name,
      namespace,
      pods: { ...jobPods(graph, program), 'app.kubernetes.io/instance': subject },
      ingress: [],
      egress: [dnsRule(settings), apiServerRule(settings)],
    }),
  ];
}

/** The ServiceAccount of a program, by what it is about. */
export function jobAccount(program: JobProgram, subject: string): string {
  return `${program}-${subject}`;
}
