import { CodedError } from '@meridian/language/coded-error.ts';
import type { KeyPair } from './keys.ts';
import { loadRootSigner } from './root.ts';
import { AUTHORITY_BACKDATE_SECONDS, newSerialNumber, SIGNING_ALGORITHM, x509 } from './x509.ts';

const DAY_MS = 86_400_000;

/** A certificate signing request (PKCS#10, PEM) for the authority of one zone. */
export async function createAuthorityRequest(zone: string, keys: KeyPair): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [`Meridian zone ${zone}`] }],
    keys,
    signingAlgorithm: SIGNING_ALGORITHM,
  });
  return `${request.toString('pem')}\n`;
}

/**
 * Signs a zone's request with the root: a CA that can sign leaves only (path length 0). It never
 * outlives the root.
 * @returns the intermediate and the root, both PEM, as `AgentClient.putAuthority` takes them
 * @throws {CodedError} ROOT_MISSING, REQUEST_INVALID when the request's signature does not fit
 */
export async function signIntermediate(
  pkiFolder: string,
  requestPem: string,
  options: { readonly lifetimeDays: number },
): Promise<{ readonly certificate: string; readonly root: string }> {
  const root = await loadRootSigner(pkiFolder);
  const request = new x509.Pkcs10CertificateRequest(requestPem);
  if (!(await request.verify())) {
    throw new CodedError(
      'REQUEST_INVALID',
      `Zone authority '${request.subject}': its certificate request is not signed by its own key; start the zone's agent again`,
    );
  }
  const now = Date.now();
  const notAfter = Math.min(
    now + options.lifetimeDays * DAY_MS,
    root.certificate.notAfter.getTime(),
  );
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: request.subjectName.toJSON(),
    issuer: root.certificate.subjectName.toJSON(),
    notBefore: new Date(now - AUTHORITY_BACKDATE_SECONDS * 1000),
    notAfter: new Date(notAfter),
    publicKey: request.publicKey,
    signingKey: root.keys.privateKey,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(request.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(root.certificate.publicKey),
    ],
  });
  return {
    certificate: `${certificate.toString('pem')}\n`,
    root: `${root.certificate.toString('pem')}\n`,
  };
}
