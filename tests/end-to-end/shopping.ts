import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EdgeClient } from '../../tools/shop/edge-client.ts';
import type { EdgeAnswer } from '../../tools/shop/edge-client.ts';
import { wares } from '../../tools/shop/open-shop.ts';
import { runShop } from '../../tools/shop/run-shop.ts';
import { shopperCredentials } from '../../tools/shop/shoppers.ts';
import { signInAll } from '../../tools/shop/sign-in-all.ts';
import type { ShopReport } from '../../tools/shop/tally.ts';
import type { Heard } from './answer-under-trouble.ts';
import type { Work } from './fault.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** Shoppers at the edge, most of whom buy. */
export interface Shopping extends Work, AsyncDisposable {
  /** Every answer, and every connection that broke. */
  readonly heard: readonly Heard[];
  /** Lets nobody else in, and waits until the orders of those who came are over. */
  end(): Promise<ShopReport>;
}

const RATE_PER_SECOND = 5;
const SHOPPERS = 4;
/** So many products, the first of the catalogue, are bought. */
export const WARES = 50;
/**
 * More than shoppers who wait for their orders at once while something is broken: one that found no
 * connection free would be taken for one who got no answer.
 */
const CONNECTIONS = 512;
/** Longer than any campaign. */
const SECONDS = 24 * 3600;
/** Most of those who come buy, at once: what is tried are orders. */
const SHARES = { mistypes: 10, looksOnly: 10, abandonsCart: 10, cancels: 10, anotherItem: 40 };
const THINK_MS = 50;

/** Lets shoppers come until it is ended. */
export async function shopWhile(platform: PlatformUnderTest, seed: number): Promise<Shopping> {
  const edge = edgeTo(platform);
  const heard: Heard[] = [];
  let acknowledged = 0;
  const [stop, hurry] = [new AbortController(), new AbortController()];
  const people = await shopperCredentials(platform.state, SHOPPERS);
  const sessions = await signInAll(edge, people, () => undefined);
  const running = runShop({
    ...{ edge, sessions, seed, seconds: SECONDS, ratePerSecond: RATE_PER_SECOND },
    ...{ shares: SHARES, thinkMs: THINK_MS, wares: await wares(edge, WARES) },
    ...{ signal: stop.signal, hurry: hurry.signal },
    onHeard: (answer) => {
      heard.push(heardOf(answer));
      if (answer.status === 201) acknowledged += 1;
    },
    onProgress: () => undefined,
  });
  // Whoever ends it hears of it; until then it is nobody's.
  running.catch(() => undefined);
  return {
    get count() {
      return acknowledged;
    },
    heard,
    async end() {
      stop.abort();
      return await running;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      hurry.abort();
      await Promise.allSettled([running]);
      await edge[Symbol.asyncDispose]();
    },
  };
}

/** A client of the platform's edge. */
export function edgeTo(platform: PlatformUnderTest): EdgeClient {
  return new EdgeClient({
    origin: `https://localhost:${platform.edgePort}`,
    ca: readFileSync(path.join(platform.state, 'pki/root.crt'), 'utf8'),
    connections: CONNECTIONS,
  });
}

function heardOf(answer: EdgeAnswer): Heard {
  if (answer.status === undefined) return { broken: answer.broken };
  const { status, headers, body } = answer;
  // Nobody looks into the body of a success, and a campaign hears very many.
  return { status, headers, body: status < 400 ? '' : JSON.stringify(body ?? '') };
}
