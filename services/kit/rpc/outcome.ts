import { RpcError } from './rpc-error.ts';
import type { StatusName } from './rpc-error.ts';

/** What a caller is told of a call that failed, and whether that is our fault. */
export interface Failure {
  readonly error: RpcError;
  /** The error itself, for the log only; absent when the status says it all. */
  readonly cause?: unknown;
}

/** Statuses of a peer that say the same about us; any other is our own failure. */
const PASSED_ON: Partial<Record<StatusName, readonly [StatusName, string]>> = {
  UNAVAILABLE: ['UNAVAILABLE', 'a dependency is unavailable'],
  // It is us who ask too often, not our caller.
  RESOURCE_EXHAUSTED: ['UNAVAILABLE', 'a dependency is overloaded'],
  DEADLINE_EXCEEDED: ['DEADLINE_EXCEEDED', 'the deadline passed while waiting for a dependency'],
  CANCELLED: ['CANCELLED', 'the call was cancelled'],
};

/**
 * A caller's deadline comes as what was left of it when the call was sent, so the caller's own ends earlier by as long as
 * the call was on its way; and a timer counts on another clock than the wall's. Source: gRPC over HTTP/2, grpc-timeout
 */
const SLACK_MS = 50;

/**
 * Turns whatever a handler threw into what its caller may know. The message of an unknown error, or
 * of a peer, stays in the log. Source: gRPC, "Status codes and their use": a peer's error is not to
 * be passed on as one's own.
 */
export function failureOf(
  thrown: unknown,
  call: { readonly cancelled: boolean; readonly deadlineMs: number },
): Failure {
  if (call.cancelled) {
    return Date.now() + SLACK_MS >= call.deadlineMs
      ? { error: new RpcError('DEADLINE_EXCEEDED', 'the deadline has passed') }
      : { error: new RpcError('CANCELLED', 'the caller cancelled the call') };
  }
  if (thrown instanceof RpcError) {
    if (thrown.origin === undefined) {
      return thrown.cause === undefined
        ? { error: thrown }
        : { error: thrown, cause: thrown.cause };
    }
    const passedOn = PASSED_ON[thrown.status];
    if (passedOn !== undefined) return { error: new RpcError(...passedOn), cause: thrown };
  }
  return { error: new RpcError('INTERNAL', 'internal error'), cause: thrown };
}

/**
 * Whether a status counts as an error of the server.
 * Source: OpenTelemetry semantic conventions for gRPC, "gRPC status", server side.
 */
export function isServerError(status: StatusName): boolean {
  return SERVER_ERRORS.has(status);
}

/** Those statuses. */
export const SERVER_ERRORS: ReadonlySet<StatusName> = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);
