import type { Folders } from '@meridian/provider-local/folders.ts';
import { edgeClient, wares } from '../shop/open-shop.ts';
import { runShop } from '../shop/run-shop.ts';
import { shopperCredentials } from '../shop/shoppers.ts';
import { signInAll } from '../shop/sign-in-all.ts';
import type { PlatformView } from './platform-view.ts';

/** Shoppers that arrive in a second: some twenty requests a second of all kinds. */
const RATE_PER_SECOND = 2;
/** Few, since hashing a password takes long where much is going on: nobody is to be told of that. */
const ACCOUNTS = 2;
const WARES_MAX = 200;
const CONNECTIONS = 64;
const SEED = 1;

/** Nobody has to sign in again meanwhile. */
const SECONDS_MAX = 3_600;

/** Shoppers who come until it is disposed of: without users, nobody feels anything. */
export async function traffic(folders: Folders, platform: PlatformView): Promise<AsyncDisposable> {
  const edge = edgeClient(folders, platform.zones, CONNECTIONS);
  const stop = new AbortController();
  try {
    const offered = await wares(edge, WARES_MAX);
    const people = await shopperCredentials(folders.state, ACCOUNTS);
    const sessions = await signInAll(edge, people, () => undefined);
    const going = runShop({
      ...{ edge, sessions, wares: offered, seed: SEED },
      ...{ ratePerSecond: RATE_PER_SECOND, seconds: SECONDS_MAX },
      ...{ signal: stop.signal, hurry: stop.signal, onProgress: () => undefined },
    });
    // Whoever disposes of it hears of it.
    going.catch(() => stop.abort());
    return {
      async [Symbol.asyncDispose]() {
        stop.abort();
        try {
          await going;
        } finally {
          await edge[Symbol.asyncDispose]();
        }
      },
    };
  } catch (error) {
    await edge[Symbol.asyncDispose]();
    throw error;
  }
}
