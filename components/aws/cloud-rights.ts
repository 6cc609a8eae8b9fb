import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import { policyOf } from './policy-document.ts';
import type { PolicyDocument } from './policy-document.ts';

/**
 * What the role of a workload's pods may do by what all engines say: a ServiceAccount has one association with a role and no second
 * one, so that whoever declares the role has to know. Source: Amazon EKS API, CreatePodIdentityAssociation
 */
export function cloudRightsOf(context: KubernetesLowering, workload: string): PolicyDocument {
  const rights = context.engines
    .flatMap((engine) => [engine.use(context, workload) ?? []].flat())
    .flatMap(({ cloudRights = [] }) => cloudRights);
  return policyOf(
    ...rights.map(({ actions, resources }) => ({
      Effect: 'Allow' as const,
      Action: actions,
      Resource: resources,
    })),
  );
}
