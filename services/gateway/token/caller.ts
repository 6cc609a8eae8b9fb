/** Who sent a request, as far as a token proves it. */
export interface Caller {
  /** Absent when no token was sent. */
  readonly subject: string | undefined;
  readonly roles: readonly string[];
}

/** Somebody without a token. */
export const ANONYMOUS: Caller = { subject: undefined, roles: [] };
