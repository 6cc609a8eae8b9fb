import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Metadata, status } from '@grpc/grpc-js';
import { BadRequestSchema } from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '@meridian/kit/contract/gen/google/rpc/status_pb.js';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { FieldViolations } from './field-violations.ts';

/** Carries google.rpc.Status in trailers; gRPC's richer error model. */
const DETAILS_KEY = 'grpc-status-details-bin';

/** INVALID_ARGUMENT with google.rpc.BadRequest details, so that a caller can point at each field. */
export function invalidArgument(violations: FieldViolations): RpcError {
  const message = violations.summary();
  const badRequest = create(BadRequestSchema, {
    fieldViolations: violations.found.map(({ field, description }) => ({ field, description })),
  });
  const details = create(StatusSchema, {
    code: status.INVALID_ARGUMENT,
    message,
    details: [anyPack(BadRequestSchema, badRequest)],
  });
  const metadata = new Metadata();
  metadata.set(DETAILS_KEY, Buffer.from(toBinary(StatusSchema, details)));
  return new RpcError('INVALID_ARGUMENT', message, { metadata });
}
