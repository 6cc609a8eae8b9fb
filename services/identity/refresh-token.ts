import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A refresh token and what is stored of it. */
export interface RefreshToken {
  /** What the client gets; it is nowhere else. */
  readonly token: string;
  readonly sha256: Buffer;
}

/** Draws a new refresh token. */
export function newRefreshToken(): RefreshToken {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, sha256: digestOf(token) };
}

/** What is stored of a token; 256 random bits need no salt and no slow hash. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token, 'ascii').digest();
}
