import { X509Certificate } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import { ConfigurationError } from '../configuration-error.ts';
import { watchFile } from '../file-watch.ts';
import type { FileWatch } from '../file-watch.ts';

/** One version of a process's certificate, ready for use. */
export interface IdentityMaterial {
  /** What a TLS server or client is made from: certificate, key, trust root, TLS 1.3 as the least. */
  readonly options: Readonly<SecureContextOptions>;
  /** Made once for each version: a context costs more than a handshake saves. */
  readonly context: SecureContext;
  readonly serialNumber: string;
  /** Alternative names of the leaf, as Node.js writes them. */
  readonly subjectAltName: string;
  readonly notAfter: Date;
}

/** Told about each new version, and about each that could not be read. */
export interface IdentityListener {
  readonly renewed?: (material: IdentityMaterial) => void;
  readonly failed?: (error: Error) => void;
}

/** No handshake below this version, on either side. */
export const MINIMUM_TLS_VERSION = 'TLSv1.3';

/**
 * A certificate, its key and its trust root in a folder that an agent renews by swapping a symbolic
 * link: the same as a Secret mounted by Kubernetes. Open connections stay as they are; new ones use
 * the newest version. A version that cannot be read leaves the last good one in use.
 */
export class Identity {
  readonly folder: string;
  #current: IdentityMaterial;
  readonly #listeners = new Set<IdentityListener>();
  readonly #watch: FileWatch;

  private constructor(folder: string, material: IdentityMaterial) {
    this.folder = folder;
    this.#current = material;
    this.#watch = watchFile(join(folder, 'tls.crt'), () => this.#reload());
    // Renewed between the first read and the start of the watch.
    this.#reload();
  }

  /** Reads tls.crt, tls.key and ca.crt; throws a ConfigurationError that names what is wrong. */
  static open(folder: string): Identity {
    return new Identity(folder, readMaterial(folder));
  }

  /** The newest version that could be read. */
  get current(): IdentityMaterial {
    return this.#current;
  }

  /** Whether the certificate is still good; an expired one fails every handshake. */
  get isValid(): boolean {
    return this.#current.notAfter.getTime() > Date.now();
  }

  /** Listens for new versions; returns the undo. */
  listen(listener: IdentityListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#watch.close();
    this.#listeners.clear();
  }

  #reload(): void {
    let material: IdentityMaterial;
    try {
      material = readMaterial(this.folder);
    } catch (error) {
      for (const listener of this.#listeners) listener.failed?.(error as Error);
      return;
    }
    if (material.serialNumber === this.#current.serialNumber) return;
    this.#current = material;
    for (const listener of this.#listeners) listener.renewed?.(material);
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
      serialNumber: leaf.serialNumber,
      subjectAltName: leaf.subjectAltName ?? '',
      notAfter: leaf.validToDate,
    };
  } catch (cause) {
    throw new ConfigurationError(
      'KIT_CERTIFICATE',
      `Certificate in ${folder}: tls.crt, tls.key and ca.crt must be there and belong together (${(cause as Error).message})`,
      { cause },
    );
  }
}
