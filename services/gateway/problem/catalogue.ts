/** What is the same for every occurrence of a kind of problem. */
export interface ProblemKind {
  readonly status: number;
  /** Name of the gRPC status code that it corresponds to. */
  readonly code: string;
  readonly title: string;
}

/**
 * Every kind of problem that the edge API answers. The key ends the type URI, which is a contract:
 * keys are added, never renamed. Listed for readers in services/gateway/problem/README.md.
 */
export const PROBLEMS = {
  // Refused by the gateway itself.
  'malformed-request': kind(400, 'INVALID_ARGUMENT', 'The request is not valid HTTP'),
  'malformed-url': kind(400, 'INVALID_ARGUMENT', 'The URL is not valid'),
  'malformed-json': kind(400, 'INVALID_ARGUMENT', 'The body is not valid JSON'),
  'route-not-found': kind(404, 'NOT_FOUND', 'There is nothing at this path'),
  'method-not-allowed': kind(405, 'UNIMPLEMENTED', 'The method is not allowed at this path'),
  'not-acceptable': kind(406, 'INVALID_ARGUMENT', 'No accepted media type can be produced'),
  'request-timeout': kind(408, 'CANCELLED', 'The request took too long to arrive'),
  'content-too-large': kind(413, 'INVALID_ARGUMENT', 'The body is too large'),
  'uri-too-long': kind(414, 'INVALID_ARGUMENT', 'The URL is too long'),
  'unsupported-media-type': kind(415, 'INVALID_ARGUMENT', 'The media type is not supported'),
  'expectation-failed': kind(417, 'INVALID_ARGUMENT', 'The expectation cannot be met'),
  'headers-too-large': kind(431, 'INVALID_ARGUMENT', 'The headers are too large'),
  'method-unknown': kind(501, 'UNIMPLEMENTED', 'The method is unknown'),
  // Answered by a service: one for each google.rpc.Code, and one for each reason that needs another.
  'invalid-argument': kind(400, 'INVALID_ARGUMENT', 'The request does not fit the contract'),
  'stale-page': kind(400, 'INVALID_ARGUMENT', 'The page does not go on from a page of this list'),
  'guessable-password': kind(400, 'INVALID_ARGUMENT', 'The password is among those guessed first'),
  'failed-precondition': kind(409, 'FAILED_PRECONDITION', 'The resource is not in the right state'),
  'idempotency-key-reused': kind(
    422,
    'FAILED_PRECONDITION',
    'The idempotency key belongs to another request',
  ),
  'stock-reserved': kind(
    409,
    'FAILED_PRECONDITION',
    'More units are reserved than would be on hand',
  ),
  'stock-above-maximum': kind(
    409,
    'FAILED_PRECONDITION',
    'More units would be on hand than can be counted',
  ),
  'etag-mismatch': kind(412, 'ABORTED', 'The resource is no longer what the etag says'),
  'items-not-sellable': kind(409, 'FAILED_PRECONDITION', 'The items cannot be sold as one order'),
  'total-differs': kind(409, 'ABORTED', 'The order costs something else by now'),
  'order-not-payable': kind(
    409,
    'FAILED_PRECONDITION',
    'The order waits for no other means of payment',
  ),
  'order-not-refundable': kind(
    409,
    'FAILED_PRECONDITION',
    'The order is not confirmed, or all of it was given back',
  ),
  'refund-exceeds-captured': kind(
    409,
    'FAILED_PRECONDITION',
    'More would be given back than is left of what was paid',
  ),
  'refund-currency-differs': kind(
    409,
    'FAILED_PRECONDITION',
    'The order was paid in another currency',
  ),
  'sign-in-not-recent': kind(409, 'FAILED_PRECONDITION', 'The caller signed in too long ago'),
  'out-of-range': kind(400, 'OUT_OF_RANGE', 'A value is past the valid range'),
  unauthenticated: kind(401, 'UNAUTHENTICATED', 'Authentication is missing or not valid'),
  'permission-denied': kind(403, 'PERMISSION_DENIED', 'This is not allowed'),
  'not-found': kind(404, 'NOT_FOUND', 'The resource does not exist'),
  'already-exists': kind(409, 'ALREADY_EXISTS', 'The resource exists already'),
  aborted: kind(409, 'ABORTED', 'A concurrent change got in the way'),
  'resource-exhausted': kind(429, 'RESOURCE_EXHAUSTED', 'Too many requests'),
  cancelled: kind(499, 'CANCELLED', 'The client went away'),
  internal: kind(500, 'INTERNAL', 'Something went wrong on our side'),
  unimplemented: kind(501, 'UNIMPLEMENTED', 'The operation is not implemented'),
  unavailable: kind(503, 'UNAVAILABLE', 'The service is unavailable for the moment'),
  'deadline-exceeded': kind(504, 'DEADLINE_EXCEEDED', 'The service did not answer in time'),
} as const satisfies Record<string, ProblemKind>;

/** The last part of a problem's type URI. */
export type ProblemName = keyof typeof PROBLEMS;

/** The URI that names a kind of problem; an identifier, nothing is served there (RFC 9457, 3.1.1). */
export function problemType(name: ProblemName): string {
  return `https://meridian.example/problems/${name}`;
}

function kind(status: number, code: string, title: string): ProblemKind {
  return { status, code, title };
}
