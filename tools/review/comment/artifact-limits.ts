/** So many bytes of an artifact are looked at, packed and unpacked: what a job uploads may be anything. */
export const ARTIFACT_BYTES = 1024 * 1024;

/** What review.yml uploads. */
export const ARTIFACT_NAME = 'review';

/** The only file of it that is read. */
export const ARTIFACT_FILE = 'review.json';
