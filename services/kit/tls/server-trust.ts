import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { CodedError } from '@meridian/language/coded-error.ts';
import { watchFile } from '../file-watch.ts';
import type { FileWatch } from '../file-watch.ts';

/**
 * No handshake below this version with a server that is not ours: brokers of Amazon MSK know no newer one.
 * Source: Amazon MSK Developer Guide, "Amazon MSK encryption", "Encryption in transit"
 */
export const MINIMUM_MANAGED_TLS_VERSION = 'TLSv1.2';

/**
 * Whom we trust to be a server, where nothing but a password or a role says who we are. A file of certificates is read
 * again when it becomes another one; one that cannot be read leaves the last good ones in use.
 */
export class ServerTrust {
  readonly #file: string | undefined;
  readonly #watch: FileWatch | undefined;
  #current: { readonly context: SecureContext };

  /** Trusts the certificates of a file, or without one those that Node.js does. Throws CodedError KIT_CERTIFICATE. */
  static open(caFile?: string): ServerTrust {
    return new ServerTrust(caFile);
  }

  private constructor(file: string | undefined) {
    this.#file = file;
    this.#current = { context: this.#read() };
    this.#watch =
      file === undefined
        ? undefined
        : watchFile(file, () => {
            this.#current = { context: this.#read() };
          });
  }

  /** The newest that could be read. */
  get current(): { readonly context: SecureContext } {
    return this.#current;
  }

  close(): void {
    this.#watch?.close();
  }

  #read(): SecureContext {
    const options = { minVersion: MINIMUM_MANAGED_TLS_VERSION } as const;
    if (this.#file === undefined) return createSecureContext(options);
    try {
      const ca = readFileSync(this.#file, 'utf8');
      // Of a text without one Node.js makes a context that trusts nobody, and says nothing.
      if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error('there is none in it');
      return createSecureContext({ ...options, ca });
    } catch (cause) {
      throw new CodedError(
        'KIT_CERTIFICATE',
        `Certificates in ${this.#file}: must be at least one, as PEM (${(cause as Error).message})`,
        { cause },
      );
    }
  }
}
