import type { Identity } from '../tls/identity.ts';
import { MAX_CONTEXT_LIFETIME_SECONDS, decodeClaims } from './claims.ts';
import type { ContextClaims } from './claims.ts';
import { decodeBase64url, splitJws, verifyJws } from './compact-jws.ts';
import { SignerCertificates } from './signer-certificates.ts';

/** A context is two certificates and a few claims; more than this is somebody's attempt. */
export const MAX_CONTEXT_CHARACTERS = 8_192;

/** How much the edge service's clock may be ahead of ours. */
const CLOCK_SKEW_SECONDS = 5;

/** Verifies signed contexts: form, signer, signature and dates. */
export class ContextVerifier {
  readonly #signers: SignerCertificates;

  /** @param signer SPIFFE ID of the edge service */
  constructor(identity: Pick<Identity, 'current'>, signer: string) {
    this.#signers = new SignerCertificates(identity, signer);
  }

  /** The claims of a context. Throws an Error that says what is wrong, for the log only. */
  verify(text: string, nowMs = Date.now()): ContextClaims {
    if (text.length > MAX_CONTEXT_CHARACTERS) throw new Error('it is too long');
    const jws = splitJws(text);
    if (jws === undefined) throw new Error('it is not a compact JWS');
    const { publicKey } = this.#signers.verify(jws.header, nowMs);
    if (!verifyJws(jws, publicKey)) throw new Error('the signature does not fit');
    const claims = decodeClaims(decodeBase64url(jws.payload)?.toString('utf8') ?? '');
    if (claims === undefined) throw new Error('its claims cannot be read');
    checkDates(claims, nowMs / 1_000);
    return claims;
  }
}

function checkDates(claims: ContextClaims, nowSeconds: number): void {
  const { issuedAtSeconds, expirySeconds } = claims;
  const lifetimeSeconds = expirySeconds - issuedAtSeconds;
  if (lifetimeSeconds <= 0 || lifetimeSeconds > MAX_CONTEXT_LIFETIME_SECONDS) {
    throw new Error(`it was made to live ${lifetimeSeconds} s`);
  }
  if (issuedAtSeconds > nowSeconds + CLOCK_SKEW_SECONDS) throw new Error('it is of the future');
  if (expirySeconds <= nowSeconds) throw new Error('it has expired');
}
