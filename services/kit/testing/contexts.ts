import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { MAX_CONTEXT_LIFETIME_SECONDS } from '../context/claims.ts';
import type { ContextClaims } from '../context/claims.ts';
import { ContextSigner, digestOf } from '../context/context-signer.ts';
import type { Issued } from './authority.ts';

/** A signer with a certificate that a test had issued, without a folder of its own. */
export function signerOf(issued: Issued): ContextSigner {
  return new ContextSigner({
    current: {
      privateKey: keyOf(issued),
      certificateChain: chainOf(issued),
      fingerprint: '',
      kid: '',
      notAfter: new Date(Date.now() + 3_600_000),
    },
  });
}

/** The private key of what was issued. */
export function keyOf({ key }: Issued): KeyObject {
  return createPrivateKey(key);
}

/** Leaf and intermediate of what was issued. */
export function chainOf({ cert }: Issued): readonly X509Certificate[] {
  const blocks = cert.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Claims of a request of a user that enters by a method with these bytes, with some of them changed. */
export function claimsFor(
  method: string,
  request: Uint8Array,
  changes: Partial<ContextClaims> = {},
): ContextClaims {
  const issuedAtSeconds = Math.floor(Date.now() / 1_000);
  return {
    subject: 'account-1',
    roles: ['customer'],
    requestId: 'request-1',
    entryMethod: method,
    issuedAtSeconds,
    expirySeconds: issuedAtSeconds + MAX_CONTEXT_LIFETIME_SECONDS,
    firstHop: { method, digest: digestOf(request) },
    ...changes,
  };
}
