import { ErrorInfoSchema } from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import { ERROR_DOMAIN, detailedError } from '@meridian/kit/rpc/error-details.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { AUTHORIZATIONS_MAX, OPERATIONS_MAX } from './payment-machine.ts';
import type { RefusalReason } from './payment-machine.ts';

const MESSAGES: Readonly<Record<RefusalReason, string>> = {
  KEY_OF_ANOTHER_REQUEST: 'the idempotency key was used for another request',
  AMOUNT_DIFFERS: 'the payment is of another amount or currency',
  UNDER_WAY: 'what was asked before has no outcome yet',
  ALREADY_AUTHORIZED: 'the amount is set aside or was taken already',
  NOTHING_AUTHORIZED: 'no amount is set aside',
  ALREADY_CAPTURED: 'the amount was taken',
  NOTHING_CAPTURED: 'no amount was taken',
  BEING_VOIDED: 'the payment is given up',
  MORE_THAN_LEFT: 'less is left of what was taken, counting refunds whose outcome is open',
  TOO_MANY_OPERATIONS: `a payment has at most ${AUTHORIZATIONS_MAX} attempts to authorise, and ${OPERATIONS_MAX} operations but for what ends it`,
  NO_SUCH_OPERATION: 'there is no such operation',
};

/** ALREADY_EXISTS for a key of another request, FAILED_PRECONDITION for what the payment forbids. */
export function refusal(reason: RefusalReason): RpcError {
  const status = reason === 'KEY_OF_ANOTHER_REQUEST' ? 'ALREADY_EXISTS' : 'FAILED_PRECONDITION';
  return detailedError(status, MESSAGES[reason], ErrorInfoSchema, { reason, domain: ERROR_DOMAIN });
}

/** The order has no payment. */
export function paymentNotFound(): RpcError {
  return new RpcError('NOT_FOUND', 'the order has no payment');
}
