import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { anyPack, anyUnpack, durationMs } from '@bufbuild/protobuf/wkt';
import type { Any } from '@bufbuild/protobuf/wkt';
import { Metadata } from '@grpc/grpc-js';
import { ErrorInfoSchema, RetryInfoSchema } from '../contract/gen/google/rpc/error_details_pb.js';
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
  /** INVALID_ARGUMENT: the page token is of another list, of another caller, or of before. */
  pageTokenStale: 'PAGE_TOKEN_STALE',
  /** INVALID_ARGUMENT: the password is one that is guessed first. */
  passwordGuessable: 'PASSWORD_GUESSABLE',
  /** FAILED_PRECONDITION: of what is to be ordered, something is unknown, discontinued or not to be paid. */
  itemsNotSellable: 'ITEMS_NOT_SELLABLE',
  /** ABORTED: an order costs something else than its customer was shown. */
  totalDiffers: 'TOTAL_DIFFERS',
  /** FAILED_PRECONDITION: fewer units of a product would be on hand than are reserved. */
  stockReserved: 'STOCK_RESERVED',
  /** FAILED_PRECONDITION: more units of a product would be on hand than can be counted. */
  stockAboveMaximum: 'STOCK_ABOVE_MAXIMUM',
  /** FAILED_PRECONDITION: an order waits for no other means of payment. */
  orderNotPayable: 'ORDER_NOT_PAYABLE',
  /** FAILED_PRECONDITION: an order is not confirmed, or all that it cost was given back. */
  orderNotRefundable: 'ORDER_NOT_REFUNDABLE',
  /** FAILED_PRECONDITION: more would be given back than is left of what was paid. */
  refundExceedsCaptured: 'REFUND_EXCEEDS_CAPTURED',
  /** FAILED_PRECONDITION: an order was paid in another currency than is to be given back. */
  refundCurrencyDiffers: 'REFUND_CURRENCY_DIFFERS',
  /** FAILED_PRECONDITION: the caller signed in too long ago for what is asked. */
  signInNotRecent: 'SIGN_IN_NOT_RECENT',
} as const;

/** One of ERROR_REASONS. */
export type ErrorReason = (typeof ERROR_REASONS)[keyof typeof ERROR_REASONS];

/** One of the messages of google/rpc/error_details.proto, as a detail of an error. */
export function detail<Desc extends DescMessage>(
  schema: Desc,
  content: MessageInitShape<Desc>,
): Any {
  return anyPack(schema, create(schema, content));
}

/** An error with one such detail. */
export function detailedError<Desc extends DescMessage>(
  status: StatusName,
  message: string,
  schema: Desc,
  content: MessageInitShape<Desc>,
): RpcError {
  return errorWithDetails(status, message, [detail(schema, content)]);
}

/** An error with such details. */
export function errorWithDetails(
  status: StatusName,
  message: string,
  packed: readonly Any[],
): RpcError {
  const details = create(StatusSchema, {
    code: statusCode(status),
    message,
    details: [...packed],
  });
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS_KEY, Buffer.from(toBinary(StatusSchema, details)));
  return new RpcError(status, message, { metadata });
}

/** An error with the reason that tells it from others of its status. */
export function errorWithReason(
  status: StatusName,
  reason: ErrorReason,
  message: string,
): RpcError {
  return detailedError(status, message, ErrorInfoSchema, { reason, domain: ERROR_DOMAIN });
}

/**
 * RESOURCE_EXHAUSTED with google.rpc.RetryInfo, for a caller who asks too often: when to come back, in
 * whole seconds.
 */
export function retryLater(message: string, retryAfterSeconds: number): RpcError {
  return withRetryInfo('RESOURCE_EXHAUSTED', message, retryAfterSeconds);
}

/** UNAVAILABLE with google.rpc.RetryInfo: we have too much to do, whoever asks. */
export function overloaded(message: string, retryAfterSeconds: number): RpcError {
  return withRetryInfo('UNAVAILABLE', message, retryAfterSeconds);
}

function withRetryInfo(status: StatusName, message: string, retryAfterSeconds: number): RpcError {
  return detailedError(status, message, RetryInfoSchema, {
    retryDelay: { seconds: BigInt(Math.ceil(retryAfterSeconds)) },
  });
}

/** The delay that an error's google.rpc.RetryInfo asks for; undefined without one that can be read. */
export function retryDelayMsOf(metadata: Metadata): number | undefined {
  const [bytes] = metadata.get(STATUS_DETAILS_KEY);
  if (!(bytes instanceof Uint8Array)) return undefined;
  try {
    const { details } = fromBinary(StatusSchema, bytes);
    const delays = details.map((any) => anyUnpack(any, RetryInfoSchema)?.retryDelay);
    const delay = delays.find((found) => found !== undefined);
    return delay === undefined ? undefined : durationMs(delay);
  } catch {
    // The status stands; only its decoration cannot be read.
    return undefined;
  }
}
