import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Identity, IdentityMaterial } from '../tls/identity.ts';
import { spiffeIdOf } from '../tls/spiffe.ts';
import { parseObject } from './claims.ts';
import { decodeBase64url } from './compact-jws.ts';

/** Media type of a signed context, in its header. Source: RFC 7515 section 4.1.9. */
export const CONTEXT_TYPE = 'meridian-context+jws';

/** The only algorithm: there is nothing to choose, so nothing to confuse. Source: RFC 8037. */
export const CONTEXT_ALGORITHM = 'EdDSA';

/**
 * Usages of a key that signs messages and ends no TLS, of which a certificate has one and no other, so
 * that no TLS key signs a context: id-kp-documentSigning (RFC 9336), and id-kp-emailProtection (RFC
 * 5280), which stands for it where an authority does not know the newer one, as cert-manager.
 */
const MESSAGE_SIGNING: readonly string[] = ['1.3.6.1.5.5.7.3.36', '1.3.6.1.5.5.7.3.4'];

/** A signer whose certificates lead to the platform's root. */
export interface VerifiedSigner {
  readonly publicKey: KeyObject;
  /** When the last of its certificates begins, and the first one ends; milliseconds since the epoch. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Signers are the replicas of the edge service, and a few of their last certificates. */
const MAX_SIGNERS = 256;

/**
 * Verifies the certificates in the header of a signed context: leaf and intermediate, up to the trust
 * root of the process's own identity. A header that was verified is remembered by its very text, so
 * that the next context of the same signer costs one look; one that failed is not.
 */
export class SignerCertificates {
  readonly #identity: Pick<Identity, 'current'>;
  readonly #spiffeId: string;
  #material: IdentityMaterial | undefined;
  #roots: readonly X509Certificate[] = [];
  readonly #verified = new Map<string, VerifiedSigner>();

  /** @param spiffeId of the edge service, the only signer */
  constructor(identity: Pick<Identity, 'current'>, spiffeId: string) {
    this.#identity = identity;
    this.#spiffeId = spiffeId;
  }

  /** The signer of an encoded header. Throws an Error that says why it is none. */
  verify(encodedHeader: string, nowMs: number): VerifiedSigner {
    this.#followRoots();
    let signer = this.#verified.get(encodedHeader);
    if (signer === undefined) {
      signer = this.#verifyChain(readChain(encodedHeader));
      this.#remember(encodedHeader, signer);
    }
    if (nowMs < signer.notBeforeMs || nowMs > signer.notAfterMs) {
      throw new Error('a certificate of the signer has expired or is not valid yet');
    }
    return signer;
  }

  /** With another root, what was verified means nothing. */
  #followRoots(): void {
    const material = this.#identity.current;
    if (material === this.#material) return;
    this.#material = material;
    this.#roots = readPem(String(material.options.ca));
    this.#verified.clear();
  }

  #remember(encodedHeader: string, signer: VerifiedSigner): void {
    const [oldest] = this.#verified.keys();
    if (this.#verified.size >= MAX_SIGNERS && oldest !== undefined) this.#verified.delete(oldest);
    this.#verified.set(encodedHeader, signer);
  }

  #verifyChain([leaf, intermediate]: Chain): VerifiedSigner {
    const { publicKey } = leaf;
    if (publicKey.asymmetricKeyType !== 'ed25519') throw new Error('the key is not Ed25519');
    if (leaf.ca || !intermediate.ca) throw new Error('not a leaf and an authority');
    // Of Node.js's certificates this is the extended key usage.
    const usages = leaf.keyUsage as readonly string[] | undefined;
    const [usage = ''] = usages ?? [];
    if (usages?.length !== 1 || !MESSAGE_SIGNING.includes(usage)) {
      throw new Error('the certificate is not for signatures alone');
    }
    const found = spiffeIdOf({ subjectaltname: leaf.subjectAltName ?? '' });
    if (found !== this.#spiffeId) throw new Error(`the signer is ${found ?? 'nobody'}`);
    if (!isIssuedBy(leaf, intermediate)) throw new Error('the intermediate did not issue the leaf');
    const root = this.#roots.find((candidate) => isIssuedBy(intermediate, candidate));
    if (root === undefined) throw new Error('the intermediate is not of our root');
    const chain = [leaf, intermediate, root];
    return {
      publicKey,
      notBeforeMs: Math.max(...chain.map(({ validFromDate }) => validFromDate.getTime())),
      notAfterMs: Math.min(...chain.map(({ validToDate }) => validToDate.getTime())),
    };
  }
}

type Chain = readonly [leaf: X509Certificate, intermediate: X509Certificate];

/** The header of all contexts that certificates sign. Source: RFC 7515 section 4.1.6 for x5c. */
export function encodeHeader(chain: readonly X509Certificate[]): string {
  const x5c = chain.map(({ raw }) => raw.toString('base64'));
  const header = { alg: CONTEXT_ALGORITHM, typ: CONTEXT_TYPE, x5c };
  return Buffer.from(JSON.stringify(header), 'utf8').toString('base64url');
}

function readChain(encodedHeader: string): Chain {
  const header = parseObject(decodeBase64url(encodedHeader)?.toString('utf8') ?? '');
  const { alg, typ, x5c, ...others } = header ?? {};
  if (alg !== CONTEXT_ALGORITHM || typ !== CONTEXT_TYPE || Object.keys(others).length > 0) {
    throw new Error('the header is not that of a context');
  }
  const texts: readonly unknown[] = Array.isArray(x5c) ? x5c : [];
  const [leaf, intermediate, ...more] = texts.map((text) =>
    typeof text === 'string' ? new X509Certificate(Buffer.from(text, 'base64')) : undefined,
  );
  if (leaf === undefined || intermediate === undefined || more.length > 0) {
    throw new Error('x5c is not a leaf and an intermediate');
  }
  return [leaf, intermediate];
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function readPem(text: string): readonly X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
