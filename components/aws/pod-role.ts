import { eks } from '@pulumi/aws';
import type { CustomResourceOptions, Input } from '@pulumi/pulumi';
import type { PolicyRule } from '../kubernetes/network-policy.ts';
import type { CloudCluster } from '../cluster/cluster.ts';
import { boundaryArn } from './account-names.ts';
import type { AwsSettings } from './aws-settings.ts';
import { TRUST_OF_PODS } from './policy-document.ts';
import { declareRole } from './role.ts';
import type { AwsRole } from './role.ts';

/** A role that the pods of one ServiceAccount have, by EKS Pod Identity. */
export interface PodRole extends AwsRole {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Lets pods ask the APIs of AWS. Their addresses are AWS's own and change with no notice, and no NetworkPolicy knows a name:
 * that they are reached over TLS with a signature is what keeps others out.
 */
export function awsApiRule(): PolicyRule {
  return { peers: [{ network: '0.0.0.0/0' }], ports: [443] };
}

/** A role for the pods of a ServiceAccount. */
export function podRole(
  { aws, environment }: Pick<AwsSettings, 'aws' | 'environment'>,
  namespace: string,
  serviceAccount: string,
): PodRole {
  return {
    trust: TRUST_OF_PODS,
    boundary: boundaryArn({ account: aws.account, environment }),
    namespace,
    serviceAccount,
  };
}

/**
 * Declares the role, what it may, and who has it.
 *
 * @param policy as JSON
 */
export function declarePodRole(
  name: string,
  { namespace, serviceAccount, ...role }: PodRole,
  cluster: CloudCluster,
  options: CustomResourceOptions,
  policy: Input<string>,
): eks.PodIdentityAssociation {
  const declared = declareRole(name, role, options, policy);
  return new eks.PodIdentityAssociation(
    name,
    { clusterName: cluster.name, namespace, serviceAccount, roleArn: declared.role.arn },
    { ...options, dependsOn: [...declared.complete] },
  );
}
