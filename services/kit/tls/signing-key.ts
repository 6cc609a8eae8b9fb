import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../configuration-error.ts';
import { watchFile } from '../file-watch.ts';
import type { FileWatch } from '../file-watch.ts';

/** One version of a key that signs messages, ready for use. */
export interface SigningKeyMaterial {
  /** Ed25519 (RFC 8032); it never leaves the process. */
  readonly privateKey: KeyObject;
  /** The leaf first, then what leads to the trust root, without the root itself. */
  readonly certificateChain: readonly X509Certificate[];
  /** Thumbprint of the public key. Source: RFC 7638, over the members of RFC 8037 section 2. */
  readonly kid: string;
  /** When the leaf expires; nothing may be signed after it. */
  readonly notAfter: Date;
}

/** Told about each new version, and about each that could not be read. */
export interface SigningKeyListener {
  readonly renewed?: (material: SigningKeyMaterial) => void;
  readonly failed?: (error: Error) => void;
}

/**
 * An Ed25519 key and its certificate in a folder that an agent renews by swapping a symbolic link:
 * `Identity` for what signs messages and ends no TLS. A version that cannot be read leaves the last
 * good one in use.
 */
export class SigningKey {
  readonly folder: string;
  #current: SigningKeyMaterial;
  readonly #listeners = new Set<SigningKeyListener>();
  readonly #watch: FileWatch;

  private constructor(folder: string, material: SigningKeyMaterial) {
    this.folder = folder;
    this.#current = material;
    this.#watch = watchFile(join(folder, 'tls.crt'), () => this.#reload());
    // Renewed between the first read and the start of the watch.
    this.#reload();
  }

  /** Reads tls.crt and tls.key; throws a ConfigurationError that names what is wrong. */
  static open(folder: string): SigningKey {
    return new SigningKey(folder, readMaterial(folder));
  }

  /** The newest version that could be read. */
  get current(): SigningKeyMaterial {
    return this.#current;
  }

  /** Listens for new versions; returns the undo. */
  onChange(listener: SigningKeyListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#watch.close();
    this.#listeners.clear();
  }

  #reload(): void {
    let material: SigningKeyMaterial;
    try {
      material = readMaterial(this.folder);
    } catch (error) {
      for (const listener of this.#listeners) listener.failed?.(error as Error);
      return;
    }
    if (leafOf(material).fingerprint256 === leafOf(this.#current).fingerprint256) return;
    this.#current = material;
    for (const listener of this.#listeners) listener.renewed?.(material);
  }
}

/** The thumbprint of an Ed25519 public key, which serves as its `kid`. Source: RFC 7638. */
export function thumbprintOf(publicKey: KeyObject): string {
  const { crv, kty, x } = publicKey.export({ format: 'jwk' });
  // Required members only, in the order of their names, without white space.
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}

function readMaterial(folder: string): SigningKeyMaterial {
  try {
    // One look at the link, so that both files are of one version.
    const version = realpathSync(folder);
    const certificateChain = readChain(readFileSync(join(version, 'tls.crt'), 'utf8'));
    const privateKey = createPrivateKey(readFileSync(join(version, 'tls.key')));
    const leaf = leafOf({ certificateChain });
    const { publicKey } = leaf;
    if (publicKey.asymmetricKeyType !== 'ed25519') {
      throw new Error(`the key must be Ed25519, got ${publicKey.asymmetricKeyType ?? 'none'}`);
    }
    if (!leaf.checkPrivateKey(privateKey)) throw new Error('tls.key is of another certificate');
    return {
      privateKey,
      certificateChain,
      kid: thumbprintOf(publicKey),
      notAfter: leaf.validToDate,
    };
  } catch (cause) {
    throw new ConfigurationError(
      'KIT_CERTIFICATE',
      `Signing key in ${folder}: tls.crt and tls.key must be there, Ed25519, and belong together (${(cause as Error).message})`,
      { cause },
    );
  }
}

function readChain(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function leafOf({ certificateChain }: Pick<SigningKeyMaterial, 'certificateChain'>) {
  const [leaf] = certificateChain;
  if (leaf === undefined) throw new Error('there is no certificate in tls.crt');
  return leaf;
}
