import { randomUUID } from 'node:crypto';
import type { Edge, EdgeAnswer, EdgeRequest } from '../../shop/edge-client.ts';
import type { Credentials, Session } from '../../shop/shoppers.ts';
import type { Ware } from '../../shop/wares.ts';
import type { Fresh } from './fresh.ts';
import type { Asked } from './operation.ts';

/** Somebody with an account who is signed in. */
export interface Person {
  readonly credentials: Credentials;
  readonly session: Session;
}

/** With what operations are asked. */
export interface Setting {
  readonly edge: Edge;
  readonly wares: readonly Ware[];
  /** Those of which there are enough. */
  readonly stocked: readonly Ware[];
  readonly shoppers: readonly Person[];
  readonly merchant: Person;
  readonly support: Person;
  /** Latency objectives of the 99th percentile, by service. */
  readonly objectivesMs: Readonly<Record<string, number>>;
}

/** What methods are asked with, each time the next product and the next shopper. */
export class Asking {
  readonly edge: Edge;
  readonly setting: Setting;
  #turn = 0;

  constructor(setting: Setting) {
    this.setting = setting;
    this.edge = setting.edge;
  }

  next<Item>(items: readonly Item[]): Item {
    const item = items[this.#turn++ % items.length];
    if (item === undefined)
      throw new RangeError('Operations: need at least a product and a shopper');
    return item;
  }

  product(): string {
    return `/v1/products/${this.next(this.setting.wares).productId}`;
  }

  /** The first word of a product's name, or its first letters, as it stands in an address. */
  word(letters?: number): string {
    const [word = ''] = this.next(this.setting.wares).name.split(/\s+/);
    return encodeURIComponent(Array.from(word).slice(0, letters).join(''));
  }

  shopper(): Person {
    return this.next(this.setting.shoppers);
  }

  readonly merchant = (): string => this.setting.merchant.session.accessToken;

  readonly support = (): string => this.setting.support.session.accessToken;

  asks(request: () => EdgeRequest): Asked {
    return { ask: async () => failureOf(await this.edge.ask(request())) };
  }

  reads(path: () => string, token?: () => string): Asked {
    return this.asks(() => ({
      ...{ method: 'GET', path: path() },
      ...(token === undefined ? {} : { token: token() }),
    }));
  }

  /** Calls of which each takes something that was made for it, at a low rate since that takes longer. */
  spends<Item>(
    fresh: Fresh<Item>,
    what: string,
    request: (item: Item) => EdgeRequest,
    ratePerSecond: number,
  ): Asked {
    return {
      prepare: (calls) => fresh.prepare(calls),
      ask: async () => {
        const item = fresh.take();
        if (item === undefined) return `no ${what} was left`;
        return failureOf(await this.edge.ask(request(item)));
      },
      ...{ ratePerSecond, onlyBecause: `each call takes ${article(what)} ${what} of its own` },
    };
  }
}

function article(what: string): string {
  return /^[aeiou]/.test(what) ? 'an' : 'a';
}

/** A write under a key of its own. */
export function write(token: string, path: string, body: object): EdgeRequest {
  return {
    ...{ method: 'POST', path, token, body },
    headers: { 'idempotency-key': `"${randomUUID()}"` },
  };
}

/** What came instead of a success. */
export function failureOf(answer: EdgeAnswer): string | undefined {
  if (answer.status === undefined) return answer.broken;
  return answer.status < 300 ? undefined : String(answer.status);
}

/** What an answer holds, if it is a success. */
export function bodyOf(answer: EdgeAnswer): unknown {
  return answer.status !== undefined && answer.status < 300 ? answer.body : undefined;
}
