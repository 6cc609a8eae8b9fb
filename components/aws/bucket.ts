import { s3 } from '@pulumi/aws';
import type { CustomResourceOptions, Input } from '@pulumi/pulumi';
import { policyOf } from './policy-document.ts';
import type { PolicyDocument } from './policy-document.ts';

/** A bucket of the platform. */
export interface AwsBucket {
  /** One of all names of S3, so that it has the account's number. */
  readonly name: string;
  /** Days until an object that was deleted or replaced is gone: a mistake can be taken back until then. */
  readonly formerDays: number;
  /**
   * Days in which nobody deletes or replaces a version of an object but who may bypass governance (Object Lock).
   * @default none
   */
  readonly lockedDays?: number;
  /** Where S3 writes who asked what of it: a bucket of bootstrap's, which whoever deploys takes nothing out of. */
  readonly accessLog: string;
  readonly removals: ToldRemovals;
}

/** Who is told that something was taken away, and of what. */
export interface ToldRemovals {
  /** ARN of a topic. */
  readonly to: string;
  /** Of a version alone where its users remove objects all day, which leaves a mark above versions that stay. */
  readonly of: 'objects and versions' | 'versions';
}

/**
 * What lifecycle rules take away has events of another name, so that only what somebody took away is told.
 * Source: Amazon S3 User Guide, "Supported event types for SQS, SNS, and Lambda" and "Configuring S3 Lifecycle event notifications"
 */
const REMOVED: Readonly<Record<ToldRemovals['of'], string>> = {
  // Both a version that goes and the mark that hides all of them.
  'objects and versions': 's3:ObjectRemoved:*',
  versions: 's3:ObjectRemoved:Delete',
};

/** Days until the parts of an upload that nobody ended are gone: they are paid for, and no list shows them. */
const UNFINISHED_DAYS = 7;

/** Refuses whoever comes without TLS, whatever else lets him in. Source: AWS Config rule s3-bucket-ssl-requests-only */
export function overTlsAlone(bucketArn: string): PolicyDocument {
  return policyOf({
    Sid: 'OverTlsAlone',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}

/**
 * What a role needs that reads, writes and deletes objects of a bucket whose data a key encrypts. A large object is sent in parts,
 * and whoever cannot go on with one has to be able to take its parts back.
 * Source: Amazon S3 User Guide, "Multipart upload API and permissions"
 */
export function mayUseBucket(bucketArn: string, keyArn: string): PolicyDocument {
  return policyOf(
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucketArn },
    {
      Effect: 'Allow',
      Action: [
        's3:GetObject',
        's3:PutObject',
        's3:DeleteObject',
        's3:AbortMultipartUpload',
        's3:ListMultipartUploadParts',
      ],
      Resource: `${bucketArn}/*`,
    },
    { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: keyArn },
  );
}

/**
 * Declares a bucket that is encrypted, keeps what was replaced for a while, and lets nobody in from outside. It outlives its stack with all that
 * guards it: S3 deletes none that has something in it, and without this a teardown would take its lock, its policy and who is told of away first.
 *
 * @param keyArn of KMS; without it by the key `aws/s3` that AWS manages, for what nobody may make unreadable: a key of ours could be
 * deleted, and Object Lock keeps no key. Who asks S3 from the account needs no right to that key, and who asks from another gets nothing.
 * Source: AWS KMS Developer Guide, "Schedule key deletion" (not of AWS managed keys) and "Editing keys" (nor another policy)
 */
export function declareBucket(
  name: string,
  { name: bucketOf, formerDays, lockedDays, accessLog, removals }: AwsBucket,
  keyArn: Input<string> | undefined,
  given: CustomResourceOptions,
): s3.Bucket {
  const options = { ...given, retainOnDelete: true };
  const made = new s3.Bucket(
    name,
    { bucket: bucketOf, ...(lockedDays === undefined ? {} : { objectLockEnabled: true }) },
    { ...options, protect: true },
  );
  const bucket = made.id;
  const open = new s3.BucketPublicAccessBlock(
    name,
    {
      bucket,
      ...{ blockPublicAcls: true, blockPublicPolicy: true },
      ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
    },
    options,
  );
  new s3.BucketOwnershipControls(
    name,
    { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } },
    options,
  );
  new s3.BucketServerSideEncryptionConfiguration(
    name,
    {
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault:
            keyArn === undefined
              ? // S3 makes `aws/s3` when the first object comes. Source: Amazon S3 API, ServerSideEncryptionByDefault
                { sseAlgorithm: 'aws:kms' }
              : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
          // Else KMS is asked, and paid, for each object.
          bucketKeyEnabled: true,
        },
      ],
    },
    options,
  );
  declareVersions(name, bucket, { formerDays, lockedDays }, options);
  declareWatch(name, bucket, { of: bucketOf, accessLog, removals }, options);
  new s3.BucketPolicy(
    name,
    { bucket, policy: made.arn.apply((arn) => JSON.stringify(overTlsAlone(arn))) },
    // Side by side S3 refuses one of both: they change the same of the bucket.
    { ...options, dependsOn: [open] },
  );
  return made;
}

/** Who asks what of it is written down, and whoever takes something away from where nothing is taken is told of. */
function declareWatch(
  name: string,
  bucket: Input<string>,
  { of, accessLog, removals }: { readonly of: string } & Pick<AwsBucket, 'accessLog' | 'removals'>,
  options: CustomResourceOptions,
): void {
  new s3.BucketLogging(name, { bucket, targetBucket: accessLog, targetPrefix: `${of}/` }, options);
  new s3.BucketNotification(
    name,
    { bucket, topics: [{ topicArn: removals.to, events: [REMOVED[removals.of]] }] },
    options,
  );
}

/** Every version is kept: for a while once it is replaced, and locked where the bucket says so. */
function declareVersions(
  name: string,
  bucket: Input<string>,
  {
    formerDays,
    lockedDays,
  }: { readonly formerDays: number; readonly lockedDays: number | undefined },
  options: CustomResourceOptions,
): void {
  const versioning = new s3.BucketVersioning(
    name,
    { bucket, versioningConfiguration: { status: 'Enabled' } },
    options,
  );
  if (lockedDays !== undefined) {
    new s3.BucketObjectLockConfiguration(
      name,
      { bucket, rule: { defaultRetention: { mode: 'GOVERNANCE', days: lockedDays } } },
      { ...options, dependsOn: [versioning] },
    );
  }
  new s3.BucketLifecycleConfiguration(
    name,
    {
      bucket,
      rules: [
        {
          id: 'former',
          status: 'Enabled',
          filter: {},
          noncurrentVersionExpiration: { noncurrentDays: formerDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_DAYS },
        },
      ],
    },
    { ...options, dependsOn: [versioning] },
  );
}
