import { X509Certificate } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import { CodedError } from '@meridian/language/coded-error.ts';
import { RenewedFolder } from './renewed-folder.ts';
import type { Renewed } from './renewed-folder.ts';

/** One version of a process's certificate, ready for use. */
export interface IdentityMaterial extends Renewed {
  /** What a TLS server or client is made from: certificate, key, trust root, TLS 1.3 as the least. */
  readonly options: Readonly<SecureContextOptions>;
  /** Made once for each version: a context costs more than a handshake saves. */
  readonly context: SecureContext;
  readonly serialNumber: string;
  /** Alternative names of the leaf, as Node.js writes them. */
  readonly subjectAltName: string;
  readonly notAfter: Date;
}

/** No handshake below this version, on either side. */
export const MINIMUM_TLS_VERSION = 'TLSv1.3';

/**
 * A process's certificate, its key and its trust root. Open connections stay as they are; new ones use
 * the newest version.
 */
export class Identity extends RenewedFolder<IdentityMaterial> {
  /** Reads tls.crt, tls.key and ca.crt; throws a CodedError that names what is wrong. */
  static open(folder: string): Identity {
    return new Identity(folder, readMaterial);
  }

  /** Whether the certificate is still good; an expired one fails every handshake. */
  get isValid(): boolean {
    return this.current.notAfter.getTime() > Date.now();
  }
}

function readMaterial(folder: string): IdentityMaterial {
  try {
    // One look at the link, so that the three files are of one version.
    const version = realpathSync(folder);
    const cert = readFileSync(join(version, 'tls.crt'));
    const key = readFileSync(join(version, 'tls.key'));
    const ca = readFileSync(join(version, 'ca.crt'));
    const leaf = new X509Certificate(cert);
    const options = { cert, key, ca, minVersion: MINIMUM_TLS_VERSION } as const;
    return {
      options,
      // Refuses a key that does not belong to the certificate.
      context: createSecureContext(options),
      fingerprint: leaf.fingerprint256,
      serialNumber: leaf.serialNumber,
      subjectAltName: leaf.subjectAltName ?? '',
      notAfter: leaf.validToDate,
    };
  } catch (cause) {
    throw new CodedError(
      'KIT_CERTIFICATE',
      `Certificate in ${folder}: tls.crt, tls.key and ca.crt must be there and belong together (${(cause as Error).message})`,
      { cause },
    );
  }
}
