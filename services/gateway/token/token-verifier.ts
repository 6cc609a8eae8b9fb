import { jwtVerify } from 'jose';
import type { Caller } from './caller.ts';
import type { KeySet } from './key-set.ts';
import { tokenInvalid, tokensUncheckable } from './refusals.ts';
import type { Revocations } from './revocations.ts';
import type { TokenCache, VerifiedToken } from './token-cache.ts';
import { CLOCK_TOLERANCE_SECONDS, readClaims } from './token-claims.ts';
import { checkForm } from './token-form.ts';

/** What access tokens are held against. */
export interface TokenVerifierOptions {
  readonly keys: Pick<KeySet, 'find' | 'has' | 'loaded'>;
  readonly revocations: Pick<Revocations, 'fresh' | 'has'>;
  readonly cache: TokenCache;
  /** Who issues them: `https://identity.<trust domain>`. */
  readonly issuer: string;
  /** Whom they are for: `https://api.<trust domain>`. */
  readonly audience: string;
}

/** Verifies access tokens by RFC 8725 and RFC 9068: one issuer, one audience, one algorithm. */
export class TokenVerifier {
  readonly #options: TokenVerifierOptions;

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
  }

  /**
   * Who a token is for that was verified before and is still good, without any cryptography but a
   * digest; undefined for every other one. @throws {HttpProblem} 503 if nobody can tell now.
   */
  recall(token: string): Caller | undefined {
    const { keys, revocations, cache } = this.#options;
    const known = cache.get(token);
    if (known === undefined) return undefined;
    if (!revocations.fresh) throw tokensUncheckable();
    const good = keys.has(known.kid) && !revocations.has(known.sessionId);
    return good ? callerOf(known) : undefined;
  }

  /** Who a token is for. @throws {HttpProblem} 401, or 503 if nobody can tell now. */
  async verify(token: string): Promise<Caller> {
    const { keys, revocations, cache } = this.#options;
    const verified = await this.#verifyAnew(token);
    if (!revocations.fresh) throw tokensUncheckable();
    if (!keys.has(verified.kid)) throw tokenInvalid('its key counts no longer');
    if (revocations.has(verified.sessionId)) throw tokenInvalid('its session was revoked');
    cache.set(token, verified);
    return callerOf(verified);
  }

  async #verifyAnew(token: string): Promise<VerifiedToken> {
    const { keys, issuer, audience } = this.#options;
    const { kid } = orInvalid(() => checkForm(token));
    const key = await keys.find(kid);
    if (key === undefined) throw keys.loaded ? tokenInvalid('no such key') : tokensUncheckable();
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['EdDSA'],
        typ: 'at+jwt',
        issuer,
        audience,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'jti', 'sid', 'iat', 'exp'],
      });
      return { ...readClaims(payload), kid };
    } catch (error) {
      throw tokenInvalid(error);
    }
  }
}

function callerOf({ subject, roles }: VerifiedToken): Caller {
  return { subject, roles };
}

function orInvalid<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw tokenInvalid(error);
  }
}
