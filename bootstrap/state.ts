import { kms, s3 } from '@pulumi/aws';
import { declareKey, keyOf } from '@meridian/components/aws/key.ts';
import { bootstrapNames } from './names.ts';
import { bucketPolicy } from './people-policies.ts';
import type { BootstrapSettings } from './settings.ts';

/** Days that versions stay which others have replaced. */
const OLD_VERSION_DAYS = 365;

/** A bucket of the account's own, which keeps versions, and what reaches it. */
function declareBucket(
  settings: BootstrapSettings,
  name: 'state' | 'trail',
  keyArn: kms.Key['arn'] | undefined,
): s3.Bucket {
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
        noncurrentVersionExpiration: { noncurrentDays: OLD_VERSION_DAYS },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ],
  });
  new s3.BucketPolicy(
    name,
    { ...of, policy: JSON.stringify(bucketPolicy(settings, bootstrapNames(settings)[name])) },
    // From then on nobody but a broken glass sets versions, not even who makes this.
    { dependsOn: [closed, versions] },
  );
  return bucket;
}

/** Declares where states are and what encrypts them, and where the record of the account is. */
export function declareState(settings: BootstrapSettings): { readonly trail: s3.Bucket } {
  const key = declareKey(
    'state',
    keyOf(settings.account, 'States of Pulumi, and what is secret in them'),
    {},
  );
  new kms.Alias('state', { name: bootstrapNames(settings).stateKey, targetKeyId: key.keyId });
  declareBucket(settings, 'state', key.arn);
  // By S3's own key: the record has to be written when something is wrong with ours.
  return { trail: declareBucket(settings, 'trail', undefined) };
}
