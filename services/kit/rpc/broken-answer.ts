import { status as Status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';

/**
 * How grpc-js reports a write to a peer that has just died: as our own mistake, which its retries
 * do not cover. Source: grpc-js 1.14, subchannel-call.ts, NGHTTP2_INTERNAL_ERROR.
 */
const BROKEN_PIPE = /triggered by internal client error: (read|write) EPIPE$/;

/**
 * Whether a unary call failed because its connection went while gRPC's own retries no longer could
 * help: they stop when the first byte of the answer is there (gRPC A6, "When Retries are Valid"),
 * since a streaming caller may have seen it. A unary caller has seen nothing yet, so an idempotent
 * call can be sent again.
 */
export function brokeOff(error: ServiceError, answerBegun: boolean): boolean {
  if (error.code === Status.UNAVAILABLE) return answerBegun;
  return error.code === Status.INTERNAL && BROKEN_PIPE.test(error.details);
}
