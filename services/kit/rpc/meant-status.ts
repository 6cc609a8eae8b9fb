import type { ServiceError } from '@grpc/grpc-js';
import { statusName } from './rpc-error.ts';
import type { StatusName } from './rpc-error.ts';

/** What is known of a call besides the status that grpc-js ends it with. */
export interface CallFacts {
  /** Whether the head of an answer has come. */
  readonly begun: boolean;
  /** Whether we cancelled it ourselves. */
  readonly cancelled: boolean;
}

/** A status that grpc-js makes up where the peer gave none. */
interface LocalStatus {
  /** Undefined for any. */
  readonly status: StatusName | undefined;
  readonly details: RegExp;
  /** What it is to a caller. */
  readonly means: StatusName;
}

/** What answered is HTTP and not gRPC; 429, 502, 503 and 504 are UNAVAILABLE already. */
const NOT_GRPC = /^Received HTTP status code \d+$/;

/**
 * Every status that grpc-js makes locally, after the file that makes it: UNAVAILABLE where the peer or
 * the way to it went, INTERNAL where one of us breaks the protocol or the contract, which is a defect.
 * The first that fits counts. Source: grpc-js 1.14, src; local-statuses.test.ts holds the table against
 * it.
 */
const LOCAL_STATUSES: readonly LocalStatus[] = [
  // subchannel-call.ts, transport.ts, load-balancing-call.ts, picker.ts: no connection, or a lost one.
  { status: 'UNAVAILABLE', details: /^/, means: 'UNAVAILABLE' },
  // resolving-call.ts: our own deadline.
  { status: 'DEADLINE_EXCEEDED', details: /^Deadline exceeded/, means: 'DEADLINE_EXCEEDED' },
  // subchannel-call.ts: the stream closed without trailers. The server ended the session under the call,
  // at its maximum age, after a late keepalive or as it left (grpc-node 1532), or its process died; Envoy
  // too calls that unavailable. Its CANCELLED for code 8 is read below.
  {
    status: 'INTERNAL',
    details: /^Received RST_STREAM with code (0|2|4|5|7|8|10|11)\b/,
    means: 'UNAVAILABLE',
  },
  {
    status: 'RESOURCE_EXHAUSTED',
    details: /^Bandwidth exhausted or memory limit exceeded$/,
    means: 'UNAVAILABLE',
  },
  // The other codes say that frames were wrong. Source: RFC 9113, section 7.
  { status: 'INTERNAL', details: /^Received RST_STREAM with code \d+/, means: 'INTERNAL' },
  { status: 'PERMISSION_DENIED', details: /^Protocol not secure enough$/, means: 'INTERNAL' },
  // load-balancing-call.ts: the session closed between the pick and the request.
  {
    status: 'INTERNAL',
    details: /^Failed to start HTTP\/2 stream with error /,
    means: 'UNAVAILABLE',
  },
  // subchannel-call.ts: trailers without grpc-status.
  { status: undefined, details: NOT_GRPC, means: 'INTERNAL' },
  { status: 'UNKNOWN', details: /^No status information received$/, means: 'INTERNAL' },
  // client.ts, client-interceptors.ts, stream-decoder.ts, compression-filter.ts: a message that the
  // contract does not have, or that is too large.
  {
    status: 'UNIMPLEMENTED',
    details: /^(No message received|Too many responses received)$/,
    means: 'INTERNAL',
  },
  {
    status: 'INTERNAL',
    details: /^(Request|Response) message (serialization failure|parsing error): /,
    means: 'INTERNAL',
  },
  {
    status: 'RESOURCE_EXHAUSTED',
    details: /^(Received|Attempted to send) message /,
    means: 'INTERNAL',
  },
];

/**
 * What the status of a failed call means to its caller. What the peer said stands; what grpc-js made up
 * is read by the table above.
 */
export function meantStatus(error: ServiceError, facts: CallFacts): StatusName {
  const said = statusName(error.code);
  // Whoever cancels a call that we still wait for is leaving, whether it says so or resets the stream.
  if (said === 'CANCELLED') return facts.cancelled ? 'CANCELLED' : 'UNAVAILABLE';
  if (isTrailersOnly(error) && !NOT_GRPC.test(error.details)) return said;
  const local = LOCAL_STATUSES.find(
    ({ status, details }) =>
      (status === undefined || status === said) && details.test(error.details),
  );
  // After the head of an answer only the text tells whose a status is; before it, all that is not
  // Trailers-Only is grpc-js's own, and one that the table lacks is a defect of the table.
  return local?.means ?? (facts.begun ? said : 'INTERNAL');
}

/**
 * Whether the peer answered with nothing but its status. It must send its content type with it, and
 * grpc-js leaves that in the metadata; the metadata of a status of its own is empty. Source: gRPC over
 * HTTP/2, "Responses", Trailers-Only.
 */
function isTrailersOnly({ metadata }: ServiceError): boolean {
  const [type] = metadata.get('content-type');
  return typeof type === 'string' && type.startsWith('application/grpc');
}
