// @peculiar/x509 resolves its parts through decorators, whose metadata this package provides.
import 'reflect-metadata';
import { createHash, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

export { x509 };

/** P-256 with SHA-256: what every TLS key of the platform uses. */
export const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
export const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** Ed25519 (RFC 8032): what signs messages that travel beyond one connection. */
export const SIGNATURE_KEY_ALGORITHM = { name: 'Ed25519' } as const;

/** Certificates begin this much before they are issued, for clocks that were just set back. */
export const BACKDATE_SECONDS = 30;

/**
 * Those of authorities begin a day before: a clock that is set right by hours (a machine whose hardware
 * keeps local time, a first answer of NTP) then needs new leaves only, which agents issue by themselves.
 */
export const AUTHORITY_BACKDATE_SECONDS = 86_400;

/** SHA-256 of a certificate's DER form, in hex. */
export function fingerprint(certificatePem: string): string {
  const raw = new x509.X509Certificate(certificatePem).rawData;
  return createHash('sha256').update(Buffer.from(raw)).digest('hex');
}

/** A positive serial number of 127 random bits (RFC 5280 §4.1.2.2 allows 20 octets). */
export function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
