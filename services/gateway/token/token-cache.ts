import { createHash } from 'node:crypto';
import type { TokenClaims } from './token-claims.ts';

/** A token that was verified once. */
export interface VerifiedToken extends TokenClaims {
  /** The key that signed it: without it the token is no longer good. */
  readonly kid: string;
}

/** Some 300 bytes each. */
export const MAX_CACHED_TOKENS = 10_000;

/**
 * Tokens that were verified, by the SHA-256 of the whole token, signature included: what differs in
 * one byte is another token. The one that was used longest ago goes first.
 */
export class TokenCache {
  readonly #capacity: number;
  readonly #tokens = new Map<string, VerifiedToken>();

  constructor(capacity = MAX_CACHED_TOKENS) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#tokens.size;
  }

  /** What a token said, while it has not expired. */
  get(token: string, nowMs = Date.now()): VerifiedToken | undefined {
    const key = keyOf(token);
    const found = this.#tokens.get(key);
    if (found === undefined) return undefined;
    this.#tokens.delete(key);
    if (found.expirySeconds * 1_000 <= nowMs) return undefined;
    // Put back as the newest.
    this.#tokens.set(key, found);
    return found;
  }

  set(token: string, verified: VerifiedToken): void {
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size >= this.#capacity && oldest !== undefined) this.#tokens.delete(oldest);
    this.#tokens.set(keyOf(token), verified);
  }
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
