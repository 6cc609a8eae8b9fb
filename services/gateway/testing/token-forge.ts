import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { PublicKey } from '../token/key-set.ts';

/** Members of a header or claims; an undefined one is left out. */
export type Members = Readonly<Record<string, unknown>>;

/** Signs what is given to it. */
export type Sign = (signed: Buffer) => Buffer;

/** An Ed25519 key pair with the id that identity would give it. */
export interface ForgeKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: PublicKey;
}

/** Makes a key pair. */
export function forgeKey(): ForgeKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const members = { crv: 'Ed25519', kty: 'OKP', x };
  const kid = createHash('sha256').update(JSON.stringify(members)).digest('base64url');
  return { privateKey, publicKey, jwk: { ...members, kid, use: 'sig', alg: 'EdDSA' } };
}

/** base64url of a text, of bytes, or of a value as JSON. */
export function encode(value: unknown): string {
  const bytes = value instanceof Uint8Array || typeof value === 'string';
  return Buffer.from(bytes ? value : JSON.stringify(value)).toString('base64url');
}

/** Makes tokens as identity does, and as it never would. */
export class TokenForge {
  readonly key = forgeKey();
  readonly stranger = forgeKey();

  readonly sign: Sign = (signed) => sign(null, signed, this.key.privateKey);

  header(changes: Members = {}): Members {
    return { alg: 'EdDSA', typ: 'at+jwt', kid: this.key.jwk.kid, ...changes };
  }

  claims(changes: Members = {}): Members {
    const iat = Math.floor(Date.now() / 1_000);
    return {
      iss: 'https://identity.meridian.local',
      aud: 'https://api.meridian.local',
      sub: 'account-1',
      client_id: 'meridian',
      iat,
      exp: iat + 300,
      jti: randomUUID(),
      sid: 'session-1',
      roles: ['customer'],
      ...changes,
    };
  }

  /** A token of any header and payload; each may be text that is not JSON. */
  token(header: unknown = this.header(), payload: unknown = this.claims(), by = this.sign): string {
    const signed = `${encode(header)}.${encode(payload)}`;
    return `${signed}.${by(Buffer.from(signed)).toString('base64url')}`;
  }

  withClaims(changes: Members): string {
    return this.token(this.header(), this.claims(changes));
  }

  withHeader(changes: Members): string {
    return this.token(this.header(changes));
  }
}
