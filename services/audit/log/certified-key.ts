import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { spiffeIdOf, trustDomainOf } from '@meridian/kit/tls/spiffe.ts';

/**
 * The key that a chain of certificates, the key's own first, vouches for as one of audit in the trust domain that
 * a log's name begins with; undefined unless each is issued by the next, and the last by a root. That they have
 * expired since says nothing of what was signed before.
 */
export function certifiedKey(
  chainPem: string,
  origin: string,
  rootsPem: string,
): KeyObject | undefined {
  try {
    const [chain, roots] = [certificatesIn(chainPem), certificatesIn(rootsPem)];
    const [leaf] = chain;
    const spiffeId = spiffeIdOf({ subjectaltname: leaf?.subjectAltName ?? '' });
    if (leaf === undefined || spiffeId?.endsWith('/sa/audit') !== true) return undefined;
    if (trustDomainOf(spiffeId) !== origin.split('/')[0]) return undefined;
    const isCertified = chain.every((certificate, at) => {
      const [next] = chain.slice(at + 1);
      return (next === undefined ? roots : [next]).some((issuer) =>
        isIssuedBy(certificate, issuer),
      );
    });
    return isCertified ? leaf.publicKey : undefined;
  } catch {
    // A text that cannot be read vouches for nothing.
    return undefined;
  }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
