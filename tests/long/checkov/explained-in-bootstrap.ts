import type { ExplainedFailure } from './explained-failures.ts';

const BOUNDARY = 'aws_iam_policy.boundary';
const OF_BOUNDARY =
  'It gives nothing: it is the most that roles of the platform can be given, and what each has is in a policy of its own, which checkov judges in prod.';
const BOUNDARIES = 'AWS IAM User Guide, "Permissions boundaries for IAM entities"';

/** The same of what bootstrap makes. */
export const EXPLAINED_IN_BOOTSTRAP: readonly ExplainedFailure[] = [
  ...['CKV_AWS_287', 'CKV_AWS_288', 'CKV_AWS_289', 'CKV_AWS_290', 'CKV_AWS_355'].map((check) => ({
    ...{ check, resources: [BOUNDARY] },
    ...{ reason: OF_BOUNDARY, source: BOUNDARIES },
  })),
  {
    check: 'CKV2_AWS_10',
    resources: ['aws_cloudtrail.record'],
    reason:
      'Alarms hear of calls by EventBridge, within seconds; a second copy in CloudWatch is paid for by the GiB, and nobody reads it.',
    source: 'Amazon EventBridge User Guide, "AWS service events delivered via CloudTrail"',
  },
  {
    check: 'CKV2_AWS_62',
    resources: ['aws_s3_bucket.state'],
    reason: 'Pulumi removes its locks at the end of each deployment: people would be told of that.',
    source: 'Pulumi, "Managing state & backends", DIY backends',
  },
  {
    check: 'CKV_AWS_144',
    resources: ['aws_s3_bucket.accessLog', 'aws_s3_bucket.state', 'aws_s3_bucket.trail'],
    reason: 'The account is in one region, and bootstrap/README.md says what its loss costs.',
    source: 'Amazon S3 User Guide, "Replicating objects within and across Regions"',
  },
  {
    check: 'CKV_AWS_145',
    resources: ['aws_s3_bucket.accessLog', 'aws_s3_bucket.trail'],
    reason:
      'S3 delivers lines of access to no bucket with a key of KMS, and the record has to be written when something is wrong with a key.',
    source: 'Amazon S3 API, LoggingEnabled',
  },
  {
    check: 'CKV_AWS_252',
    resources: ['aws_cloudtrail.record'],
    reason: 'It would tell of each file that is written, every five minutes.',
    source: 'AWS CloudTrail User Guide, "Configuring Amazon SNS notifications for CloudTrail"',
  },
  {
    check: 'CKV_AWS_26',
    resources: ['aws_sns_topic.alarms'],
    reason:
      'What it says goes on as plain electronic mail; a key of its own would be one more that can go, and silence alarms with it.',
    source: 'Amazon SNS Developer Guide, "Encrypting messages with server-side encryption"',
  },
  {
    check: 'CKV_AWS_274',
    resources: ['aws_iam_role_policy_attachment.break-glass'],
    reason:
      'It is for when nothing else works: a second factor of minutes ago opens it, for an hour, and people are told of it.',
    source: 'AWS Well-Architected, SEC03-BP03 "Establish emergency access process"',
  },
  {
    check: 'CKV_AWS_35',
    resources: ['aws_cloudtrail.record'],
    reason: 'As of its bucket.',
    source: 'AWS CloudTrail User Guide, "Encrypting CloudTrail log files with AWS KMS keys"',
  },
];
