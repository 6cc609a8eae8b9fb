import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@meridian/catalog/seed/random.ts';
import type { EdgeAnswer, EdgeClient, EdgeRequest } from './edge-client.ts';
import { getOrder, isOver, orderOf } from './orders.ts';
import type { Session } from './shoppers.ts';
import type { Tally } from './tally.ts';
import { drawBeside, drawWare } from './wares.ts';
import type { Shelf, Ware } from './wares.ts';

/** How many of 100 do what. */
export type Shares = Readonly<
  Record<'mistypes' | 'looksOnly' | 'abandonsCart' | 'cancels' | 'anotherItem', number>
>;

/** What a visit needs. */
export interface VisitSetting extends Shelf {
  readonly edge: EdgeClient;
  readonly tally: Tally;
  readonly session: Session;
  /** Mean pause before each step. */
  readonly thinkMs: number;
  readonly shares: Shares;
  /** Ends visits, as a browser that is closed. */
  readonly signal: AbortSignal;
}

/** Of 100 visitors. The shares are guesses of ours, near what shops publish of their funnels. */
export const SHARES: Shares = {
  mistypes: 10,
  looksOnly: 60,
  abandonsCart: 65,
  cancels: 5,
  anotherItem: 40,
};
const MOST_ITEMS = 4;
const MOST_UNITS = 3;
/** How often a shopper sends an order again that was not answered, under the same key. */
const ORDER_ATTEMPTS = 6;
const ORDER_PAUSE_MS = 1000;
/** Means of payment of the stand-in for the payment provider, and how many of 100 have them. */
const MEANS = [
  ['tok_ok', 92],
  ['tok_declined', 4],
  ['tok_slow', 2],
  ['tok_timeout', 2],
] as const;

/**
 * One visit: searches, looks, perhaps fills a cart, perhaps leaves it, else orders and waits until the order
 * is over. Steps come after the pauses that people make, whether or not the answer before was quick.
 */
export async function visit(setting: VisitSetting, arrivedAt: number): Promise<void> {
  const { random, shares, tally } = setting;
  tally.visits += 1;
  const ware = drawWare(setting);
  await step(setting, 'search', searchFor(ware, setting), arrivedAt);
  const stock = await look(setting, ware);
  if (stock === 0 || random.chance(shares.looksOnly)) return;
  const cart = new Map([[ware.productId, quantity(random, stock)]]);
  while (cart.size < MOST_ITEMS && random.chance(shares.anotherItem)) {
    const other = drawBeside(setting, ware);
    if (other === undefined) break;
    const more = await look(setting, other);
    if (more > 0) cart.set(other.productId, quantity(random, more));
  }
  if (random.chance(shares.abandonsCart)) {
    tally.cartsAbandoned += 1;
    return;
  }
  await think(setting);
  await buy(setting, cart);
}

/** The first words of its name, at times with two letters the wrong way round. */
function searchFor({ name }: Ware, { random, shares }: VisitSetting): EdgeRequest {
  const words = name.split(/\s+/).slice(0, 2).join(' ');
  const place = Math.max(0, Math.floor(words.length / 2) - 1);
  const typed = random.chance(shares.mistypes)
    ? `${words.slice(0, place)}${words.charAt(place + 1)}${words.charAt(place)}${words.slice(place + 2)}`
    : words;
  return { method: 'GET', path: `/v1/search/products?query=${encodeURIComponent(typed)}` };
}

/** Looks at a product: how many units are to be had. */
async function look(setting: VisitSetting, { productId }: Ware): Promise<number> {
  const dueAt = await think(setting);
  const request: EdgeRequest = { method: 'GET', path: `/v1/products/${productId}` };
  const answer = await step(setting, 'product', request, dueAt);
  if (answer.status !== 200) return 0;
  const { stock = 0 } = answer.body as { readonly stock?: number };
  return stock;
}

/** Pauses, for exponentially distributed times, and tells when the pause was to end. */
async function think({ random, thinkMs, signal }: VisitSetting): Promise<number> {
  const pauseMs = -Math.log(random.integer(1, 1e6) / 1e6) * thinkMs;
  const dueAt = performance.now() + pauseMs;
  await delay(pauseMs, undefined, { signal });
  return dueAt;
}

async function step(
  { edge, tally }: VisitSetting,
  what: string,
  request: EdgeRequest,
  dueAt: number,
): Promise<EdgeAnswer> {
  const answer = await edge.ask(request);
  tally.heard(what, answer, dueAt);
  return answer;
}

function quantity(random: Random, stock: number): number {
  return random.integer(1, Math.min(MOST_UNITS, stock));
}

async function buy(setting: VisitSetting, cart: ReadonlyMap<string, number>): Promise<void> {
  const { random, session, tally } = setting;
  const key = `"${randomUUID()}"`;
  const body = {
    items: [...cart].map(([productId, units]) => ({ productId, quantity: units })),
    paymentMethodToken: meansOf(random),
  };
  for (let attempt = 1; attempt <= ORDER_ATTEMPTS; attempt += 1) {
    const request: EdgeRequest = {
      ...{ method: 'POST', path: '/v1/orders', token: session.accessToken, body },
      headers: { 'idempotency-key': key },
    };
    const answer = await step(setting, 'order', request, performance.now());
    const order = orderOf(answer);
    if (order !== undefined) {
      tally.order(order.orderId, session, order.status);
      await followUp(setting, order.orderId);
      return;
    }
    // What the request itself is refused for does not pass.
    if (answer.status !== undefined && answer.status < 500 && answer.status !== 429) return;
    await delay(ORDER_PAUSE_MS, undefined, { signal: setting.signal });
  }
}

function meansOf(random: Random): string {
  let left = random.integer(1, 100);
  for (const [token, share] of MEANS) {
    left -= share;
    if (left <= 0) return token;
  }
  return MEANS[0][0];
}

/** Waits until an order is over; pays by another means once if the first is declined, or cancels. */
async function followUp(setting: VisitSetting, orderId: string): Promise<void> {
  const { edge, random, session, shares, signal, tally } = setting;
  /** Whether it was done; else the order is looked at and the next step decided again. */
  const act = async (verb: 'pay' | 'cancel', body: object): Promise<boolean> => {
    const request: EdgeRequest = {
      ...{ method: 'POST', path: `/v1/orders/${orderId}:${verb}`, body },
      token: session.accessToken,
      headers: { 'idempotency-key': `"${randomUUID()}"` },
    };
    const { status } = await step(setting, verb, request, performance.now());
    return status !== undefined && status < 400;
  };
  let etag: string | undefined;
  let paidAgain = false;
  while (!signal.aborted) {
    const answer = await getOrder(edge, orderId, session.accessToken, etag);
    tally.heard('wait', answer);
    const order = orderOf(answer);
    if (order === undefined) {
      if (answer.status === 304) continue;
      await delay(ORDER_PAUSE_MS, undefined, { signal });
      continue;
    }
    etag = order.etag;
    tally.order(orderId, session, order.status);
    if (isOver(order.status)) return;
    if (order.status === 'ORDER_STATUS_PAYMENT_DECLINED' && !paidAgain) {
      paidAgain = random.chance(50)
        ? await act('pay', { paymentMethodToken: 'tok_ok' })
        : await act('cancel', { reason: 'Changed my mind' });
      // Nothing changes by itself: the next question is not one that waits.
      if (!paidAgain) etag = undefined;
    } else if (random.chance(shares.cancels)) {
      await act('cancel', { reason: 'Changed my mind' });
    }
  }
}
