import { checkpointBucket } from '@meridian/components/aws/bucket-names.ts';
import { policyOf } from '@meridian/components/aws/policy-document.ts';
import type { PolicyDocument, PolicyStatement } from '@meridian/components/aws/policy-document.ts';
import { bootstrapNames } from './names.ts';
import type { BootstrapSettings } from './settings.ts';

/** Lets people look. */
export function readOnlyTrust({ people }: BootstrapSettings): PolicyDocument {
  return policyOf({
    Effect: 'Allow',
    Principal: { AWS: people },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  });
}

/** A second factor is as old as this at most, in seconds. */
const FACTOR_SECONDS = 900;

/** Lets the same people do anything, with a second factor that they have just shown. Source: AWS IAM User Guide, "MFA-protected API access" */
export function breakGlassTrust({ people }: BootstrapSettings): PolicyDocument {
  return policyOf({
    Effect: 'Allow',
    Principal: { AWS: people },
    Action: 'sts:AssumeRole',
    Condition: {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      NumericLessThan: { 'aws:MultiFactorAuthAge': String(FACTOR_SECONDS) },
    },
  });
}

/**
 * Who looks reads no state: what is secret in it would be next. A preview is rehearsed and needs none. Heads of the audit log are for
 * whoever asks; S3 has KMS decrypt them in the name of who reads, and says of which bucket.
 * Source: Amazon S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys" (the encryption context is the bucket's ARN)
 */
export function notStates(settings: BootstrapSettings): PolicyDocument {
  const { state } = bootstrapNames(settings);
  const heads = `arn:aws:s3:::${checkpointBucket(settings)}`;
  return policyOf(
    {
      Effect: 'Deny',
      Action: 's3:GetObject*',
      Resource: `arn:aws:s3:::${state}/*`,
    },
    { Effect: 'Deny', Action: 'secretsmanager:GetSecretValue', Resource: '*' },
    {
      Effect: 'Deny',
      Action: 'kms:Decrypt',
      Resource: '*',
      // Where nothing is said, it is another: the condition holds, and the answer is no.
      Condition: { StringNotEquals: { 'kms:EncryptionContext:aws:s3:arn': heads } },
    },
  );
}

/** What a bucket refuses everybody: to be read or written in the clear, and to lose versions but by a broken glass. */
export function bucketPolicy(settings: BootstrapSettings, bucket: string): PolicyDocument {
  const arn = `arn:aws:s3:::${bucket}`;
  const { breakGlassArn, trail, accessLog } = bootstrapNames(settings);
  const { account, region, environment } = settings;
  const source = `arn:aws:cloudtrail:${region}:${account}:trail/meridian-${environment}`;
  const ofTrail = {
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
  } as const;
  return policyOf(
    {
      Sid: 'EncryptedOnTheWay',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    {
      Sid: 'VersionsStay',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:DeleteObjectVersion', 's3:PutBucketVersioning'],
      Resource: [arn, `${arn}/*`],
      Condition: { ArnNotLike: { 'aws:PrincipalArn': [breakGlassArn, ownerOf(account)] } },
    },
    // Source: AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"
    ...(bucket === trail
      ? [
          {
            Sid: 'TrailLooks',
            ...ofTrail,
            Action: 's3:GetBucketAcl',
            Resource: arn,
            Condition: { StringEquals: { 'aws:SourceArn': source } },
          },
          {
            Sid: 'TrailWrites',
            ...ofTrail,
            Action: 's3:PutObject',
            Resource: `${arn}/AWSLogs/${account}/*`,
            Condition: {
              StringEquals: {
                'aws:SourceArn': source,
                's3:x-amz-acl': 'bucket-owner-full-control',
              },
            },
          },
        ]
      : []),
    // Source: Amazon S3 User Guide, "Permissions for log delivery"
    ...(bucket === accessLog
      ? [
          {
            Sid: 'AccessIsLogged',
            Effect: 'Allow',
            Principal: { Service: 'logging.s3.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: `${arn}/*`,
            Condition: {
              ArnLike: { 'aws:SourceArn': `arn:aws:s3:::meridian-${environment}-*` },
              StringEquals: { 'aws:SourceAccount': account },
            },
          } as const,
          ...balancersWrite(settings, arn),
        ]
      : []),
  );
}

/**
 * Balancers have their lines delivered by the service of AWS that delivers logs, for the account that they are of. It asks who owns the bucket first.
 * Source: Elastic Load Balancing, "Enable access logs for your Network Load Balancer", bucket policy
 */
function balancersWrite(
  { account, region }: BootstrapSettings,
  bucketArn: string,
): readonly PolicyStatement[] {
  const fromAccount = { 'aws:SourceAccount': account };
  const ArnLike = { 'aws:SourceArn': `arn:aws:logs:${region}:${account}:*` };
  const delivery = {
    Effect: 'Allow',
    Principal: { Service: 'delivery.logs.amazonaws.com' },
  } as const;
  return [
    {
      Sid: 'BalancersLook',
      ...delivery,
      Action: 's3:GetBucketAcl',
      Resource: bucketArn,
      Condition: { StringEquals: fromAccount, ArnLike },
    },
    {
      Sid: 'BalancersWrite',
      ...delivery,
      Action: 's3:PutObject',
      Resource: `${bucketArn}/AWSLogs/${account}/*`,
      Condition: {
        StringEquals: { ...fromAccount, 's3:x-amz-acl': 'bucket-owner-full-control' },
        ArnLike,
      },
    },
  ];
}

/** By which the account itself is known. */
function ownerOf(account: string): string {
  return `arn:aws:iam::${account}:root`;
}
