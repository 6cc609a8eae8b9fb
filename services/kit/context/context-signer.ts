import { createHash } from 'node:crypto';
import type { SigningKey, SigningKeyMaterial } from '../tls/signing-key.ts';
import { MAX_CONTEXT_LIFETIME_SECONDS, encodeClaims } from './claims.ts';
import type { ContextClaims } from './claims.ts';
import { signJws } from './compact-jws.ts';
import type { ContextSource } from './context-source.ts';
import { encodeHeader } from './signer-certificates.ts';

/** What the edge service knows of a request before it calls. */
export type RequestFacts = Pick<ContextClaims, 'subject' | 'roles' | 'requestId'>;

/** Signs the contexts of requests: what only the edge service does. */
export class ContextSigner {
  readonly #key: Pick<SigningKey, 'current'>;
  #material: SigningKeyMaterial | undefined;
  #header = '';

  constructor(key: Pick<SigningKey, 'current'>) {
    this.#key = key;
  }

  /** A context for one request; each call made for it is signed with its own method and digest. */
  contextFor(facts: RequestFacts): ContextSource {
    return {
      textFor: (method, request) => {
        if (request === undefined) {
          throw new Error(`${method}: a stream of requests has no digest to sign`);
        }
        const issuedAtSeconds = Math.floor(Date.now() / 1_000);
        return this.sign({
          ...facts,
          entryMethod: method,
          issuedAtSeconds,
          expirySeconds: issuedAtSeconds + MAX_CONTEXT_LIFETIME_SECONDS,
          firstHop: { method, digest: digestOf(request) },
        });
      },
    };
  }

  /** Signs claims with the newest key. */
  sign(claims: ContextClaims): string {
    const material = this.#key.current;
    if (material !== this.#material) {
      this.#material = material;
      this.#header = encodeHeader(material.certificateChain);
    }
    return signJws(this.#header, encodeClaims(claims), material.privateKey);
  }
}

/** The digest of a request's bytes, as it stands in the claims. */
export function digestOf(request: Uint8Array): string {
  return createHash('sha256').update(request).digest('base64url');
}
