/**
 * A kind of problem that the edge answers without a gateway. Name, status, code and title are those of
 * services/gateway/problem/catalogue.ts, which components do not import: a test holds the two equal.
 */
export interface EdgeProblem {
  /** Last part of the type URI. */
  readonly name: string;
  readonly status: number;
  /** Name of the gRPC status code. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Headers that belong to the status. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the edge answers where Envoy would answer with a status. */
export interface EdgeAnswer {
  /** Envoy's status, or every one from there up that no earlier answer is for. */
  readonly status: number | { readonly from: number };
  /** What of the request says more than the status does. */
  readonly of?: 'CONNECT' | 'several hosts' | 'unknown method';
  readonly problem: EdgeProblem;
}

const MALFORMED: EdgeProblem = {
  name: 'malformed-request',
  status: 400,
  code: 'INVALID_ARGUMENT',
  title: 'The request is not valid HTTP',
  detail: 'The request could not be read as HTTP.',
};

const SEVERAL_HOSTS: EdgeProblem = {
  ...MALFORMED,
  detail: 'There must be exactly one Host header.',
};

const UPGRADE_REFUSED: EdgeProblem = {
  name: 'permission-denied',
  status: 403,
  code: 'PERMISSION_DENIED',
  title: 'This is not allowed',
  detail: 'The edge changes to no other protocol: send the request without Upgrade.',
};

const ROUTE_NOT_FOUND: EdgeProblem = {
  name: 'route-not-found',
  status: 404,
  code: 'NOT_FOUND',
  title: 'There is nothing at this path',
  detail: 'No operation has this path; /openapi.json lists them all.',
};

const CONNECT_REFUSED: EdgeProblem = {
  name: 'method-not-allowed',
  status: 405,
  code: 'UNIMPLEMENTED',
  title: 'The method is not allowed at this path',
  detail: 'The edge is not a proxy: CONNECT is not served.',
  headers: { allow: '' },
};

const REQUEST_TIMEOUT: EdgeProblem = {
  name: 'request-timeout',
  status: 408,
  code: 'CANCELLED',
  title: 'The request took too long to arrive',
  detail: 'The request did not arrive in time.',
};

const CONTENT_TOO_LARGE: EdgeProblem = {
  name: 'content-too-large',
  status: 413,
  code: 'INVALID_ARGUMENT',
  title: 'The body is too large',
  detail: 'The body is larger than the edge takes.',
};

/**
 * Instead of 426, which has to name the protocols in Upgrade (RFC 9110, section 15.5.22): that header
 * cannot leave Envoy on an answer of its own.
 */
const TOO_OLD: EdgeProblem = {
  ...MALFORMED,
  detail: 'The version of HTTP is too old: HTTP/1.1 or HTTP/2 is needed.',
};

const HEADERS_TOO_LARGE: EdgeProblem = {
  name: 'headers-too-large',
  status: 431,
  code: 'INVALID_ARGUMENT',
  title: 'The headers are too large',
  detail: 'The request line and headers are too large, or there are too many.',
};

const INTERNAL: EdgeProblem = {
  name: 'internal',
  status: 500,
  code: 'INTERNAL',
  title: 'Something went wrong on our side',
  detail: 'The request could not be served; quote requestId to report it.',
};

const CODING_UNKNOWN: EdgeProblem = {
  name: 'unimplemented',
  status: 501,
  code: 'UNIMPLEMENTED',
  title: 'The operation is not implemented',
  detail: 'The only transfer coding that is understood is chunked.',
};

const METHOD_UNKNOWN: EdgeProblem = {
  name: 'method-unknown',
  status: 501,
  code: 'UNIMPLEMENTED',
  title: 'The method is unknown',
  detail: 'No path has this method; /openapi.json lists those that there are.',
};

/** When to come again: within about a second the edge has noticed which gateways are gone. */
const RETRY_AFTER = { 'retry-after': '1' } as const;

const UNAVAILABLE: EdgeProblem = {
  name: 'unavailable',
  status: 503,
  code: 'UNAVAILABLE',
  title: 'The service is unavailable for the moment',
  detail: 'No gateway could answer; try again shortly.',
  headers: RETRY_AFTER,
};

const DEADLINE_EXCEEDED: EdgeProblem = {
  name: 'deadline-exceeded',
  status: 504,
  code: 'DEADLINE_EXCEEDED',
  title: 'The service did not answer in time',
  detail: 'No gateway answered in time; try again shortly.',
  headers: RETRY_AFTER,
};

/**
 * Everything that Envoy 1.40 answers by itself, the first that fits: its connection manager, its codecs
 * and its router, which are all the filters there are, and the edge's own routes.
 */
export const EDGE_ANSWERS: readonly EdgeAnswer[] = [
  { status: 400, of: 'several hosts', problem: SEVERAL_HOSTS },
  { status: 400, problem: MALFORMED },
  { status: 403, problem: UPGRADE_REFUSED },
  { status: 404, of: 'CONNECT', problem: CONNECT_REFUSED },
  { status: 404, problem: ROUTE_NOT_FOUND },
  { status: 408, problem: REQUEST_TIMEOUT },
  { status: 413, problem: CONTENT_TOO_LARGE },
  { status: 426, problem: TOO_OLD },
  { status: 431, problem: HEADERS_TOO_LARGE },
  { status: 500, problem: INTERNAL },
  { status: 501, of: 'unknown method', problem: METHOD_UNKNOWN },
  { status: 501, problem: CODING_UNKNOWN },
  // A gateway that spoke something else than HTTP (502), a body that could not be kept for a second try
  // (507): a client does the same about them as about 503, the contract's word for it.
  { status: 502, problem: UNAVAILABLE },
  { status: 503, problem: UNAVAILABLE },
  { status: 504, problem: DEADLINE_EXCEEDED },
  { status: 507, problem: UNAVAILABLE },
  // What no release makes yet.
  { status: { from: 500 }, problem: INTERNAL },
  { status: { from: 400 }, problem: MALFORMED },
];
