import { BadRequestSchema, ErrorInfoSchema } from '../contract/gen/google/rpc/error_details_pb.js';
import { detail, errorWithDetails, ERROR_DOMAIN, ERROR_REASONS } from './error-details.ts';
import type { RpcError } from './rpc-error.ts';

const DESCRIPTION =
  'must be the next_page_token of an answer to the same request by the same caller; begin again without it';

/** INVALID_ARGUMENT for a page token that does not go on from a page of this list. */
export function stalePage(): RpcError {
  return errorWithDetails('INVALID_ARGUMENT', `page_token ${DESCRIPTION}`, [
    detail(ErrorInfoSchema, { reason: ERROR_REASONS.pageTokenStale, domain: ERROR_DOMAIN }),
    detail(BadRequestSchema, {
      fieldViolations: [{ field: 'page_token', description: DESCRIPTION }],
    }),
  ]);
}
