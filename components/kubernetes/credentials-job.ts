import type {
  CredentialsOrder,
  CredentialUser,
  EngineForm,
} from '@meridian/jobs/credentials/credentials-order.ts';
import { jobAccess, jobAccount } from './job-access.ts';
import type * as k8s from './k8s.ts';
import type { KubernetesContext } from './lowering.ts';
import type { Step } from './manifest.ts';
import { programJob } from './program-job.ts';

/** Whose passwords an engine needs. */
export interface CredentialsJobProps {
  /** Such as 'redis'. */
  readonly engine: string;
  readonly users: readonly CredentialUser[];
  /** In which Secrets of the engines' namespace the engine takes them. */
  readonly engineForm: EngineForm;
}

/** For four tries, each of a few requests. */
const TIMEOUT_SECONDS = 300;

/**
 * Two steps: what the Job may do, then the Job that makes the users' passwords where there are none
 * yet, or none of the stack's generation. They exist in the cluster only: neither a state nor a
 * manifest has them. What needs the Secrets comes in a later step.
 */
export function credentialsSteps(
  context: KubernetesContext,
  { engine, users, engineForm }: CredentialsJobProps,
): readonly Step[] {
  const { graph, settings } = context;
  const { data } = settings.namespaces;
  const order: CredentialsOrder = {
    engine,
    generation: settings.passwordGeneration,
    namespace: graph.namespace,
    users,
    engineForm,
  };
  const bindings = users.flatMap((user) => user.bindings.map(({ secret }) => secret));
  const access = jobAccess(context, {
    program: 'credentials',
    subject: engine,
    namespace: data,
    rules: {
      [data]: secretRules(engineSecrets(engineForm)),
      [graph.namespace]: secretRules([...bindings, ...copiesIn(engineForm, graph.namespace)]),
    },
  });
  const job = programJob(context, {
    program: 'credentials',
    subject: engine,
    namespace: data,
    order,
    serviceAccount: jobAccount('credentials', engine),
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  return [{ manifests: access }, { manifests: [job] }];
}

function copiesIn(form: EngineForm, namespace: string): readonly string[] {
  return form.kind === 'keyed' && form.copies?.includes(namespace) === true ? [form.secret] : [];
}

function engineSecrets(form: EngineForm): readonly string[] {
  switch (form.kind) {
    case 'keyed':
      return [form.secret];
    case 'basic-auth':
      return Object.values(form.secrets).map(({ secret }) => secret);
  }
}

/** Kubernetes cannot say which Secret may be made, only which may be read and changed. */
function secretRules(names: readonly string[]): readonly k8s.PolicyRule[] {
  const secrets = { apiGroups: [''], resources: ['secrets'] };
  return [
    { ...secrets, verbs: ['create'] },
    { ...secrets, verbs: ['get', 'update'], resourceNames: [...names] },
  ];
}
