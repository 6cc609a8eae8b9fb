import { each } from './aspect.ts';
import type { Aspect } from './aspect.ts';
import { ANOTHER_KEY, atLeast, guard, keeps, missed, release } from './cloud-aspects.ts';
import { backupRetention } from './kept.ts';

const OVERWRITTEN = 'what is deleted or written over is gone at once, and nothing can be locked';
const UNLOCKED = 'whoever may delete objects may do so sooner, evidence among them';

/** What of a bucket is of ours alone, and who gets in besides. Source: Amazon S3 User Guide, "Blocking public access" */
const LOCK = guard(
  /^(?:blockPublicAcls|blockPublicPolicy|ignorePublicAcls|restrictPublicBuckets)$/,
  { kind: 'newly-reachable', consequence: 'a policy may give its content to everybody' },
);

/** What changes of buckets, and of what is said of them, mean. Source: Amazon S3 API Reference, by each resource's operation */
export const BUCKET_KINDS: Readonly<Record<string, readonly Aspect[]>> = {
  's3:Bucket': [
    release(/^forceDestroy$/, {
      kind: 'data-unprotected',
      consequence: 'it is deleted with everything in it, where it would be refused',
    }),
    guard(/^objectLockEnabled$/, { kind: 'data-unprotected', consequence: UNLOCKED }),
  ],
  's3:BucketLifecycleConfiguration': [
    backupRetention(
      /^rules\[\d+\]\.noncurrentVersionExpiration\.(?:noncurrentDays|newerNoncurrentVersions)$/,
    ),
    each(
      /^rules(?:\[\d+\](?:\.(?:status|expiration|filter|prefix|noncurrentVersionExpiration))?)?$|^rules\[\d+\]\.(?:expiration|filter)\./,
      'retention-cut',
      'other objects are deleted by themselves, or sooner',
    ),
    each(
      /^rules\[\d+\]\.(?:transitions|noncurrentVersionTransitions)\b/,
      'store-changed',
      'objects lie in another class: reading them costs otherwise, or takes hours',
    ),
    each(
      /^rules\[\d+\]\.(?:id$|abortIncompleteMultipartUpload\b)/,
      'object-changed',
      'it is of uploads that nobody ended, or a name',
    ),
  ],
  's3:BucketLogging': [
    each(/^target\w+\b/, 'sight-lost', 'who asked what of it is written elsewhere'),
    missed('sight-lost', 'nobody writes down who asks what of it'),
  ],
  's3:BucketNotification': [
    each(
      /^(?:topics|queues|lambdaFunctions|eventbridge)\b/,
      'alert-loosened',
      'others are told of what happens in it, or of less',
    ),
    missed('alert-loosened', 'nobody is told of what happens in it'),
  ],
  's3:BucketObjectLockConfiguration': [
    atLeast(/^rule(?:\.defaultRetention(?:\.(?:days|years))?)?$/, {
      kind: 'data-unprotected',
      consequence: UNLOCKED,
    }),
    keeps(/^rule\.defaultRetention\.mode$/, (mode) => mode === 'COMPLIANCE', {
      kind: 'data-unprotected',
      consequence: 'whoever may bypass governance may delete what is locked',
    }),
    missed('data-unprotected', UNLOCKED),
  ],
  's3:BucketOwnershipControls': [
    keeps(/^rule\.objectOwnership$/, (owner) => owner === 'BucketOwnerEnforced', {
      kind: 'newly-reachable',
      consequence: 'whoever writes an object says who may read it',
    }),
    missed('newly-reachable', 'whoever writes an object says who may read it'),
  ],
  's3:BucketPolicy': [
    each(/^policy\b/, 'trust-changed', 'others may use it, or take its rights'),
    missed('trust-changed', 'what it refused, such as whoever comes without TLS, gets in'),
  ],
  's3:BucketPublicAccessBlock': [
    LOCK,
    missed('newly-reachable', 'a policy may give its content to everybody'),
  ],
  's3:BucketServerSideEncryptionConfiguration': [
    keeps(/\.sseAlgorithm$/, (by) => typeof by === 'string' && by.startsWith('aws:kms'), {
      kind: 'trust-changed',
      consequence: 'new objects are read by whoever may read the bucket: no key of ours is asked',
    }),
    each(/\.kmsMasterKeyId$/, 'trust-changed', ANOTHER_KEY),
    each(
      /^rules(?:\[\d+\])?(?:\.applyServerSideEncryptionByDefault)?$/,
      'trust-changed',
      'new objects are encrypted otherwise',
    ),
    each(/\.bucketKeyEnabled$/, 'object-changed', 'KMS is asked, and paid, otherwise'),
    missed('trust-changed', 'new objects are encrypted by no key of ours'),
  ],
  's3:BucketVersioning': [
    keeps(/^versioningConfiguration(?:\.status)?$/, (status) => status === 'Enabled', {
      kind: 'data-unprotected',
      consequence: OVERWRITTEN,
    }),
    keeps(
      /^versioningConfiguration\.mfaDelete$|^mfa$/,
      (value) => value !== undefined && value !== 'Disabled',
      { kind: 'data-unprotected', consequence: 'versions are deleted without a second factor' },
    ),
    missed('data-unprotected', OVERWRITTEN),
  ],
};
