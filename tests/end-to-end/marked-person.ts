import { randomUUID } from 'node:crypto';
import { send, sessionOf } from './merchant.ts';
import { eventually } from './platform-under-test.ts';
import type { Answer, Asked, PlatformUnderTest } from './platform-under-test.ts';
import { CANCELLED, CONFIRMED, DECLINED, last, Shopper } from './shopper.ts';
import type { Order } from './shopper.ts';

/** Somebody who writes a marker into everything that the public API takes from them, also where it refuses it. */
export class MarkedPerson {
  readonly accountId: string;
  readonly email: string;
  readonly #platform: PlatformUnderTest;
  readonly #mark: string;
  readonly #shopper: Shopper;

  private constructor(
    platform: PlatformUnderTest,
    mark: string,
    account: { readonly accountId: string; readonly email: string },
    shopper: Shopper,
  ) {
    this.accountId = account.accountId;
    this.email = account.email;
    this.#platform = platform;
    this.#mark = mark;
    this.#shopper = shopper;
  }

  /** Opens an account and signs in, both under idempotency keys, and not at the first attempt. */
  static async register(platform: PlatformUnderTest, mark: string): Promise<MarkedPerson> {
    const credentials = { email: `${mark}@example.com`, password: `${mark} seven lanterns` };
    const account = { ...credentials, displayName: `Ann ${mark}` };
    const headers = { ...oddHeaders(mark), 'idempotency-key': `"${mark}-key"` };
    const post = (target: string, body: unknown): Promise<Answer> =>
      patiently(() => send(platform, 'POST', target, body, { headers }));
    const opened = await post('/v1/accounts', account);
    if (opened.status !== 201) throw new Error(`${opened.status} ${opened.body}`);
    const refused = await Promise.all([
      post('/v1/accounts', { ...account, displayName: mark }),
      post('/v1/accounts', { ...account, email: `${mark} @ x` }),
      post('/v1/accounts', { ...account, [mark]: 1 }),
      post('/v1/accounts', { ...account, displayName: `${mark}\u0007` }),
      platform.request('POST', '/v1/accounts', {
        headers: { 'content-type': 'application/json', ...oddHeaders(mark) },
        body: `{"email": ${mark}`,
      }),
    ]);
    expectRefused(refused);
    const shopper = Shopper.signedIn(
      platform,
      credentials,
      sessionOf(await post('/v1/sessions', credentials)),
    );
    // Counted under the digest of the address until somebody signs in with the right one.
    expectRefused([await post('/v1/sessions', { ...credentials, password: `not ${mark}` })]);
    const { accountId } = JSON.parse(opened.body) as { readonly accountId: string };
    return new MarkedPerson(platform, mark, { accountId, email: credentials.email }, shopper);
  }

  /**
   * Buys, is declined, and cancels both orders with a reason; each under an idempotency key.
   *
   * @returns the order that was bought
   */
  async buyAndCancel(productId: string): Promise<Order> {
    const mark = this.#mark;
    const order = async (token: string, end: string): Promise<Order> => {
      const body = { items: [{ productId, quantity: 1 }], paymentMethodToken: `${token}_${mark}` };
      const answer = await this.#post('/v1/orders', body);
      if (answer.status !== 201) throw new Error(`${answer.status} ${answer.body}`);
      const placed = JSON.parse(answer.body) as Order;
      return last(await this.#shopper.follow(placed, end, CANCELLED));
    };
    const orders = await Promise.all([order('tok_ok', CONFIRMED), order('tok_declined', DECLINED)]);
    for (const { orderId } of orders) {
      const answer = await this.#post(`/v1/orders/${orderId}:cancel`, { reason: `I am ${mark}` });
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
      await this.#shopper.follow(JSON.parse(answer.body) as Order, CANCELLED);
    }
    const [first] = orders;
    const target = `/v1/orders/${first.orderId}`;
    const long = 'x'.repeat(500);
    expectRefused([
      await this.#post(`${target}:cancel`, { reason: mark, etag: mark }),
      await this.#post(`${target}:cancel`, { reason: `${mark}${long}` }),
      await this.#post('/v1/orders', { items: [], paymentMethodToken: mark }),
      await this.#post('/v1/orders', {
        items: [{ productId, quantity: 1 }],
        paymentMethodToken: `t ${mark}`,
      }),
    ]);
    return first;
  }

  /** Asks for what there is not, or what is not theirs, in paths, queries and headers. */
  async wander(productId: string): Promise<void> {
    const mark = this.#mark;
    const get = (target: string): Promise<Answer> =>
      patiently(() => this.#shopper.get(target, oddHeaders(mark)));
    await get(`/v1/search/products?query=${mark}`);
    expectRefused([
      await get(`/v1/orders/${mark}`),
      await get(`/v1/accounts/${mark}@example.com`),
      await get(`/v1/${mark}?${mark}`),
      await get(`/v1/products?page_token=${mark}`),
      await get(`/v1/products?page_size=${mark}`),
      await this.#platform.request('PATCH', `/v1/products/${productId}`, {
        headers: { authorization: `Basic ${btoa(`${mark}:${mark}`)}` },
        body: mark,
      }),
      await this.#platform.request('POST', '/v1/webhooks/payment-provider', {
        headers: { 'webhook-signature': `t=1,v1=${mark}` },
        body: mark,
      }),
    ]);
  }

  /** Reads a product, which a cache then has, and their account, whose id a log then has. */
  async lookAt(productId: string): Promise<void> {
    await this.#shopper.get(`/v1/products/${productId}`);
    await this.#shopper.get(`/v1/accounts/${this.accountId}`);
  }

  /** The end of the account; nothing that goes with it names its owner. */
  async leave(): Promise<void> {
    const headers = {
      authorization: `Bearer ${this.#shopper.token}`,
      ...oddHeaders(this.#mark),
    };
    const target = `/v1/accounts/${this.accountId}`;
    const { status, body } = await patiently(() =>
      this.#platform.request('DELETE', target, { headers }),
    );
    if (status !== 200) throw new Error(`${status} ${body}`);
  }

  async #post(target: string, body: object): Promise<Answer> {
    const key = `${this.#mark}-${randomUUID()}`;
    return await patiently(() => this.#shopper.post(target, body, key));
  }
}

/** A product that a merchant sells, so many of it, whose name is found wherever names of products belong. */
export async function offerWare(
  platform: PlatformUnderTest,
  name: string,
  stock = 9,
): Promise<string> {
  const merchant = await Shopper.withRole(platform, 'merchant');
  const ware = {
    sku: name,
    name: `Lamp ${name}`,
    category: 'erasure',
    brand: 'Meridian',
    stock,
  };
  const price = { currencyCode: 'EUR', minorUnits: '100' };
  const made = await merchant.post('/v1/products', { ...ware, price });
  if (made.status !== 201) throw new Error(`${made.status} ${made.body}`);
  const { productId, version } = JSON.parse(made.body) as Record<'productId' | 'version', string>;
  // Until it is in the index.
  await merchant.get(`/v1/search/products?query=${name}&written=${productId}@${version}`);
  return productId;
}

/** What a client may say of itself and of its request. */
function oddHeaders(mark: string): NonNullable<Asked['headers']> {
  return {
    ...{ 'user-agent': mark, 'x-request-id': mark, traceparent: mark, tracestate: `a=${mark}` },
    ...{ baggage: `a=${mark}`, cookie: `a=${mark}`, referer: `https://example.com/${mark}` },
    ...{ 'x-forwarded-for': mark, 'accept-language': mark, from: `${mark}@example.com` },
  };
}

/** Asks again, under the same key, while the platform says that it is not now able to: a busy machine's may. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  return await eventually(ask, ({ status }) => status !== 503 && status !== 504);
}

function expectRefused(answers: readonly Answer[]): void {
  const served = answers.filter(({ status }) => status < 400 || status >= 500);
  if (served.length > 0) throw new Error(`To be refused, got ${JSON.stringify(served)}`);
}
