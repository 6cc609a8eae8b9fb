import { admissionPolicy } from '../kubernetes/admission-policy.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import type { PodRole } from './pod-role.ts';

/** What EKS adds to a pod whose ServiceAccount has a role. Source: Amazon EKS User Guide, "How EKS Pod Identity works" */
const CREDENTIALS = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';

/**
 * Lets no pod in that should have a role of AWS and has not got it: EKS adds the credentials to a pod as it is made, some seconds after a role
 * is given, and lets it in without them where it does not know of the role yet; such a pod never gets them, however often it starts again.
 * A pod that is refused is made again by whatever made it, until there is the role.
 * Source: aws/amazon-eks-pod-identity-webhook issue 264, aws/eks-pod-identity-agent issue 153
 *
 * @param name such as 'meridian-kafka'
 * @param roles of one namespace
 */
export function admittedWithRole(
  name: string,
  roles: readonly Pick<PodRole, 'namespace' | 'serviceAccount'>[],
): readonly Manifest[] {
  const [first] = roles;
  if (first === undefined) return [];
  const accounts = roles.map(({ serviceAccount }) => `'${serviceAccount}'`).toSorted();
  return admissionPolicy(`${name}-roles`, {
    matchConstraints: {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': first.namespace } },
      resourceRules: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
      ],
    },
    matchConditions: [
      {
        name: 'has-a-role',
        expression: `has(object.spec.serviceAccountName) && object.spec.serviceAccountName in [${accounts.join(', ')}]`,
      },
    ],
    validations: [
      {
        expression: `object.spec.containers.exists(one, has(one.env) && one.env.exists(variable, variable.name == '${CREDENTIALS}'))`,
        message: `EKS has not given the pod the role of its ServiceAccount yet (no ${CREDENTIALS}); it is made again`,
        reason: 'Forbidden',
      },
    ],
  });
}
