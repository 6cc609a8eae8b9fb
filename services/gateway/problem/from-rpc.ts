import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '@meridian/kit/contract/gen/google/rpc/status_pb.js';
import {
  ERROR_DOMAIN,
  ERROR_REASONS,
  STATUS_DETAILS_KEY,
} from '@meridian/kit/rpc/error-details.ts';
import type { ErrorReason } from '@meridian/kit/rpc/error-details.ts';
import type { RpcError, StatusName } from '@meridian/kit/rpc/rpc-error.ts';
import type { Repeatability } from '@meridian/kit/rpc/service-definition.ts';
import type { Violation } from '../transcode/violation.ts';
import type { ProblemName } from './catalogue.ts';
import { HttpProblem } from './http-problem.ts';

/** Source: google/rpc/code.proto, "HTTP Mapping" of each code. */
const BY_STATUS: Readonly<Record<StatusName, ProblemName>> = {
  // A failure that calls itself a success.
  OK: 'internal',
  CANCELLED: 'cancelled',
  UNKNOWN: 'internal',
  INVALID_ARGUMENT: 'invalid-argument',
  DEADLINE_EXCEEDED: 'deadline-exceeded',
  NOT_FOUND: 'not-found',
  ALREADY_EXISTS: 'already-exists',
  PERMISSION_DENIED: 'permission-denied',
  RESOURCE_EXHAUSTED: 'resource-exhausted',
  FAILED_PRECONDITION: 'failed-precondition',
  ABORTED: 'aborted',
  OUT_OF_RANGE: 'out-of-range',
  UNIMPLEMENTED: 'unimplemented',
  INTERNAL: 'internal',
  UNAVAILABLE: 'unavailable',
  DATA_LOSS: 'internal',
  UNAUTHENTICATED: 'unauthenticated',
};

/** Where the status alone does not say what the caller is to do. */
const BY_REASON: Readonly<Record<ErrorReason, ProblemName>> = {
  [ERROR_REASONS.idempotencyKeyReused]: 'idempotency-key-reused',
  [ERROR_REASONS.etagMismatch]: 'etag-mismatch',
  [ERROR_REASONS.pageTokenStale]: 'stale-page',
  [ERROR_REASONS.passwordGuessable]: 'guessable-password',
  [ERROR_REASONS.itemsNotSellable]: 'items-not-sellable',
  [ERROR_REASONS.totalDiffers]: 'total-differs',
  [ERROR_REASONS.stockReserved]: 'stock-reserved',
  [ERROR_REASONS.stockAboveMaximum]: 'stock-above-maximum',
  [ERROR_REASONS.orderNotPayable]: 'order-not-payable',
  [ERROR_REASONS.orderNotRefundable]: 'order-not-refundable',
  [ERROR_REASONS.refundExceedsCaptured]: 'refund-exceeds-captured',
  [ERROR_REASONS.refundCurrencyDiffers]: 'refund-currency-differs',
  [ERROR_REASONS.signInNotRecent]: 'sign-in-not-recent',
};

/**
 * Our own words for statuses that are about us: a service's or channel's message would tell of
 * addresses, peers and queues. The statuses left out are about the request, so the service wrote
 * their message for its caller.
 */
const FIXED_DETAIL: Partial<Record<ProblemName, string>> = {
  cancelled: 'The request was cancelled before it was answered.',
  'permission-denied': 'The request is understood, and not allowed.',
  unauthenticated: 'The request needs valid credentials.',
  'resource-exhausted': 'There are more requests than this caller may send; try again later.',
  internal: 'The request could not be served; quote requestId to report it.',
  unimplemented: 'The operation is in the contract and not implemented yet.',
  unavailable: 'The service behind this path cannot be reached now; try again shortly.',
  'deadline-exceeded': 'The service behind this path did not answer in time; try again shortly.',
};

/** What is said of a write that got no answer: whether it was done is not known. */
const UNKNOWN_EFFECT: Partial<Record<Repeatability, string>> = {
  'under-key':
    'Whether the change was made is not known: send it again with the same Idempotency-Key, and it is made once.',
  never: 'Whether the change was made is not known: look before it is sent again.',
};

function fixedDetail(name: ProblemName, { origin }: RpcError): string | undefined {
  const fixed = FIXED_DETAIL[name];
  const effect = NO_ANSWER.has(name) && origin && UNKNOWN_EFFECT[origin.repeatability];
  return effect ? `${fixed} ${effect}` : fixed;
}

/** Problems that say that the answer of a service did not come. */
const NO_ANSWER: ReadonlySet<ProblemName> = new Set(['unavailable', 'deadline-exceeded']);

/** Problems that pass, so that they come with Retry-After. */
const PASSING: ReadonlySet<ProblemName> = new Set([...NO_ANSWER, 'resource-exhausted']);

/** What Retry-After gives where the service names no longer delay. */
const LEAST_RETRY_AFTER_SECONDS = 1n;

/**
 * The problem that a failed gRPC call is to the caller, with the field violations and the delay that
 * its google.rpc error details name.
 */
export function problemFromRpc(error: RpcError): HttpProblem {
  const details = errorDetails(error);
  const name = details.problem ?? BY_STATUS[error.status];
  const fixed = fixedDetail(name, error);
  return new HttpProblem(name, {
    detail: fixed ?? (error.message === '' ? 'The service gave no reason.' : error.message),
    violations: fixed === undefined ? details.violations : [],
    headers: headersFor(name, details.retryAfterSeconds),
    cause: error,
  });
}

interface ErrorDetails {
  readonly violations: readonly Violation[];
  readonly retryAfterSeconds: bigint;
  /** The kind of problem that its reason names, if it has one. */
  readonly problem: ProblemName | undefined;
}

/** Source: google/rpc/status.proto, carried in the trailer `grpc-status-details-bin`. */
function errorDetails({ metadata }: RpcError): ErrorDetails {
  const none = { violations: [], retryAfterSeconds: 0n, problem: undefined };
  const [bytes] = metadata?.get(STATUS_DETAILS_KEY) ?? [];
  if (!(bytes instanceof Uint8Array)) return none;
  try {
    const { details } = fromBinary(StatusSchema, bytes);
    const delays = details.map((any) => anyUnpack(any, RetryInfoSchema)?.retryDelay?.seconds);
    return {
      violations: details
        .flatMap((any) => anyUnpack(any, BadRequestSchema)?.fieldViolations ?? [])
        .map(({ field, description }) => ({ field: toJsonNames(field), detail: description })),
      retryAfterSeconds: delays.find((seconds) => seconds !== undefined) ?? 0n,
      problem: details
        .map((any) => anyUnpack(any, ErrorInfoSchema))
        .filter((info) => info?.domain === ERROR_DOMAIN)
        .map((info) => BY_REASON[info?.reason as ErrorReason] as ProblemName | undefined)
        .find((found) => found !== undefined),
    };
  } catch {
    // The status stands; only its decoration cannot be read.
    return none;
  }
}

function headersFor(name: ProblemName, retryAfterSeconds: bigint): Record<string, string> {
  if (name === 'unauthenticated') return { 'www-authenticate': 'Bearer' };
  if (!PASSING.has(name)) return {};
  const seconds =
    retryAfterSeconds > LEAST_RETRY_AFTER_SECONDS ? retryAfterSeconds : LEAST_RETRY_AFTER_SECONDS;
  return { 'retry-after': String(seconds) };
}

/** Services name fields as in the .proto file; callers know them by their JSON names. */
function toJsonNames(path: string): string {
  return path
    .split(/(\[[^\]]*\])/)
    .map((part) =>
      part.startsWith('[')
        ? part
        : part.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    )
    .join('');
}
