import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';

/** The account that a call acts for. */
export interface Caller {
  /** Its id. */
  readonly subject: string;
  readonly roles: readonly string[];
}

/** Whose call this is; undefined for somebody who is not signed in. */
export type CallerOf = (call: ServerCall) => Caller | undefined;

/** The caller that the signed context names. */
export const callerOf: CallerOf = ({ context }) =>
  context?.subject === undefined ? undefined : { subject: context.subject, roles: context.roles };
