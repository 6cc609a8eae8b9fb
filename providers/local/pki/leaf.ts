import type { IdentitySpec } from '../process-spec.ts';
import { exportPrivateKey, generateKeyPair, generateSignatureKeyPair } from './keys.ts';
import type { KeyPair } from './keys.ts';
import { BACKDATE_SECONDS, newSerialNumber, SIGNING_ALGORITHM, x509 } from './x509.ts';

/** Who signs leaves: the intermediate's certificate (PEM) and its keys. */
export interface LeafIssuer {
  readonly certificate: string;
  readonly keys: KeyPair;
}

/** A leaf with its key, both PEM. */
export interface Leaf {
  /** Hex. */
  readonly serialNumber: string;
  readonly certificate: string;
  /** PKCS#8. */
  readonly key: string;
  readonly notAfter: Date;
}

/**
 * Issues a leaf for an identity with a new key. It never outlives its issuer.
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md for the extensions
 */
export async function issueLeaf(
  issuer: LeafIssuer,
  identity: IdentitySpec,
  lifetimeSeconds: number,
): Promise<Leaf> {
  const parent = new x509.X509Certificate(issuer.certificate);
  const keys = await (identity.usages.includes('sign')
    ? generateSignatureKeyPair()
    : generateKeyPair());
  const serialNumber = newSerialNumber();
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber,
    subject: identity.commonName === undefined ? [] : [{ CN: [identity.commonName] }],
    issuer: parent.subjectName.toJSON(),
    notBefore: new Date(now - BACKDATE_SECONDS * 1000),
    notAfter: new Date(Math.min(now + lifetimeSeconds * 1000, parent.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(identity.usages.map((usage) => EXTENDED_KEY_USAGE[usage])),
      ...alternativeNames(identity),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(parent.publicKey),
    ],
  });
  return {
    serialNumber,
    certificate: `${certificate.toString('pem')}\n`,
    key: await exportPrivateKey(keys),
    notAfter: certificate.notAfter,
  };
}

const EXTENDED_KEY_USAGE = {
  server: x509.ExtendedKeyUsage.serverAuth,
  client: x509.ExtendedKeyUsage.clientAuth,
  // id-kp-documentSigning (RFC 9336), the general one for data that is not of another protocol.
  sign: '1.3.6.1.5.5.7.3.36',
} as const;

function alternativeNames(
  identity: IdentitySpec,
): readonly InstanceType<typeof x509.SubjectAlternativeNameExtension>[] {
  const names = [
    ...identity.uris.map((value) => ({ type: 'url' as const, value })),
    ...identity.dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...identity.addresses.map((value) => ({ type: 'ip' as const, value })),
  ];
  // Critical when there is no subject (RFC 5280 §4.2.1.6).
  return names.length === 0
    ? []
    : [new x509.SubjectAlternativeNameExtension(names, identity.commonName === undefined)];
}
