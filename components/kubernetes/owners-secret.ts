/** A Secret that whoever runs the stack makes, or has External Secrets make. */
export interface OwnersSecret {
  readonly namespace: string;
  readonly name: string;
  /** Keys that are read of it. */
  readonly keys: readonly string[];
}

/** Keys of a Secret with what a bucket is read and written by. */
export const BUCKET_KEYS = ['access-key-id', 'secret-access-key'] as const;
