import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import type { Any } from '@bufbuild/protobuf/wkt';
import { Metadata } from '@grpc/grpc-js';
import { ErrorInfoSchema } from '../contract/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '../contract/gen/google/rpc/status_pb.js';
import { RpcError, statusCode } from './rpc-error.ts';
import type { StatusName } from './rpc-error.ts';

/** Carries google.rpc.Status in trailers; gRPC's richer error model. */
export const STATUS_DETAILS_KEY = 'grpc-status-details-bin';

/** The domain of every reason of ours. Source: google/rpc/error_details.proto, ErrorInfo. */
export const ERROR_DOMAIN = 'meridian.example';

/** Reasons that a caller can act on, where the status alone does not say enough. */
export const ERROR_REASONS = {
  /** FAILED_PRECONDITION: the idempotency key was used for another request. */
  idempotencyKeyReused: 'IDEMPOTENCY_KEY_REUSED',
  /** ABORTED: the resource is no longer what the etag says. */
  etagMismatch: 'ETAG_MISMATCH',
} as const;

/** One of ERROR_REASONS. */
export type ErrorReason = (typeof ERROR_REASONS)[keyof typeof ERROR_REASONS];

/** An RpcError with google.rpc error details in its trailers. */
export function errorWithDetails(
  status: StatusName,
  message: string,
  details: readonly Any[],
): RpcError {
  const metadata = new Metadata();
  const packed = create(StatusSchema, {
    code: statusCode(status),
    message,
    details: [...details],
  });
  metadata.set(STATUS_DETAILS_KEY, Buffer.from(toBinary(StatusSchema, packed)));
  return new RpcError(status, message, { metadata });
}

/** An RpcError with the reason that tells it from others of its status. */
export function errorWithReason(
  status: StatusName,
  reason: ErrorReason,
  message: string,
): RpcError {
  const info = create(ErrorInfoSchema, { reason, domain: ERROR_DOMAIN });
  return errorWithDetails(status, message, [anyPack(ErrorInfoSchema, info)]);
}
