/** Whom and what a request is about: what the edge service vouches for in a signed context. */
export interface ContextClaims {
  /** Whom it is made for; absent when nobody signed in. */
  readonly subject: string | undefined;
  readonly roles: readonly string[];
  readonly requestId: string;
  /** Path of the method that the request entered by. */
  readonly entryMethod: string;
  /** Seconds since the epoch. */
  readonly issuedAtSeconds: number;
  readonly expirySeconds: number;
  /** What the edge service itself calls with it: this method, with this request, and nothing else. */
  readonly firstHop: FirstHop;
}

/** The call that the edge service makes. */
export interface FirstHop {
  /** Path of the method. */
  readonly method: string;
  /**
   * SHA-256 over the request as it is received, in base64url: protobuf has no canonical form, so
   * what is decoded and encoded again may be other bytes.
   */
  readonly digest: string;
}

/** No context outlives this. */
export const MAX_CONTEXT_LIFETIME_SECONDS = 60;

const SUBJECT = /^[\x21-\x7e]{1,256}$/;
const ROLE = /^[a-z][a-z0-9-]{0,31}$/;
const MAX_ROLES = 32;
const REQUEST_ID = /^[A-Za-z0-9._~:-]{1,128}$/;
const METHOD_PATH = /^\/[A-Za-z0-9_.]{1,200}\/[A-Za-z0-9_]{1,100}$/;
/** 32 bytes in base64url. */
const DIGEST = /^[A-Za-z0-9_-]{43}$/;

/** The claims as JSON, under the names that travel. Source: RFC 7519 section 4.1 for sub, iat and exp. */
export function encodeClaims(claims: ContextClaims): string {
  const { subject, roles, requestId, entryMethod, firstHop } = claims;
  return JSON.stringify({
    ...(subject === undefined ? {} : { sub: subject }),
    roles,
    rid: requestId,
    entry: entryMethod,
    iat: claims.issuedAtSeconds,
    exp: claims.expirySeconds,
    hop: { method: firstHop.method, digest: firstHop.digest },
  });
}

/** Reads claims; undefined for anything but what encodeClaims writes. */
export function decodeClaims(text: string): ContextClaims | undefined {
  const claims = parseObject(text);
  if (claims === undefined) return undefined;
  const { sub, roles, rid, entry, iat, exp, hop, ...others } = claims;
  if (Object.keys(others).length > 0) return undefined;
  if (sub !== undefined && !matches(sub, SUBJECT)) return undefined;
  if (!Array.isArray(roles) || roles.length > MAX_ROLES) return undefined;
  if (!roles.every((role) => matches(role, ROLE))) return undefined;
  if (!matches(rid, REQUEST_ID) || !matches(entry, METHOD_PATH)) return undefined;
  if (!isTime(iat) || !isTime(exp)) return undefined;
  const firstHop = decodeFirstHop(hop);
  if (firstHop === undefined) return undefined;
  return {
    subject: sub,
    roles,
    requestId: rid,
    entryMethod: entry,
    issuedAtSeconds: iat,
    expirySeconds: exp,
    firstHop,
  };
}

function decodeFirstHop(value: unknown): FirstHop | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { method, digest, ...others } = value as Readonly<Record<string, unknown>>;
  if (Object.keys(others).length > 0) return undefined;
  return matches(method, METHOD_PATH) && matches(digest, DIGEST) ? { method, digest } : undefined;
}

/** A JSON text as an object; undefined for everything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // What is not JSON is not an object either; the caller of this refuses both alike.
    return undefined;
  }
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
