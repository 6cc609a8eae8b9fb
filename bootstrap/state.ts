import { kms, s3 } from '@pulumi/aws';
import { declareKey, keyOf } from '@meridian/components/aws/key.ts';
import { bootstrapNames } from './names.ts';
import { bucketPolicy } from './people-policies.ts';
import type { BootstrapSettings } from './settings.ts';

/** Days that versions stay which others have replaced. */
const OLD_VERSION_DAYS = 365;

/**
 * Days that what is written down stays, by its bucket: lines of who asked what of one, and two years of what was asked of AWS, which is
 * longer than an intruder goes unseen. States stay: there is one of a stack.
 */
const DAYS_KEPT: Readonly<Partial<Record<'accessLog' | 'state' | 'trail', number>>> = {
  accessLog: 365,
  trail: 731,
};

/** What is made of a bucket of the account's own. */
interface DeclaredBucket {
  readonly bucket: s3.Bucket;
  /** Who reaches it. */
  readonly policy: s3.BucketPolicy;
}

/** A bucket of the account's own, which keeps versions, and what reaches it. */
function declareBucket(
  settings: BootstrapSettings,
  name: 'accessLog' | 'state' | 'trail',
  keyArn: kms.Key['arn'] | undefined,
): DeclaredBucket {
  const days = DAYS_KEPT[name];
  const bucket = new s3.Bucket(name, { bucket: bootstrapNames(settings)[name] }, { protect: true });
  const of = { bucket: bucket.id };
  const closed = new s3.BucketPublicAccessBlock(name, {
    ...of,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  const versions = new s3.BucketVersioning(
    name,
    { ...of, versioningConfiguration: { status: 'Enabled' } },
    { protect: true },
  );
  new s3.BucketServerSideEncryptionConfiguration(name, {
    ...of,
    rules: [
      {
        applyServerSideEncryptionByDefault:
          keyArn === undefined
            ? { sseAlgorithm: 'AES256' }
            : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
        bucketKeyEnabled: keyArn !== undefined,
      },
    ],
  });
  new s3.BucketLifecycleConfiguration(name, {
    ...of,
    rules: [
      {
        id: 'old-versions',
        status: 'Enabled',
        filter: {},
        ...(days === undefined ? {} : { expiration: { days } }),
        noncurrentVersionExpiration: { noncurrentDays: OLD_VERSION_DAYS },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ],
  });
  const policy = new s3.BucketPolicy(
    name,
    { ...of, policy: JSON.stringify(bucketPolicy(settings, bootstrapNames(settings)[name])) },
    // From then on nobody but a broken glass sets versions, not even who makes this.
    { dependsOn: [closed, versions] },
  );
  return { bucket, policy };
}

/** Buckets in which nobody removes anything: what goes there is told of. */
export interface RecordBuckets {
  readonly accessLog: s3.Bucket;
  readonly trail: s3.Bucket;
}

/** Declares where states are and what encrypts them, and where the record of the account is. */
export function declareState(settings: BootstrapSettings): RecordBuckets {
  const key = declareKey(
    'state',
    keyOf(settings.account, 'States of Pulumi, and what is secret in them'),
    {},
  );
  new kms.Alias('state', { name: bootstrapNames(settings).stateKey, targetKeyId: key.keyId });
  // Both by S3's own key: lines of access are written by no other, and the record has to be when something is wrong with ours.
  // Source: Amazon S3 API, LoggingEnabled (neither SSE-KMS nor Object Lock)
  const accessLog = declareBucket(settings, 'accessLog', undefined);
  const trail = declareBucket(settings, 'trail', undefined);
  const watched = { state: declareBucket(settings, 'state', key.arn), trail };
  for (const [name, { bucket }] of Object.entries(watched)) {
    new s3.BucketLogging(
      name,
      {
        bucket: bucket.id,
        targetBucket: accessLog.bucket.id,
        targetPrefix: `${bootstrapNames(settings)[name as keyof typeof watched]}/`,
      },
      { dependsOn: [accessLog.policy] },
    );
  }
  return { accessLog: accessLog.bucket, trail: trail.bucket };
}
