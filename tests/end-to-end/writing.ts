import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Heard } from './answer-under-trouble.ts';
import { MERCHANT_EMAIL, send } from './merchant.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';
import { KeptSession, untilDone } from './session.ts';

/** How long each merchant waits between two writes: enough of them are always under way, and reads get through. */
const PAUSE_MS = 60;

/** What was acknowledged of one product: that it was created, and each change of its stock. */
export interface AcknowledgedProduct {
  readonly productId: string;
  /** The stock after the last acknowledged change; the product was created with 0, each change adds 1. */
  readonly stock: number;
}

/** Merchants at the edge who go on writing, each with a product of its own. */
export interface Writing extends AsyncDisposable {
  /** Acknowledged writes so far. */
  readonly count: number;
  /** Every answer, also to sign-ins and refreshes, and every connection that broke. */
  readonly heard: readonly Heard[];
  /** Ends once every writer has an answer to its last write. */
  end(): Promise<readonly AcknowledgedProduct[]>;
}

/**
 * Creates a product for each writer and changes its stock again and again. A write that is refused or
 * gets no answer is sent again with the same idempotency key until it is acknowledged.
 */
export function writeWhile(
  platform: PlatformUnderTest,
  password: string,
  writers: number,
): Writing {
  const stop = new AbortController();
  const giveUp = new AbortController();
  const heard: Heard[] = [];
  const pause = async (): Promise<void> => {
    if (giveUp.signal.aborted) throw new Error('It was given up before its answer came');
    await delay(100);
  };
  const session = new KeptSession(platform, { email: MERCHANT_EMAIL, password }, heard, pause);
  let count = 0;

  const acknowledged = async (method: string, target: string, body: object): Promise<string> => {
    const answer = await untilDone(
      async (headers) => {
        const token = await session.accessToken();
        return await send(platform, method, target, body, { token, headers });
      },
      heard,
      pause,
    );
    count += 1;
    return answer.body;
  };

  const write = async (): Promise<AcknowledgedProduct> => {
    const product = {
      sku: `WRITTEN-${randomUUID()}`,
      name: 'Written while things break',
      category: 'faults',
      brand: 'Meridian',
      price: { currencyCode: 'EUR', minorUnits: '100' },
      stock: 0,
    };
    const created = await acknowledged('POST', '/v1/products', product);
    const { productId } = JSON.parse(created) as { readonly productId: string };
    let stock = 0;
    while (!stop.signal.aborted) {
      await acknowledged('POST', `/v1/products/${productId}/stock:adjust`, { difference: 1 });
      stock += 1;
      await delay(PAUSE_MS);
    }
    return { productId, stock };
  };
  const writing = Promise.all(Array.from({ length: writers }, write));
  // Whoever ends it hears of it; until then it is nobody's.
  writing.catch(() => undefined);
  return {
    get count() {
      return count;
    },
    heard,
    async end() {
      stop.abort();
      return await writing;
    },
    async [Symbol.asyncDispose]() {
      giveUp.abort();
      await Promise.allSettled([this.end()]);
    },
  };
}
