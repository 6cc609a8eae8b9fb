import { webcrypto } from 'node:crypto';
import type { KeyPair } from './keys.ts';
import { fingerprint, x509 } from './x509.ts';

/** A certificate that was read, with what our code asks of it. */
export interface Certificate {
  /** SHA-256 (hex) of the DER form. */
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly parsed: InstanceType<typeof x509.X509Certificate>;
}

/** Reads a certificate in PEM; throws when it is none. */
export function readCertificate(pem: string): Certificate {
  const parsed = new x509.X509Certificate(pem);
  return {
    fingerprint: fingerprint(pem),
    notBefore: parsed.notBefore,
    notAfter: parsed.notAfter,
    parsed,
  };
}

/** Whether the certificate is for this key pair. */
export async function isKeyOf(keys: KeyPair, certificate: Certificate): Promise<boolean> {
  const spki = await webcrypto.subtle.exportKey('spki', keys.publicKey);
  return Buffer.from(spki).equals(Buffer.from(certificate.parsed.publicKey.rawData));
}

/** Whether the issuer's name and signature are on the certificate; dates are not looked at. */
export async function isIssuedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  return (
    certificate.parsed.issuer === issuer.parsed.subject &&
    (await certificate.parsed.verify({ publicKey: issuer.parsed.publicKey, signatureOnly: true }))
  );
}
