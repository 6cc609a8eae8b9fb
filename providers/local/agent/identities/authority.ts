import { join } from 'node:path';
import { z } from 'zod';
import { createAuthorityRequest } from '../../pki/intermediate.ts';
import { exportPrivateKey, generateKeyPair, importPrivateKey } from '../../pki/keys.ts';
import type { KeyPair } from '../../pki/keys.ts';
import { issueLeaf } from '../../pki/leaf.ts';
import type { Leaf } from '../../pki/leaf.ts';
import { isIssuedBy, isKeyOf, readCertificate } from '../../pki/certificate.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import type { IdentitySpec } from '../../process-spec.ts';
import { ensureFolder, readUnlessTorn, writeFileAtomic } from '../../machine/atomic-file.ts';
import type { AuthorityStatus } from '../api/status.ts';

/** The zone's intermediate with its root, both PEM. */
export const chainSchema = z.strictObject({ certificate: z.string(), root: z.string() });
type Chain = z.infer<typeof chainSchema>;

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

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
  #validity: Validity | undefined;

  private constructor(zone: string, chainFile: string, keys: KeyPair) {
    this.#zone = zone;
    this.#chainFile = chainFile;
    this.#keys = keys;
  }

  /**
   * Opens the authority of a folder; the first time, and when the key cannot be read, it makes a new
   * one, which is of no use until a chain was put for it.
   */
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

  /** Takes a signed chain into use. @throws {CodedError} AUTHORITY_INVALID */
  async accept(chain: Chain): Promise<AuthorityStatus> {
    const status = await this.#check(chain);
    await writeFileAtomic(this.#chainFile, `${JSON.stringify(chain, undefined, 2)}\n`);
    this.#take(chain, status);
    return status;
  }

  /**
   * Issues a leaf; its `certificate` holds the intermediate as well.
   * @throws {CodedError} AUTHORITY_MISSING, AUTHORITY_EXPIRED, AUTHORITY_NOT_BEGUN
   */
  async issue(identity: IdentitySpec, lifetimeSeconds: number): Promise<Leaf> {
    const chain = this.#usableChain();
    const issuer = { certificate: chain.certificate, keys: this.#keys };
    const leaf = await issueLeaf(issuer, identity, lifetimeSeconds);
    return { ...leaf, certificate: leaf.certificate + chain.certificate };
  }

  /** @throws {CodedError} AUTHORITY_MISSING, AUTHORITY_EXPIRED, AUTHORITY_NOT_BEGUN */
  requireUsable(): void {
    this.#usableChain();
  }

  #usableChain(): Chain {
    if (this.#chain === undefined || this.#validity === undefined) {
      throw new CodedError(
        'AUTHORITY_MISSING',
        `Zone '${this.#zone}': its agent has no signed authority yet and cannot issue certificates; 'npm start' signs it`,
      );
    }
    const { notBefore, notAfter } = this.#validity;
    if (notAfter.getTime() <= Date.now()) {
      throw new CodedError(
        'AUTHORITY_EXPIRED',
        `Zone '${this.#zone}': its authority's certificate ended at ${notAfter.toISOString()}; 'npm start' renews it`,
      );
    }
    if (notBefore.getTime() > Date.now()) {
      throw new CodedError(
        'AUTHORITY_NOT_BEGUN',
        `Zone '${this.#zone}': its authority's certificate begins at ${notBefore.toISOString()}, and this machine's clock says ${new Date().toISOString()}: one of the two clocks was wrong; set it right, and 'npm start' renews the certificate`,
      );
    }
    return this.#chain;
  }

  async #load(): Promise<void> {
    const loaded = await readUnlessTorn(
      this.#chainFile,
      async (text) => {
        const chain = chainSchema.parse(JSON.parse(text));
        const isOwn = await isKeyOf(this.#keys, readCertificate(chain.certificate));
        return isOwn ? { chain, status: statusOf(chain) } : undefined;
      },
      sayTorn,
    );
    if (loaded !== undefined) {
      this.#take(loaded.chain, loaded.status);
    }
  }

  #take(chain: Chain, status: AuthorityStatus): void {
    this.#chain = chain;
    this.#status = status;
    this.#validity = validityOf(chain);
  }

  async #check(chain: Chain): Promise<AuthorityStatus> {
    const refuse = (why: string) =>
      new CodedError(
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
    const { notBefore, notAfter } = validityOf(chain);
    if (notAfter.getTime() <= Date.now()) {
      throw refuse(`ended at ${notAfter.toISOString()}`);
    }
    if (notBefore.getTime() > Date.now()) {
      throw refuse(`begins only at ${notBefore.toISOString()}`);
    }
    return status;
  }
}

async function keysOf(keyFile: string): Promise<KeyPair> {
  const kept = await readUnlessTorn(keyFile, importPrivateKey, sayTorn);
  if (kept !== undefined) {
    return kept;
  }
  const keys = await generateKeyPair();
  await writeFileAtomic(keyFile, await exportPrivateKey(keys), 0o600);
  return keys;
}

function sayTorn(path: string, thrown: unknown): void {
  console.error(`${path} cannot be read, and is made again: ${messageOf(thrown)}`);
}

/** When all of a chain is valid. */
function validityOf(chain: Chain): Validity {
  const both = [readCertificate(chain.certificate), readCertificate(chain.root)];
  return {
    notBefore: new Date(Math.max(...both.map(({ notBefore }) => notBefore.getTime()))),
    notAfter: new Date(Math.min(...both.map(({ notAfter }) => notAfter.getTime()))),
  };
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
