import { join } from 'node:path';
import { z } from 'zod';
import { createAuthorityRequest } from '../pki/intermediate.ts';
import { exportPrivateKey, generateKeyPair, importPrivateKey } from '../pki/keys.ts';
import type { KeyPair } from '../pki/keys.ts';
import { issueLeaf } from '../pki/leaf.ts';
import type { Leaf } from '../pki/leaf.ts';
import { isIssuedBy, isKeyOf, readCertificate } from '../pki/certificate.ts';
import { messageOf, ProviderError } from '../provider-error.ts';
import type { IdentitySpec } from '../process-spec.ts';
import { ensureFolder, readIfThere, writeFileAtomic } from './atomic-file.ts';
import type { AuthorityStatus } from './status.ts';

/** The zone's intermediate with its root, both PEM. */
export const chainSchema = z.strictObject({ certificate: z.string(), root: z.string() });
type Chain = z.infer<typeof chainSchema>;

/**
 * The certificate authority of one zone. Its key is made here and never leaves the folder; the chain
 * comes from the provider, which holds the root.
 */
export class Authority {
  readonly #zone: string;
  readonly #chainFile: string;
  readonly #keys: KeyPair;
  #chain: Chain | undefined;
  #status: AuthorityStatus | undefined;

  private constructor(zone: string, chainFile: string, keys: KeyPair) {
    this.#zone = zone;
    this.#chainFile = chainFile;
    this.#keys = keys;
  }

  /** Opens the authority of a folder; the first time it makes the key. */
  static async open(zone: string, folder: string): Promise<Authority> {
    await ensureFolder(folder);
    const authority = new Authority(
      zone,
      join(folder, 'chain.json'),
      await keysOf(join(folder, 'authority.key')),
    );
    await authority.#load();
    return authority;
  }

  /** Undefined until a chain was put. */
  get status(): AuthorityStatus | undefined {
    return this.#status;
  }

  /** The root certificate (PEM), undefined until a chain was put. */
  get root(): string | undefined {
    return this.#chain?.root;
  }

  /** A certificate signing request (PKCS#10, PEM). */
  request(): Promise<string> {
    return createAuthorityRequest(this.#zone, this.#keys);
  }

  /** Takes a signed chain into use. @throws {ProviderError} AUTHORITY_INVALID */
  async accept(chain: Chain): Promise<AuthorityStatus> {
    const status = await this.#check(chain);
    await writeFileAtomic(this.#chainFile, `${JSON.stringify(chain, undefined, 2)}\n`);
    this.#chain = chain;
    this.#status = status;
    return status;
  }

  /**
   * Issues a leaf; its `certificate` holds the intermediate as well.
   * @throws {ProviderError} AUTHORITY_MISSING, AUTHORITY_EXPIRED
   */
  async issue(identity: IdentitySpec, lifetimeSeconds: number): Promise<Leaf> {
    const chain = this.#usableChain();
    const issuer = { certificate: chain.certificate, keys: this.#keys };
    const leaf = await issueLeaf(issuer, identity, lifetimeSeconds);
    return { ...leaf, certificate: leaf.certificate + chain.certificate };
  }

  /** @throws {ProviderError} AUTHORITY_MISSING, AUTHORITY_EXPIRED */
  requireUsable(): void {
    this.#usableChain();
  }

  #usableChain(): Chain {
    if (this.#chain === undefined || this.#status === undefined) {
      throw new ProviderError(
        'AUTHORITY_MISSING',
        `Zone '${this.#zone}': its agent has no signed authority yet and cannot issue certificates; 'npm start' signs it`,
      );
    }
    if (Date.parse(this.#status.notAfter) <= Date.now()) {
      throw new ProviderError(
        'AUTHORITY_EXPIRED',
        `Zone '${this.#zone}': its authority's certificate ended at ${this.#status.notAfter}; 'npm start' renews it`,
      );
    }
    return this.#chain;
  }

  async #load(): Promise<void> {
    const text = await readIfThere(this.#chainFile);
    if (text === undefined) {
      return;
    }
    const chain = chainSchema.parse(JSON.parse(text));
    const certificate = readCertificate(chain.certificate);
    if (await isKeyOf(this.#keys, certificate)) {
      this.#chain = chain;
      this.#status = statusOf(chain);
    }
  }

  async #check(chain: Chain): Promise<AuthorityStatus> {
    const refuse = (why: string) =>
      new ProviderError(
        'AUTHORITY_INVALID',
        `Zone '${this.#zone}': the certificate put as its authority ${why}; sign the request that the agent gives`,
      );
    let status: AuthorityStatus;
    try {
      status = statusOf(chain);
    } catch (thrown) {
      throw refuse(`cannot be read (${messageOf(thrown)})`);
    }
    const certificate = readCertificate(chain.certificate);
    if (!(await isKeyOf(this.#keys, certificate))) {
      throw refuse('is not for its key');
    }
    if (!(await isIssuedBy(certificate, readCertificate(chain.root)))) {
      throw refuse('is not signed by the root that was put with it');
    }
    if (certificate.notAfter.getTime() <= Date.now()) {
      throw refuse(`ended at ${status.notAfter}`);
    }
    return status;
  }
}

async function keysOf(keyFile: string): Promise<KeyPair> {
  const pem = await readIfThere(keyFile);
  if (pem !== undefined) {
    return importPrivateKey(pem);
  }
  const keys = await generateKeyPair();
  await writeFileAtomic(keyFile, await exportPrivateKey(keys), 0o600);
  return keys;
}

function statusOf(chain: Chain): AuthorityStatus {
  const certificate = readCertificate(chain.certificate);
  return {
    fingerprint: certificate.fingerprint,
    rootFingerprint: readCertificate(chain.root).fingerprint,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
  };
}
