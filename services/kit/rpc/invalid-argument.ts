import { BadRequestSchema } from '../contract/gen/google/rpc/error_details_pb.js';
import { detailedError } from './error-details.ts';
import type { FieldViolations } from './field-violations.ts';
import type { RpcError } from './rpc-error.ts';

/** INVALID_ARGUMENT with google.rpc.BadRequest details, so that a caller can point at each field. */
export function invalidArgument(violations: FieldViolations): RpcError {
  return detailedError('INVALID_ARGUMENT', violations.summary(), BadRequestSchema, {
    fieldViolations: violations.found.map(({ field, description }) => ({ field, description })),
  });
}

/** Throws what was found, if anything was. */
export function refuseIfInvalid(violations: FieldViolations): void {
  if (violations.found.length > 0) throw invalidArgument(violations);
}
