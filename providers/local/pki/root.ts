import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import {
  ensureFolder,
  readUnlessTorn,
  sweepTemporaries,
  writeFileAtomic,
} from '../machine/atomic-file.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { exportPrivateKey, generateKeyPair, importPrivateKey } from './keys.ts';
import {
  AUTHORITY_BACKDATE_SECONDS,
  fingerprint,
  newSerialNumber,
  SIGNING_ALGORITHM,
  x509,
} from './x509.ts';

/** What may be known of the root: no key. */
export interface Root {
  /** PEM. */
  readonly certificate: string;
  /** SHA-256 (hex) of the certificate. */
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly trustDomain: string;
}

const KEY_FILE = 'root.key';
const CERTIFICATE_FILE = 'root.crt';
const DAY_MS = 86_400_000;

/** The root certificate's file in a pki folder. */
export function rootCertificateFile(pkiFolder: string): string {
  return join(pkiFolder, CERTIFICATE_FILE);
}

/**
 * Makes the root authority in `pkiFolder`: `root.key` (PKCS#8, mode 600) and `root.crt`. A root that
 * lies there is replaced. The key is written first, so a crash leaves at worst a key that the next
 * call replaces.
 */
export async function createRoot(
  pkiFolder: string,
  options: { readonly trustDomain: string; readonly lifetimeDays: number },
): Promise<Root> {
  const keys = await generateKeyPair();
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [{ O: [options.trustDomain] }, { CN: ['Meridian root'] }],
    notBefore: new Date(now - AUTHORITY_BACKDATE_SECONDS * 1000),
    notAfter: new Date(now + options.lifetimeDays * DAY_MS),
    signingAlgorithm: SIGNING_ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await ensureFolder(pkiFolder);
  await sweepTemporaries(pkiFolder);
  await writeFileAtomic(join(pkiFolder, KEY_FILE), await exportPrivateKey(keys), 0o600);
  await writeFileAtomic(rootCertificateFile(pkiFolder), `${certificate.toString('pem')}\n`, 0o644);
  return describeRoot(certificate);
}

/** Reads the root, or undefined when there is none, a file is torn, or its key does not belong to it. */
export async function readRoot(pkiFolder: string): Promise<Root | undefined> {
  const signer = await readSigner(pkiFolder);
  return signer === undefined ? undefined : describeRoot(signer.certificate);
}

/** The root's certificate and key, for signing. @throws {CodedError} ROOT_MISSING */
export async function loadRootSigner(pkiFolder: string) {
  const signer = await readSigner(pkiFolder);
  if (signer === undefined) {
    throw new CodedError(
      'ROOT_MISSING',
      `Root authority: ${pkiFolder} holds no root key with its certificate; 'npm start' makes a new one`,
    );
  }
  return signer;
}

async function readSigner(pkiFolder: string) {
  const certificate = await readUnlessTorn(
    rootCertificateFile(pkiFolder),
    (text) => new x509.X509Certificate(text),
  );
  const keys = await readUnlessTorn(join(pkiFolder, KEY_FILE), importPrivateKey);
  if (certificate === undefined || keys === undefined) {
    return undefined;
  }
  const own = new x509.PublicKey(await webcrypto.subtle.exportKey('spki', keys.publicKey));
  return own.equal(certificate.publicKey) ? { certificate, keys } : undefined;
}

function describeRoot(certificate: InstanceType<typeof x509.X509Certificate>): Root {
  const pem = `${certificate.toString('pem')}\n`;
  return {
    certificate: pem,
    fingerprint: fingerprint(pem),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    trustDomain: certificate.subjectName.getField('O')[0] ?? '',
  };
}
