import { calculateJwkThumbprint, importJWK } from 'jose';
import type { CryptoKey } from 'jose';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';

/** A public key as identity gives it. */
export interface PublicKey {
  readonly kty: string;
  readonly kid: string;
  readonly use: string;
  readonly alg: string;
  readonly crv: string;
  readonly x: string;
}

const MAX_UNKNOWN_KEYS = 1_000;

/** What a key set is made from. */
export interface KeySetOptions {
  /** Asks identity for all its keys; rejects if it cannot be asked. */
  readonly fetchKeys: () => Promise<readonly PublicKey[]>;
  readonly log: Logger;
  /** How often identity is asked for a key that is not known yet, at most. */
  readonly unknownKeyIntervalMs: number;
  /** How long a key that identity did not know either is not asked for again. */
  readonly unknownKeyMemoryMs: number;
}

/**
 * The keys that verify access tokens. Those that are known go on working while identity is away; an
 * unknown one is looked for at once, but not at the pace of who invents them.
 */
export class KeySet {
  readonly #options: KeySetOptions;
  #keys: ReadonlyMap<string, CryptoKey> | undefined;
  #fetch: Promise<boolean> | undefined;
  #fetchedMs = -Infinity;
  /** When each was looked for in vain. */
  readonly #unknown = new Map<string, number>();

  constructor(options: KeySetOptions) {
    this.#options = options;
  }

  /** Whether identity has answered once. */
  get loaded(): boolean {
    return this.#keys !== undefined;
  }

  /** Whether the key still counts. */
  has(kid: string): boolean {
    return this.#keys?.has(kid) === true;
  }

  /** The key of that id; undefined if there is none, or identity cannot be asked. */
  async find(kid: string): Promise<CryptoKey | undefined> {
    const known = this.#keys?.get(kid);
    if (known !== undefined) return known;
    const { unknownKeyIntervalMs, unknownKeyMemoryMs } = this.#options;
    const nowMs = performance.now();
    const missedMs = this.#unknown.get(kid) ?? -Infinity;
    if (nowMs - missedMs < unknownKeyMemoryMs) return undefined;
    const recent = nowMs - this.#fetchedMs < unknownKeyIntervalMs;
    if (this.#fetch === undefined && recent) return undefined;
    const answered = await this.refresh();
    const found = this.#keys?.get(kid);
    if (found === undefined && answered) this.#noteUnknown(kid);
    return found;
  }

  /** Asks identity for its keys, once for all who ask meanwhile; resolves to whether it answered. */
  refresh(): Promise<boolean> {
    this.#fetch ??= this.#load().finally(() => (this.#fetch = undefined));
    return this.#fetch;
  }

  async #load(): Promise<boolean> {
    this.#fetchedMs = performance.now();
    try {
      const keys = new Map<string, CryptoKey>();
      for (const key of await this.#options.fetchKeys()) {
        const imported = await importKey(key);
        if (imported === undefined) {
          this.#options.log.warn({ kid: key.kid }, 'a key of identity is not as agreed; ignored');
        } else {
          keys.set(key.kid, imported);
        }
      }
      for (const kid of keys.keys()) this.#unknown.delete(kid);
      this.#keys = keys;
      return true;
    } catch (error) {
      this.#options.log.warn(
        { reason: (error as Error).message, known: this.#keys?.size ?? 0 },
        'keys could not be fetched; those that are known go on',
      );
      return false;
    }
  }

  #noteUnknown(kid: string): void {
    const [oldest] = this.#unknown.keys();
    if (this.#unknown.size >= MAX_UNKNOWN_KEYS && oldest !== undefined) {
      this.#unknown.delete(oldest);
    }
    this.#unknown.set(kid, performance.now());
  }
}

/** The key, if it is an Ed25519 key for signatures under its own thumbprint. */
async function importKey({
  kty,
  kid,
  use,
  alg,
  crv,
  x,
}: PublicKey): Promise<CryptoKey | undefined> {
  if (kty !== 'OKP' || crv !== 'Ed25519' || alg !== 'EdDSA' || use !== 'sig') return undefined;
  if (!/^[A-Za-z0-9_-]{43}$/.test(x)) return undefined;
  if ((await calculateJwkThumbprint({ kty, crv, x })) !== kid) return undefined;
  const imported = await importJWK({ kty, crv, x }, 'EdDSA');
  return imported instanceof Uint8Array ? undefined : imported;
}
