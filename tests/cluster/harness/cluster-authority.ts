import { webcrypto } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  exportPrivateKey,
  generateKeyPair,
  type KeyPair,
} from '@meridian/provider-local/pki/keys.ts';
import { newSerialNumber, SIGNING_ALGORITHM, x509 } from '@meridian/provider-local/pki/x509.ts';

const LIFETIME_MS = 24 * 3_600_000;
const BACKDATE_MS = 60_000;

/** Whom a certificate is for: Kubernetes takes the name as the user and the organization as a group. */
export interface Holder {
  readonly name: string;
  readonly group?: string;
  /** DNS names under which it serves, beside 127.0.0.1 and localhost. */
  readonly dnsNames?: readonly string[];
}

/** Files of a certificate and its key, PEM; the key's has mode 600. */
export interface IdentityFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The certificate authority of one cluster: its files are in a folder of its own. */
export class ClusterAuthority {
  readonly #folder: string;
  readonly #keys: KeyPair;
  readonly #certificate: InstanceType<typeof x509.X509Certificate>;

  private constructor(
    folder: string,
    keys: KeyPair,
    certificate: InstanceType<typeof x509.X509Certificate>,
  ) {
    this.#folder = folder;
    this.#keys = keys;
    this.#certificate = certificate;
  }

  static async create(folder: string): Promise<ClusterAuthority> {
    const keys = await generateKeyPair();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: newSerialNumber(),
      name: [{ CN: ['cluster for tests'] }],
      ...validity(),
      signingAlgorithm: SIGNING_ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    const authority = new ClusterAuthority(folder, keys, certificate);
    await writeFile(authority.file, authority.certificate);
    return authority;
  }

  /** File of the authority's certificate. */
  get file(): string {
    return join(this.#folder, 'ca.crt');
  }

  /** The authority's certificate, PEM. */
  get certificate(): string {
    return `${this.#certificate.toString('pem')}\n`;
  }

  /** Writes a certificate that serves on loopback and lets its holder in. */
  async issue({ name, group, dnsNames = [] }: Holder): Promise<IdentityFiles> {
    const keys = await generateKeyPair();
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: newSerialNumber(),
      subject: [...(group === undefined ? [] : [{ O: [group] }]), { CN: [name] }],
      issuer: this.#certificate.subjectName.toJSON(),
      ...validity(),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: SIGNING_ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'ip', value: '127.0.0.1' },
          ...['localhost', ...dnsNames].map((value) => ({ type: 'dns', value }) as const),
        ]),
        await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
      ],
    });
    const file = join(this.#folder, name.replaceAll(':', '-'));
    await writeFile(`${file}.crt`, `${leaf.toString('pem')}\n`);
    await writeFile(`${file}.key`, await exportPrivateKey(keys), { mode: 0o600 });
    return { certificate: `${file}.crt`, key: `${file}.key` };
  }

  /** Writes the keys by which the tokens of ServiceAccounts are signed and checked. */
  async writeTokenKeys(): Promise<{ readonly key: string; readonly publicKey: string }> {
    const keys = await generateKeyPair();
    const spki = await webcrypto.subtle.exportKey('spki', keys.publicKey);
    const files = {
      key: join(this.#folder, 'tokens.key'),
      publicKey: join(this.#folder, 'tokens.pub'),
    };
    await writeFile(files.key, await exportPrivateKey(keys), { mode: 0o600 });
    await writeFile(files.publicKey, `${x509.PemConverter.encode(spki, 'PUBLIC KEY')}\n`);
    return files;
  }

  /** Writes a kubeconfig that names the files of an identity: no key is in it. */
  async writeKubeconfig(server: string, holder: Holder): Promise<string> {
    const { certificate, key } = await this.issue(holder);
    const file = join(this.#folder, `${holder.name.replaceAll(':', '-')}.kubeconfig`);
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      clusters: [{ name: 'test', cluster: { server, 'certificate-authority': this.file } }],
      users: [{ name: 'test', user: { 'client-certificate': certificate, 'client-key': key } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    };
    // JSON is YAML.
    await writeFile(file, JSON.stringify(config, undefined, 2));
    return file;
  }
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const nowMs = Date.now();
  return { notBefore: new Date(nowMs - BACKDATE_MS), notAfter: new Date(nowMs + LIFETIME_MS) };
}
