import { iam } from '@pulumi/aws';
import type { CustomResourceOptions, Input } from '@pulumi/pulumi';
import type { PolicyDocument } from './policy-document.ts';

/** A role, but for what is only known when other things are made. */
export interface AwsRole {
  readonly trust: PolicyDocument;
  /** The policy that it is held within (./account-names.ts): who deploys may make no role without it. */
  readonly boundary: string;
  /** Names of policies of AWS's own, such as 'AmazonEKSClusterPolicy'. @default none */
  readonly managed?: readonly string[];
}

/** What is made of a role. */
export interface DeclaredRole {
  readonly role: iam.Role;
  /** After these it has all that it may. */
  readonly complete: readonly (iam.RolePolicy | iam.RolePolicyAttachment)[];
}

/**
 * Declares a role, with a policy of its own if there is one.
 *
 * @param policy what it may besides what AWS's policies say; text of JSON, or an output
 */
export function declareRole(
  name: string,
  { trust, boundary, managed = [] }: AwsRole,
  options: CustomResourceOptions,
  policy?: Input<string>,
): DeclaredRole {
  const role = new iam.Role(
    name,
    { assumeRolePolicy: JSON.stringify(trust), permissionsBoundary: boundary },
    options,
  );
  const attached = managed.map(
    (one) =>
      new iam.RolePolicyAttachment(
        `${name}-${one}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${one}` },
        options,
      ),
  );
  const own =
    policy === undefined ? [] : [new iam.RolePolicy(name, { role: role.name, policy }, options)];
  return { role, complete: [...attached, ...own] };
}
