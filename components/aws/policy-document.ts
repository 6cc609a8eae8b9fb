/** Values of a policy that are one or many, as IAM takes them. */
type OneOrMany = string | readonly string[];

/** Whom a statement is about, by what kind they are of; '*' is everybody. */
export type Principal = '*' | Readonly<Record<string, OneOrMany>>;

/** What must hold of a request, by operator and key. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;

/** A statement of a policy. Source: AWS IAM User Guide, "Grammar of the IAM JSON policy language" */
export interface PolicyStatement {
  /** @default none */
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Absent in what is attached to a role. */
  readonly Principal?: Principal;
  readonly NotPrincipal?: Principal;
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  /** Absent in a trust policy. */
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: Conditions;
}

/** A policy of AWS, whose language has not changed since the date that it bears. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** A policy of these statements. */
export function policyOf(...statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/**
 * Lets a service of AWS take a role, on behalf of this account alone: without the condition anybody's resource of that
 * service could make it use the role (AWS IAM User Guide, "The confused deputy problem").
 *
 * @param account its number
 */
export function trustOfService(service: string, account: string): PolicyDocument {
  return policyOf({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  });
}

/** The same for one that says for nobody on whose behalf it acts, as EC2 and EKS. */
export function trustOf(service: string, ...actions: readonly string[]): PolicyDocument {
  return policyOf({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: ['sts:AssumeRole', ...actions],
  });
}

/** Lets pods take a role, which an association gives to one ServiceAccount. Source: Amazon EKS User Guide, "Pod Identity role" */
export const TRUST_OF_PODS: PolicyDocument = policyOf({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
});
