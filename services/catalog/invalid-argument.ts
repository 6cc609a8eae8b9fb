import { create } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { BadRequestSchema } from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import { errorWithDetails } from '@meridian/kit/rpc/error-details.ts';
import type { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { FieldViolations } from './field-violations.ts';

/** INVALID_ARGUMENT with google.rpc.BadRequest details, so that a caller can point at each field. */
export function invalidArgument(violations: FieldViolations): RpcError {
  const badRequest = create(BadRequestSchema, {
    fieldViolations: violations.found.map(({ field, description }) => ({ field, description })),
  });
  return errorWithDetails('INVALID_ARGUMENT', violations.summary(), [
    anyPack(BadRequestSchema, badRequest),
  ]);
}

/** Throws what was found, if anything was. */
export function refuseIfInvalid(violations: FieldViolations): void {
  if (violations.found.length > 0) throw invalidArgument(violations);
}
