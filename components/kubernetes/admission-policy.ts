import type * as k8s from './k8s.ts';
import type { Manifest } from './manifest.ts';

/**
 * What the API server refuses by a rule in CEL, wherever the policy matches: whatever is not decided is refused as well.
 * Source: Kubernetes, "Validating Admission Policy"
 *
 * @param name of the policy and its binding, which are of the cluster
 */
export function admissionPolicy(
  name: string,
  spec: Omit<NonNullable<k8s.ValidatingAdmissionPolicy['spec']>, 'failurePolicy'>,
): readonly Manifest[] {
  const metadata = { name };
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata,
    spec: { failurePolicy: 'Fail', ...spec },
  } satisfies k8s.ValidatingAdmissionPolicy;
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata,
    spec: { policyName: name, validationActions: ['Deny'] },
  } satisfies k8s.ValidatingAdmissionPolicyBinding;
  return [policy, binding];
}
