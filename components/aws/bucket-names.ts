import type { AccountPlace } from './account-names.ts';

/** The bucket of lines and traces. */
export function telemetryBucket(place: AccountPlace): string {
  return bucketName(place, 'telemetry');
}

/** The bucket of heads of the audit log. */
export function checkpointBucket(place: AccountPlace): string {
  return bucketName(place, 'checkpoints');
}

/** The bucket of bootstrap's in which S3 writes who asked what of every other. */
export function accessLogBucket(place: AccountPlace): string {
  return bucketName(place, 'access-log');
}

/**
 * One of all names of S3, so that it has the account's number.
 * Source: Amazon S3 User Guide, "General purpose bucket naming rules" (63 characters)
 */
function bucketName({ account, environment }: AccountPlace, purpose: string): string {
  return `meridian-${environment}-${purpose}-${account}`;
}
