import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKeyMaterial } from '@meridian/kit/tls/signing-key.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS } from './lifetimes.ts';

/** The one client that tokens are for: this platform's own API. */
const CLIENT_ID = 'meridian';

/** Who gives tokens out, and for whom. */
export interface TokenAudience {
  readonly issuer: string;
  readonly audience: string;
}

/** What a token says of its bearer. */
export interface TokenSubject {
  readonly accountId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
}

/** A signed token and when it ends. */
export interface AccessToken {
  readonly token: string;
  readonly expireTime: Date;
}

/** Issuer and audience within a SPIFFE trust domain. Throws Error on what is not a SPIFFE ID. */
export function tokenAudience(spiffeId: string): TokenAudience {
  const trustDomain = new URL(spiffeId).host;
  return {
    issuer: `https://identity.${trustDomain}`,
    audience: `https://api.${trustDomain}`,
  };
}

/**
 * Signs an access token (RFC 9068) with Ed25519. `issueTimeMs` is from before the session was looked
 * at, so that no token outlives what a later revocation says of it.
 */
export async function signAccessToken(
  key: Pick<SigningKeyMaterial, 'kid' | 'privateKey'>,
  { issuer, audience }: TokenAudience,
  { accountId, sessionId, roles }: TokenSubject,
  issueTimeMs: number,
): Promise<AccessToken> {
  const issuedAt = Math.floor(issueTimeMs / 1_000);
  const expiresAt = issuedAt + ACCESS_TOKEN_LIFETIME_SECONDS;
  const token = await new SignJWT({ client_id: CLIENT_ID, sid: sessionId, roles })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(accountId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .setJti(randomUUID())
    .sign(key.privateKey);
  return { token, expireTime: new Date(expiresAt * 1_000) };
}
