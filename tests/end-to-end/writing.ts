import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { MERCHANT_EMAIL, send, signIn } from './merchant.ts';
import type { Answer, PlatformUnderTest } from './platform-under-test.ts';

/** What a writer was told instead of a 200. */
export interface Refusal {
  /** 0 if there was no answer, or no token for the request. */
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly detail: string;
}

/** What was acknowledged of one product: that it was created, and each change of its stock. */
export interface AcknowledgedProduct {
  readonly productId: string;
  /** The stock of the last acknowledged change; the product was created with 0, each change adds 1. */
  readonly stock: number;
}

/** Merchants at the edge who do not pause, each with a product of its own. */
export interface Writing extends AsyncDisposable {
  /** Acknowledged writes so far. */
  readonly count: number;
  readonly refusals: readonly Refusal[];
  /** Ends once every writer has an answer to its last write. */
  end(): Promise<readonly AcknowledgedProduct[]>;
}

/**
 * Creates a product for each writer and changes its stock again and again. A write that is refused or
 * gets no answer is sent again with the same idempotency key, as RFC 9110 (section 10.2.3) and the key
 * have it, until it is acknowledged.
 */
export function writeWhile(
  platform: PlatformUnderTest,
  password: string,
  writers: number,
): Writing {
  const stop = new AbortController();
  const giveUp = new AbortController();
  const refusals: Refusal[] = [];
  let token: Promise<string> | undefined;
  let count = 0;

  const acknowledged = async (method: string, target: string, body: object): Promise<string> => {
    const headers = { 'idempotency-key': `"${randomUUID()}"` };
    while (!giveUp.signal.aborted) {
      token ??= signIn(platform, MERCHANT_EMAIL, password);
      try {
        const bearer = await token;
        const answer = await send(platform, method, target, body, { token: bearer, headers });
        if (answer.status === 200) {
          count += 1;
          return answer.body;
        }
        // It has run out, or the key that signed it is not known any more.
        if (answer.status === 401) token = undefined;
        else refusals.push(refusalOf(answer));
      } catch (error) {
        token = undefined;
        refusals.push({ status: 0, retryAfter: undefined, detail: String(error) });
      }
      await delay(100);
    }
    throw new Error('It was given up before its answer came');
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
      await acknowledged('PATCH', `/v1/products/${productId}`, { stock: stock + 1 });
      stock += 1;
      await delay(20);
    }
    return { productId, stock };
  };
  const writing = Promise.all(Array.from({ length: writers }, write));
  return {
    get count() {
      return count;
    },
    refusals,
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

function refusalOf({ status, headers, body }: Answer): Refusal {
  const retryAfter = headers['retry-after'];
  return {
    status,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    detail: body,
  };
}
