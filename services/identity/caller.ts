import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';

/** The account that a call acts for. */
export interface Caller {
  /** Its id. */
  readonly subject: string;
  readonly roles: readonly string[];
}

/** Whose call this is; undefined for somebody who is not signed in. */
export type CallerOf = (call: ServerCall) => Caller | undefined;

/** A call with what the edge signed about it, where it did. */
interface SignedCall extends ServerCall {
  readonly context?: { readonly subject?: string | undefined; readonly roles: readonly string[] };
}

/** The caller that the signed context names. */
export const callerOf: CallerOf = (call: SignedCall) => {
  const { subject, roles = [] } = call.context ?? {};
  return subject === undefined || subject === '' ? undefined : { subject, roles };
};
