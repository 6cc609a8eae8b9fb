import type { SignedIn } from '@meridian/kit/context/require-access.ts';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';

/** Whose call this is; undefined for somebody who is not signed in. */
export type CallerOf = (call: ServerCall) => SignedIn | undefined;

/** The caller that the signed context names. */
export const callerOf: CallerOf = ({ context }) =>
  context?.subject === undefined ? undefined : { subject: context.subject, roles: context.roles };
