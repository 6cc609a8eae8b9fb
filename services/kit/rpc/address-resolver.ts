import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Metadata, experimental, status } from '@grpc/grpc-js';
import { ADDRESSES_SCHEME } from '@meridian/language/bindings.ts';
import { inBackground } from '../background.ts';
import { watchFile } from '../file-watch.ts';
import type { FileWatch } from '../file-watch.ts';
import { parseAddressList } from './address-list.ts';
import type { PeerAddress } from './address-list.ts';

/**
 * Resolves a target from a file with one address a line, and again whenever the file changes. Local
 * stand-in for a headless Service behind `dns:///`.
 */
class AddressResolver implements experimental.Resolver {
  readonly #path: string;
  readonly #listener: experimental.ResolverListener;
  #watch: FileWatch | undefined;
  #last: string | undefined;
  /** Which request for a resolution is the newest; an older one's answer is dropped. */
  #turn = 0;

  constructor(target: experimental.GrpcUri, listener: experimental.ResolverListener) {
    this.#path = target.path;
    this.#listener = listener;
  }

  /** The name that requests carry as :authority; peers are verified by SPIFFE ID, so it is free. */
  static getDefaultAuthority(target: experimental.GrpcUri): string {
    return basename(dirname(target.path)).replaceAll(/[^A-Za-z0-9.-]/g, '-') || 'peer';
  }

  updateResolution(): void {
    this.#watch ??= watchFile(this.#path, () => this.#resolve());
    inBackground('addresses of peers', () => this.#resolve());
  }

  destroy(): void {
    this.#turn++;
    this.#watch?.close();
    this.#watch = undefined;
    this.#last = undefined;
  }

  async #resolve(): Promise<void> {
    const turn = ++this.#turn;
    let addresses: readonly PeerAddress[] = [];
    let problem = '';
    try {
      addresses = parseAddressList(await readFile(this.#path, 'utf8'));
      if (addresses.length === 0) problem = 'it names no address';
    } catch (error) {
      problem = (error as Error).message;
    }
    if (turn !== this.#turn) return;
    if (problem !== '') {
      this.#report({
        ok: false,
        error: {
          code: status.UNAVAILABLE,
          details: `address list ${this.#path}: ${problem}`,
          metadata: new Metadata(),
        },
      });
      return;
    }
    this.#report({
      ok: true,
      value: addresses.map(({ host, port }) => ({ addresses: [{ host, port }] })),
    });
  }

  #report(result: Parameters<experimental.ResolverListener>[0]): void {
    const text = JSON.stringify(result.ok ? result.value : result.error.details);
    // The same list again would make the balancer rebuild for nothing.
    if (result.ok && text === this.#last) return;
    this.#last = text;
    this.#listener(result, {}, null, '');
  }
}

/** Teaches grpc-js the scheme; doing it again changes nothing. */
export function registerAddressResolver(): void {
  experimental.registerResolver(ADDRESSES_SCHEME, AddressResolver);
}
