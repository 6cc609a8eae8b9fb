/** A check of checkov's that prod does not pass, and why it stays so. */
export interface ExplainedFailure {
  readonly check: string;
  /** Every resource that fails it, by its address. */
  readonly resources: readonly string[];
  readonly reason: string;
  /** What of AWS's or checkov's the reason rests on. */
  readonly source: string;
}

/** Reviewed, one by one: a failure that is not here fails the campaign, and so does a row that nothing fails any more. */
export const EXPLAINED_FAILURES: readonly ExplainedFailure[] = [
  {
    check: 'CKV2_AWS_57',
    resources: ['aws_secretsmanager_secret.postgres', 'aws_secretsmanager_secret.redis'],
    reason:
      "Passwords are rotated by their generation in the stack's settings, so that roles, users and pods change together (docs/deploying.md). Secrets Manager rotates by a Lambda, which would change one of three; only the password of the server's owner, which RDS manages, is rotated without one, and it is.",
    source: 'AWS Secrets Manager User Guide, "Rotate AWS Secrets Manager secrets"',
  },
  {
    check: 'CKV_AWS_144',
    resources: ['aws_s3_bucket.externals-checkpoint-store', 'aws_s3_bucket.observability'],
    reason:
      'The platform is in one region, and docs/deploying.md says what its loss costs; a copy elsewhere is paid for twice, and nothing would read it.',
    source: 'Amazon S3 User Guide, "Replicating objects within and across Regions"',
  },
  {
    check: 'CKV_AWS_339',
    resources: ['aws_eks_cluster.cluster'],
    reason:
      'Checkov 3.3.30, the newest on 29 November 2026, knows versions of Kubernetes to 1.35 alone; stacks/ refuses what EKS does not support.',
    source: 'checkov, EKSPlatformVersion.py',
  },
];
