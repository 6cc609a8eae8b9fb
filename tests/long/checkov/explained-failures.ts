/** A check of checkov's that prod does not pass, and why it stays so. */
export interface ExplainedFailure {
  readonly check: string;
  /** Every resource that fails it, as its address begins. */
  readonly resources: readonly string[];
  readonly reason: string;
}

/** Reviewed, by check: a failure that is not here fails the campaign, and so does a row that nothing fails any more. */
export const EXPLAINED_FAILURES: readonly ExplainedFailure[] = [
  {
    check: 'CKV2_AWS_27',
    resources: ['aws_rds_cluster.postgres'],
    reason:
      'Statements of PostgreSQL hold personal data, which logs do not: what a statement does is in the audit trail, and how long it takes in metrics.',
  },
  {
    check: 'CKV2_AWS_57',
    resources: ['aws_secretsmanager_secret.'],
    reason:
      "Passwords are rotated by their generation in the stack's settings, so that roles, users and pods change together (docs/deploying.md); a Lambda of Secrets Manager would change one of three.",
  },
  {
    check: 'CKV2_AWS_62',
    resources: ['aws_s3_bucket.externals-checkpoint-store', 'aws_s3_bucket.observability'],
    reason: 'Nobody waits for objects: events of a bucket would go to no one.',
  },
  {
    check: 'CKV2_AWS_8',
    resources: ['aws_rds_cluster.postgres'],
    reason:
      'The cluster keeps backups and its log itself, for a restore to a moment; a plan of AWS Backup would be a second, coarser one.',
  },
  {
    check: 'CKV_AWS_144',
    resources: ['aws_s3_bucket.externals-checkpoint-store', 'aws_s3_bucket.observability'],
    reason: 'The platform is in one region, and docs/deploying.md says what its loss costs.',
  },
  {
    check: 'CKV_AWS_145',
    resources: ['aws_s3_bucket.externals-checkpoint-store'],
    reason:
      'Heads of the audit log are signed and meant to be read; S3 encrypts them by its own key, so that an auditor needs no grant of a key of the account.',
  },
  {
    check: 'CKV_AWS_162',
    resources: ['aws_rds_cluster.postgres'],
    reason:
      'Each service has a role with a password of its own over TLS, as the bindings say; a token of IAM lasts 15 minutes, which no pool of connections renews.',
  },
  {
    check: 'CKV_AWS_18',
    resources: ['aws_s3_bucket.externals-checkpoint-store', 'aws_s3_bucket.observability'],
    reason:
      'A policy of the bucket and two roles say who reads it; which of their calls read which object is logged nowhere, and logs of access would be one more bucket to guard.',
  },
  {
    check: 'CKV_AWS_339',
    resources: ['aws_eks_cluster.cluster'],
    reason:
      'Checkov 3.3.30 knows versions of Kubernetes to 1.35 alone; stacks/ refuses what EKS does not support.',
  },
  {
    check: 'CKV_AWS_91',
    resources: ['aws_lb.edge'],
    reason:
      'The balancer passes TLS on, so that its own log has no request; Envoy behind it writes one line for each.',
  },
];
