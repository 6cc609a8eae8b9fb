import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { SigningKey, SigningKeyMaterial } from '@meridian/kit/tls/signing-key.ts';
import type { KeyStore, PublicKey } from './key-store.ts';

/** How soon a key that could not be published is tried again. */
const RETRY_INTERVAL_MS = 1_000;

/**
 * The key that this replica signs tokens with: the newest of its folder whose public half is in the
 * database. A renewed key signs nothing before it is there, so no verifier meets a token of a key
 * that it cannot find.
 */
export class TokenKeys {
  readonly #signingKey: SigningKey;
  readonly #store: KeyStore;
  readonly #log: Logger;
  readonly #undo: () => void;
  #published: SigningKeyMaterial | undefined;
  #work: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(signingKey: SigningKey, store: KeyStore, log: Logger) {
    this.#signingKey = signingKey;
    this.#store = store;
    this.#log = log;
    this.#undo = signingKey.listen({ renewed: () => void this.publish() });
    void this.publish();
  }

  /** The key to sign with. Throws UNAVAILABLE while none is published, or it has expired. */
  get current(): SigningKeyMaterial {
    if (this.#published === undefined || this.#published.notAfter.getTime() <= Date.now()) {
      throw new RpcError('UNAVAILABLE', 'there is no key to sign tokens with yet; try again');
    }
    return this.#published;
  }

  /** Readiness check: throws while there is no key to sign with. */
  readonly check = (): void => {
    if (this.#published === undefined) throw new Error('no key is published yet');
  };

  /**
   * Publishes the newest key, again if it is there already: should the database have been made again,
   * it gets its keys back. Never rejects; what fails is tried again.
   */
  publish(): Promise<void> {
    // One after the other, or a slow one could put an older key back in use.
    this.#work = this.#work.then(() => this.#publishNewest());
    return this.#work;
  }

  close(): void {
    this.#closed = true;
    this.#undo();
    clearTimeout(this.#retry);
  }

  async #publishNewest(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    const next = this.#signingKey.current;
    try {
      await this.#store.publish(toPublicKey(next), next.notAfter);
      const before = this.#published;
      this.#published = next;
      if (before !== undefined && before.kid !== next.kid) await this.#store.retire(before.kid);
    } catch (err) {
      this.#log.warn({ err, kid: next.kid }, 'signing key not published; trying again');
      this.#retry = setTimeout(() => void this.publish(), RETRY_INTERVAL_MS).unref();
    }
  }
}

function toPublicKey({ kid, certificateChain }: SigningKeyMaterial): PublicKey {
  const { x } = certificateChain[0]?.publicKey.export({ format: 'jwk' }) ?? {};
  if (x === undefined) throw new Error(`Signing key ${kid} has no certificate`);
  return { kid, publicKey: Buffer.from(x, 'base64url') };
}
