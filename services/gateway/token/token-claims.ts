import type { JWTPayload } from 'jose';
import { areRoles, SUBJECT } from '@meridian/language/subject.ts';

/** What the gateway needs of a verified token. */
export interface TokenClaims {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly sessionId: string;
  /** Seconds since the epoch. */
  readonly expirySeconds: number;
}

/** How far the issuer's clock may be from ours. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** Identity gives five minutes; a token that claims to live longer than this is not of its making. */
export const MAX_TOKEN_LIFETIME_SECONDS = 900;

/**
 * Reads the claims of a token whose signature, type, issuer and audience are verified. Throws an
 * Error that says what is wrong. Source: RFC 9068 section 2.2.
 */
export function readClaims(payload: JWTPayload, nowMs = Date.now()): TokenClaims {
  const nowSeconds = nowMs / 1_000;
  const { aud, sub, jti, sid, iat, exp, nbf, roles = [] } = payload;
  // An array would be for others too; the issuer writes one audience.
  if (typeof aud !== 'string') throw new Error('aud is not one audience');
  if (!isName(sub)) throw new Error('sub is not a subject');
  if (!isName(jti)) throw new Error('jti is not an id');
  if (!isName(sid)) throw new Error('sid is not a session');
  if (!isTime(iat) || !isTime(exp) || (nbf !== undefined && !isTime(nbf))) {
    throw new Error('iat, exp or nbf is not a time');
  }
  if (iat > nowSeconds + CLOCK_TOLERANCE_SECONDS) throw new Error('it is of the future');
  if (nbf !== undefined && nbf > nowSeconds + CLOCK_TOLERANCE_SECONDS) {
    throw new Error('it is not valid yet');
  }
  if (exp + CLOCK_TOLERANCE_SECONDS <= nowSeconds) throw new Error('it has expired');
  if (exp <= iat || exp - iat > MAX_TOKEN_LIFETIME_SECONDS) {
    throw new Error('it was made to live too long, or not at all');
  }
  if (!areRoles(roles)) throw new Error('roles are not roles');
  return { subject: sub, roles, sessionId: sid, expirySeconds: exp };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && SUBJECT.fits.test(value);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
