import { getSystemErrorMap } from 'node:util';
import { RpcError } from '../rpc/rpc-error.ts';
import type { StatusName } from '../rpc/rpc-error.ts';
import { MalformedEventError } from './cloud-event.ts';

/** What a failure is the fault of, as far as the error tells. */
export type Blame = 'record' | 'surroundings' | 'unknown';

/** Statuses of what a handler depends on: they pass, and no record is to blame. */
const PASSING: ReadonlySet<StatusName> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
  'CANCELLED',
]);

/** Statuses that answer what was asked, and so the record that made a handler ask it. */
const ANSWERING: ReadonlySet<StatusName> = new Set([
  'INVALID_ARGUMENT',
  'FAILED_PRECONDITION',
  'OUT_OF_RANGE',
  'NOT_FOUND',
  'ALREADY_EXISTS',
]);

/** Every code of the operating system, such as ECONNREFUSED and ENOSPC. */
const SYSTEM_CODES: ReadonlySet<string> = new Set(
  [...getSystemErrorMap().values()].map(([name]) => name),
);

/** Codes of TLS and of fetch for a peer that is not there. Source: Node.js, "Errors"; undici, "Errors". */
const NETWORK_CODE = /^(ERR_(SSL|TLS)_.*|UND_ERR_(\w*TIMEOUT|SOCKET|CLOSED|DESTROYED|ABORTED))$/;

/** Codes of a certificate that is not good, or not yet. Source: Node.js, "X509 certificate error codes". */
const CERTIFICATE_CODE =
  /^((CERT|CRL|UNABLE_TO|ERROR_IN)_\w+|(DEPTH_ZERO_)?SELF_SIGNED_CERT(_IN_CHAIN)?|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/;

/** How clients of engines call it, such as Elasticsearch's ConnectionError and NoLivingConnectionsError. */
const AWAY_CLASS = /(Connection|Socket|Timeout|Offline|Abort|Closed)\w*Error$/;

/** Statuses of HTTP that ask to come back. Source: RFC 9110 sections 15.5.9 and 15.6; RFC 6585. */
const PASSING_HTTP: ReadonlySet<unknown> = new Set([408, 429, 502, 503, 504]);

/** Causes within causes that are looked at; a chain may be a ring. */
const DEPTH_MAX = 8;

/** Whose fault an error is, whichever client it comes from and whatever wraps it. */
export function blameOf(error: unknown): Blame {
  const chain = [...causesOf(error)];
  if (chain.some(isPassing)) return 'surroundings';
  const answers = (each: object): boolean =>
    each instanceof MalformedEventError || (each instanceof RpcError && ANSWERING.has(each.status));
  return chain.some(answers) ? 'record' : 'unknown';
}

/** What of an error tells its cause; not every error is an Error of this realm, such as those of fetch. */
interface ErrorLike {
  readonly [name: string]: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** An error, what it was caused by, and what it is made of. */
function* causesOf(error: unknown, depth = 0): Generator<object> {
  if (typeof error !== 'object' || error === null || depth > DEPTH_MAX) return;
  yield error;
  const { cause, errors } = error as ErrorLike;
  yield* causesOf(cause, depth + 1);
  if (!Array.isArray(errors)) return;
  for (const each of errors) yield* causesOf(each, depth + 1);
}

function isPassing(error: object): boolean {
  if (error instanceof RpcError) return PASSING.has(error.status);
  const { code, name, statusCode, syscall, retriable } = error as ErrorLike;
  return (
    // Of the operating system, whatever it was asked.
    typeof syscall === 'string' ||
    (typeof code === 'string' &&
      (SYSTEM_CODES.has(code) || NETWORK_CODE.test(code) || CERTIFICATE_CODE.test(code))) ||
    [name, error.constructor.name].some((each) => AWAY_CLASS.test(String(each))) ||
    PASSING_HTTP.has(statusCode) ||
    // What kafkajs says of its own errors.
    retriable === true
  );
}
