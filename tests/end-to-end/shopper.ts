import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { subjectOf } from '../../tools/shop/shoppers.ts';
import { openSession, send } from './merchant.ts';
import type { Credentials, Session } from './merchant.ts';
import { expectSuccess } from './platform-under-test.ts';
import type { Answer, PlatformUnderTest } from './platform-under-test.ts';

/** Statuses in which an order stays, or waits for its customer. */
export const CONFIRMED = 'ORDER_STATUS_CONFIRMED';
export const CANCELLED = 'ORDER_STATUS_CANCELLED';
export const DECLINED = 'ORDER_STATUS_PAYMENT_DECLINED';

/** What is read of an order. */
export interface Order {
  readonly orderId: string;
  readonly accountId: string;
  readonly status: string;
  readonly etag: string;
  readonly cancelCause?: string;
  readonly declineCode?: string;
  readonly total: { readonly currencyCode: string; readonly minorUnits: string };
  readonly refunded?: { readonly minorUnits: string };
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
}

/** What is read of a product. */
export interface Product {
  readonly productId: string;
  readonly version: string;
  readonly name: string;
  readonly stock: number;
  readonly price: { readonly currencyCode: string; readonly minorUnits: string };
}

/** Somebody who has an account and is signed in. */
export class Shopper {
  readonly #platform: PlatformUnderTest;
  readonly credentials: Credentials;
  readonly session: Session;

  private constructor(platform: PlatformUnderTest, credentials: Credentials, session: Session) {
    this.#platform = platform;
    this.credentials = credentials;
    this.session = session;
  }

  static async #signIn(platform: PlatformUnderTest, credentials: Credentials): Promise<Shopper> {
    return new Shopper(platform, credentials, await openSession(platform, credentials));
  }

  /** Opens an account of its own and signs in. */
  static async register(platform: PlatformUnderTest, name: string): Promise<Shopper> {
    const credentials = { email: `${name}-${randomUUID()}@example.com`, password: randomUUID() };
    const opened = await send(platform, 'POST', '/v1/accounts', credentials);
    if (opened.status !== 201) throw new Error(`${opened.status} ${opened.body}`);
    return await Shopper.#signIn(platform, credentials);
  }

  /** Somebody who has signed in. */
  static signedIn(
    platform: PlatformUnderTest,
    credentials: Credentials,
    session: Session,
  ): Shopper {
    return new Shopper(platform, credentials, session);
  }

  /** Somebody to whom the platform has given a role. */
  static async withRole(platform: PlatformUnderTest, role: string): Promise<Shopper> {
    const told = await platform.run(['account', '--role', role, '--json']);
    expectSuccess(told);
    const { email, passwordFile } = JSON.parse(told.stdout) as Readonly<Record<string, string>>;
    const password = readFileSync(path.resolve(String(passwordFile)), 'utf8');
    return await Shopper.#signIn(platform, { email: String(email), password });
  }

  get token(): string {
    return this.session.accessToken;
  }

  /** The account's id, as the token has it. */
  get accountId(): string {
    return subjectOf(this.token);
  }

  /** Asks with a JSON body, under a new key if none is given. */
  async post(target: string, body: object, key: string = randomUUID()): Promise<Answer> {
    const headers = { 'idempotency-key': `"${key}"` };
    return await send(this.#platform, 'POST', target, body, { token: this.token, headers });
  }

  async get(target: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const authorization = `Bearer ${this.token}`;
    return await this.#platform.request('GET', target, { headers: { authorization, ...headers } });
  }

  /** Places an order; fails if that is refused. */
  async order(items: readonly object[], more: object = {}): Promise<Order> {
    const answer = await this.post('/v1/orders', { items, paymentMethodToken: 'tok_ok', ...more });
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as Order;
  }

  /**
   * Waits, as a client does, until an order is in one of the statuses; gives each that was seen. Fails if it is
   * cancelled instead, since it stays so.
   */
  async follow(order: Order, ...ends: readonly string[]): Promise<readonly Order[]> {
    const seen = [order];
    for (let now = order; !ends.includes(now.status);) {
      if (now.status === CANCELLED)
        throw new Error(`Order ${now.orderId}: ${now.cancelCause ?? ''}`);
      const headers = { 'if-none-match': `"${now.etag}"`, prefer: 'wait=20' };
      const answer = await this.get(`/v1/orders/${order.orderId}`, headers);
      if (answer.status === 304) continue;
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
      now = JSON.parse(answer.body) as Order;
      seen.push(now);
    }
    return seen;
  }
}

/** Where an order is at the end of what was seen of it. */
export function last(seen: readonly Order[]): Order {
  const order = seen.at(-1);
  if (order === undefined) throw new Error('Nothing was seen of the order');
  return order;
}
