import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../services/catalog/seed/random.ts';
import type { Answer } from '../end-to-end/platform-under-test.ts';
import type { Order, Shopper } from '../end-to-end/shopper.ts';

/** An operation as tools/engines/stock-judge reads it; times are nanoseconds. */
export interface Operation {
  readonly client: number;
  readonly call: number;
  readonly return: number;
  readonly kind: 'read' | 'adjust' | 'buy';
  readonly units: number;
  readonly outcome: 'done' | 'refused' | 'unknown';
  readonly available: number;
}

type Came = Pick<Operation, 'outcome'> & { readonly available?: number };

/** Later than anything that happens: what is unknown may still happen then. */
const NEVER = Number.MAX_SAFE_INTEGER;
const ENDS: ReadonlySet<string> = new Set(['ORDER_STATUS_CONFIRMED', 'ORDER_STATUS_CANCELLED']);
const PAUSE_MS = 50;
/** What merchants add to the stock, so that it is often short and seldom empty for long. */
const DIFFERENCES = [8, 4, -1, -2];
/** Of 100 that were told nothing, so many ask no more. */
const GIVE_UP = 15;

/** Clients of one product, whose every step is written down. */
export class StockClients {
  readonly operations: Operation[] = [];
  readonly #product: string;
  readonly #merchant: Shopper;
  readonly #shopper: Shopper;

  constructor(product: string, merchant: Shopper, shopper: Shopper) {
    this.#product = product;
    this.#merchant = merchant;
    this.#shopper = shopper;
  }

  /** How many operations have an outcome that is known. */
  get known(): number {
    return this.operations.filter(({ outcome }) => outcome !== 'unknown').length;
  }

  /** Takes a step that chance decides. */
  async step(client: number, random: Random): Promise<void> {
    const units = random.integer(1, 4);
    const difference = DIFFERENCES[units - 1] ?? 0;
    const die = random.integer(1, 10);
    if (die <= 5) await this.#note(client, 'buy', units, () => this.#buy(units, random));
    else if (die <= 8) await this.#note(client, 'read', 0, () => this.#read());
    else await this.#note(client, 'adjust', difference, () => this.#adjust(difference, random));
  }

  async #note(
    client: number,
    kind: Operation['kind'],
    units: number,
    ask: () => Promise<Came>,
  ): Promise<void> {
    const call = Number(process.hrtime.bigint());
    const { outcome, available = 0 } = await ask();
    const end = outcome === 'unknown' ? NEVER : Number(process.hrtime.bigint());
    this.operations.push({ client, call, return: end, kind, units, outcome, available });
  }

  async #read(): Promise<Came> {
    const answer = await told(() => this.#merchant.get(`/v1/products/${this.#product}/stock`));
    if (answer === undefined) return { outcome: 'unknown' };
    return { outcome: 'done', available: availableIn(expectStatus(answer, 200)) };
  }

  async #adjust(difference: number, random: Random): Promise<Came> {
    const target = `/v1/products/${this.#product}/stock:adjust`;
    const key = randomUUID();
    const answer = await insist(random, () => this.#merchant.post(target, { difference }, key));
    if (answer === undefined) return { outcome: 'unknown' };
    if (answer.status === 409 && answer.body.includes('/stock-reserved')) {
      return { outcome: 'refused' };
    }
    return { outcome: 'done', available: availableIn(expectStatus(answer, 200)) };
  }

  async #buy(quantity: number, random: Random): Promise<Came> {
    const items = [{ productId: this.#product, quantity }];
    const body = { items, paymentMethodToken: 'tok_ok' };
    const key = randomUUID();
    const answer = await insist(random, () => this.#shopper.post('/v1/orders', body, key));
    if (answer === undefined) return { outcome: 'unknown' };
    const placed = JSON.parse(expectStatus(answer, 201)) as Order;
    const { status, cancelCause } = await this.#ended(placed);
    if (status === 'ORDER_STATUS_CONFIRMED') return { outcome: 'done' };
    if (cancelCause === 'CANCEL_CAUSE_OUT_OF_STOCK') return { outcome: 'refused' };
    // The judge's model does not know units that are held and given back, and nobody asks for that here.
    throw new Error(`Order '${placed.orderId}' was cancelled for ${String(cancelCause)}`);
  }

  /** The order once it is over; what came of it can be asked at any time. */
  async #ended(order: Order): Promise<Order> {
    for (;;) {
      const answer = await told(() => this.#shopper.get(`/v1/orders/${order.orderId}`));
      const now = answer === undefined ? order : (JSON.parse(expectStatus(answer, 200)) as Order);
      if (ENDS.has(now.status)) return now;
      await delay(PAUSE_MS);
    }
  }
}

/** Asks under one key until it is told what came of it; at times it gives up, and never knows. */
async function insist(random: Random, ask: () => Promise<Answer>): Promise<Answer | undefined> {
  for (;;) {
    const answer = await told(ask);
    if (answer !== undefined || random.chance(GIVE_UP)) return answer;
    await delay(PAUSE_MS);
  }
}

/** Undefined where nothing is told of what came of it: an answer of trouble, or a connection that broke. */
async function told(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    const answer = await ask();
    return answer.status >= 500 ? undefined : answer;
  } catch {
    return undefined;
  }
}

function expectStatus({ status, body }: Answer, expected: number): string {
  if (status !== expected) throw new Error(`${status} ${body}`);
  return body;
}

function availableIn(body: string): number {
  const { onHand = 0, reserved = 0 } = JSON.parse(body) as { onHand?: number; reserved?: number };
  return onHand - reserved;
}
