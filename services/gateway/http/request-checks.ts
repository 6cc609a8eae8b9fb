import type { IncomingMessage } from 'node:http';
import { HttpProblem } from '../problem/http-problem.ts';
import type { Limits } from './limits.ts';
import { refuseContentType } from './negotiation.ts';

/** The parts of a request target. Source: RFC 9112 section 3.2. */
export interface Target {
  /** Still percent-encoded. */
  readonly path: string;
  /** Still percent-encoded, without its question mark. */
  readonly query: string;
}

/**
 * Checks what concerns every request before anything else looks at it.
 *
 * @throws {HttpProblem} 400, 414, 417 or 431.
 */
export function checkRequest(request: IncomingMessage, limits: Limits): Target {
  const { rawHeaders, headers, url = '' } = request;
  if (Buffer.byteLength(url) > limits.urlBytes) {
    throw new HttpProblem('uri-too-long', {
      detail: `The URL may have ${limits.urlBytes} bytes, got ${Buffer.byteLength(url)}.`,
    });
  }
  if (rawHeaders.length / 2 > limits.headerCount) {
    throw new HttpProblem('headers-too-large', {
      detail: `There may be ${limits.headerCount} headers, got ${rawHeaders.length / 2}.`,
    });
  }
  // RFC 9112 section 3.2: no Host, or more than one, is answered with 400.
  if (countHeader(rawHeaders, 'host') !== 1) {
    throw malformed('There must be exactly one Host header.');
  }
  if (countHeader(rawHeaders, 'content-length') > 1) {
    throw malformed('There must be at most one Content-Length header.');
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    throw new HttpProblem('expectation-failed', {
      detail: 'The only expectation that can be met is 100-continue.',
    });
  }
  return targetOf(url);
}

/** Splits a request target; only the origin form is served. @throws {HttpProblem} 400 */
export function targetOf(url: string): Target {
  if (!url.startsWith('/')) {
    throw new HttpProblem('malformed-url', {
      detail: 'The request target must start with a slash.',
    });
  }
  // RFC 3986: printable ASCII only, no quote, and what comes after # never leaves the client.
  if (!/^[\x21\x24-\x7e]*$/.test(url)) {
    throw new HttpProblem('malformed-url', {
      detail: 'The URL has a character that must be percent-encoded.',
    });
  }
  const question = url.indexOf('?');
  return question < 0
    ? { path: url, query: '' }
    : { path: url.slice(0, question), query: url.slice(question + 1) };
}

/** Whether a request announces a body that is not empty. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? '0') !== 0
  );
}

/** Refused bodies of so many times the limit are read to their end and dropped. */
const DROPPED_LIMITS = 4;

/**
 * Whether the rest of a refused body is too long to be read and dropped, or of a length that nobody knows. Such a
 * connection is closed, and a close that leaves bytes unread resets it, which may overtake the answer (RFC 9112
 * section 9.6).
 */
export function leavesTooMuch(message: IncomingMessage, { bodyBytes }: Limits): boolean {
  if (!announcesBody(message) || message.complete) return false;
  return !(Number(message.headers['content-length'] ?? 'NaN') <= DROPPED_LIMITS * bodyBytes);
}

/** What a route takes: no body, one of JSON, or bytes of whatever type. */
export type BodyKind = 'none' | 'json' | 'raw';

/**
 * Checks an announced body against what the route takes.
 *
 * @throws {HttpProblem} 400, 413 or 415.
 */
export function checkBody(
  request: IncomingMessage,
  kind: BodyKind,
  limits: Pick<Limits, 'bodyBytes'>,
): void {
  if (!announcesBody(request)) return;
  const { headers } = request;
  if (kind === 'none') throw malformed('This operation takes no body.');
  if (Number(headers['content-length'] ?? '0') > limits.bodyBytes) throw contentTooLarge(limits);
  // RFC 9110 section 14.5: a part must not be taken for the whole.
  if (headers['content-range'] !== undefined) {
    throw malformed('A body is the whole of it here; send it without Content-Range.');
  }
  // Node.js drops a second one silently.
  if (countHeader(request.rawHeaders, 'content-type') > 1) {
    throw malformed('There must be at most one Content-Type header.');
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new HttpProblem('unsupported-media-type', {
      detail: 'A body must not be compressed.',
      headers: { 'accept-encoding': 'identity' },
    });
  }
  if (kind === 'raw') return;
  const refusal = refuseContentType(headers['content-type']);
  if (refusal !== undefined) {
    throw new HttpProblem('unsupported-media-type', {
      detail: `The body cannot be read: ${refusal}.`,
      headers: { accept: 'application/json' },
    });
  }
}

/** 413 with the limit. */
export function contentTooLarge(limits: Pick<Limits, 'bodyBytes'>): HttpProblem {
  return new HttpProblem('content-too-large', {
    detail: `The body may have ${limits.bodyBytes} bytes.`,
  });
}

function malformed(detail: string): HttpProblem {
  return new HttpProblem('malformed-request', { detail });
}

/** How often a header was sent. */
export function countHeader(rawHeaders: readonly string[], name: string): number {
  return rawHeaders.filter((each, index) => index % 2 === 0 && each.toLowerCase() === name).length;
}
