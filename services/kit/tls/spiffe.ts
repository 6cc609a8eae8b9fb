import type { PeerCertificate } from 'node:tls';

/**
 * The SPIFFE ID in a certificate, or undefined unless there is exactly one URI among its alternative
 * names. Source: SPIFFE X.509-SVID, section 2, "An X.509 SVID MUST contain exactly one URI SAN".
 */
export function spiffeIdOf(
  certificate: Pick<PeerCertificate, 'subjectaltname'>,
): string | undefined {
  const names = (certificate.subjectaltname ?? '').split(', ');
  const uris = names.filter((name) => name.startsWith('URI:'));
  const [uri] = uris;
  // Node.js quotes a name that has a comma in it: then the split may have cut out what is not a name.
  if (certificate.subjectaltname?.includes('"') === true) return undefined;
  return uris.length === 1 && uri?.startsWith('URI:spiffe://') === true
    ? uri.slice('URI:'.length)
    : undefined;
}

/** Verifies a server by its SPIFFE ID; the host name it was reached by says nothing. */
export function checkSpiffeId(
  expected: string,
): (host: string, certificate: PeerCertificate) => Error | undefined {
  return (_host, certificate) => {
    const found = spiffeIdOf(certificate);
    return found === expected
      ? undefined
      : new Error(`the peer's certificate is for ${found ?? 'no SPIFFE ID'}, not for ${expected}`);
  };
}

/** The trust domain of a SPIFFE ID, such as 'meridian.local'. Source: SPIFFE-ID, section 2.1. */
export function trustDomainOf(spiffeId: string): string {
  return new URL(spiffeId).host;
}
