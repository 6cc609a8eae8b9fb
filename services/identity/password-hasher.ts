import { Admission } from '@meridian/kit/rpc/admission.ts';
import { overloaded } from '@meridian/kit/rpc/error-details.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import {
  hashPassword,
  isCurrentHash,
  nobodysHash,
  PASSWORD_COST,
  stretchPassword,
  verifyPassword,
} from './password-hash.ts';
import type { PasswordCost } from './password-hash.ts';

/** What became of a password that was given. */
export interface PasswordCheck {
  readonly right: boolean;
  /** PHC string format, to be stored instead of the hash that there is; absent where that will do. */
  readonly newHash?: string;
}

/** How much hashing a process takes on. */
export interface HashingLimits {
  /** Hashes at once; half of libuv's four threads, so that files and signatures find one free. */
  readonly concurrency: number;
  /** Hashes that may wait; at some 100 ms each, more would miss their deadlines. */
  readonly queueDepth: number;
}

export const DEFAULT_HASHING_LIMITS: HashingLimits = { concurrency: 2, queueDepth: 32 };

const RETRY_AFTER_SECONDS = 2;

/** Hashes passwords, a few at a time: anybody can ask for one, and each takes memory and a core. */
export class PasswordHasher {
  readonly #queueDepth: number;
  readonly #admission: Admission;
  readonly #cost: PasswordCost;

  constructor(limits: HashingLimits = DEFAULT_HASHING_LIMITS, cost: PasswordCost = PASSWORD_COST) {
    this.#cost = cost;
    this.#queueDepth = limits.queueDepth;
    this.#admission = new Admission(limits);
  }

  /** The hash of a new password. Throws UNAVAILABLE when too many wait, CANCELLED. */
  hash(password: string, signal: AbortSignal): Promise<string> {
    return this.#run(signal, () => hashPassword(password, this.#cost));
  }

  /** Stretches a password for a purpose (`stretchPassword`). Throws as `hash` does. */
  stretch(password: string, purpose: string, signal: AbortSignal): Promise<Buffer> {
    return this.#run(signal, () => stretchPassword(password, purpose, this.#cost));
  }

  /**
   * Whether a password is that of a hash; without a hash it is not, after the same work. Throws as
   * `hash` does.
   */
  verify(password: string, hash: string | undefined, signal: AbortSignal): Promise<boolean> {
    return this.#run(signal, () => verifyPassword(password, hash ?? nobodysHash(this.#cost)));
  }

  /** As `verify`; one that is right, but was hashed at another cost, is hashed again in the same turn. */
  verifyAndRenew(
    password: string,
    hash: string | undefined,
    signal: AbortSignal,
  ): Promise<PasswordCheck> {
    return this.#run(signal, async () => {
      const right = await verifyPassword(password, hash ?? nobodysHash(this.#cost));
      if (!right || hash === undefined || isCurrentHash(hash, this.#cost)) return { right };
      return { right, newHash: await hashPassword(password, this.#cost) };
    });
  }

  async #run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const admission = this.#admission;
    if (!admission.tryEnter()) {
      if (admission.depth >= this.#queueDepth) {
        throw overloaded('too many passwords are being checked; try again', RETRY_AFTER_SECONDS);
      }
      const entered = await admission.wait((listener) => {
        signal.addEventListener('abort', listener, { once: true });
        return () => signal.removeEventListener('abort', listener);
      });
      if (!entered) throw new RpcError('CANCELLED', 'the call was cancelled while it waited');
    }
    try {
      return await work();
    } finally {
      admission.leave();
    }
  }
}
