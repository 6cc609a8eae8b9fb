import { randomUUID } from 'node:crypto';
import type { EdgeAnswer, EdgeClient, EdgeRequest } from '../../shop/edge-client.ts';
import { getOrder, isOver, orderOf } from '../../shop/orders.ts';
import { refresh } from '../../shop/shoppers.ts';
import type { Credentials, Session } from '../../shop/shoppers.ts';
import type { Ware } from '../../shop/wares.ts';

/** A public method that is measured. */
export interface Operation {
  /** As the contract has it, such as `CatalogService/GetProduct`. */
  readonly method: string;
  /** 99th percentile in milliseconds up to which a rate counts as held: the service's objective. */
  readonly objectiveMs: number;
  /** Asks once; gives what came instead of a success. */
  readonly ask: () => Promise<string | undefined>;
}

/** With what operations are asked. */
export interface Setting {
  readonly edge: EdgeClient;
  readonly wares: readonly Ware[];
  /** Those of which there are enough. */
  readonly stocked: readonly Ware[];
  readonly shoppers: readonly { readonly credentials: Credentials; readonly session: Session }[];
  readonly merchant: Session;
  /** Latency objectives of the 99th percentile, by service. */
  readonly objectivesMs: Readonly<Record<string, number>>;
}

/** Every public method that can be asked again and again; others are seen in the handlers' histograms. */
export function operations(setting: Setting): readonly Operation[] {
  const asking = new Asking(setting);
  const of = (service: string, methods: Readonly<Record<string, Operation['ask']>>) =>
    Object.entries(methods).map(([method, ask]) => ({
      ...{ method, ask },
      objectiveMs: setting.objectivesMs[service] ?? Number.NaN,
    }));
  return [
    ...of('catalog', catalogMethods(asking)),
    ...of('search', searchMethods(asking)),
    ...of('identity', identityMethods(asking)),
    ...of('orders', ordersMethods(asking)),
  ];
}

/** What methods are asked with, each time the next product and the next shopper. */
class Asking {
  readonly edge: EdgeClient;
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

  sessions(): readonly Session[] {
    return this.setting.shoppers.map(({ session }) => session);
  }

  shopper(): string {
    return this.next(this.setting.shoppers).session.accessToken;
  }

  merchant(): string {
    return this.setting.merchant.accessToken;
  }

  order(): EdgeRequest {
    return write(this.shopper(), '/v1/orders', {
      items: [{ productId: this.next(this.setting.stocked).productId, quantity: 1 }],
      paymentMethodToken: 'tok_ok',
    });
  }

  asks(request: () => EdgeRequest): Operation['ask'] {
    return async () => failureOf(await this.edge.ask(request()));
  }

  reads(path: () => string, token?: () => string): Operation['ask'] {
    return this.asks(() => ({
      ...{ method: 'GET', path: path() },
      ...(token === undefined ? {} : { token: token() }),
    }));
  }
}

function catalogMethods(asking: Asking): Readonly<Record<string, Operation['ask']>> {
  const merchant = (): string => asking.merchant();
  return {
    'CatalogService/GetProduct': asking.reads(() => asking.product()),
    'CatalogService/ListProducts': asking.reads(() => '/v1/products?page_size=20'),
    'CatalogService/GetStock': asking.reads(() => `${asking.product()}/stock`, merchant),
    'CatalogService/AdjustStock': asking.asks(() =>
      write(merchant(), `${asking.product()}/stock:adjust`, { difference: 1 }),
    ),
    'CatalogService/CreateProduct': asking.asks(() => write(merchant(), '/v1/products', product())),
  };
}

function searchMethods(asking: Asking): Readonly<Record<string, Operation['ask']>> {
  return {
    'SearchService/SearchProducts': asking.reads(
      () => `/v1/search/products?query=${asking.word()}`,
    ),
    'SearchService/SuggestProducts': asking.reads(
      () => `/v1/search/suggestions?prefix=${asking.word(4)}`,
    ),
  };
}

function identityMethods(asking: Asking): Readonly<Record<string, Operation['ask']>> {
  return {
    'IdentityService/CreateSession': asking.asks(() => ({
      ...{ method: 'POST', path: '/v1/sessions' },
      body: asking.next(asking.setting.shoppers).credentials,
    })),
    'IdentityService/RefreshSession': refreshing(asking.edge, asking.sessions()),
  };
}

function ordersMethods(asking: Asking): Readonly<Record<string, Operation['ask']>> {
  return {
    'OrdersService/CreateOrder': asking.asks(() => asking.order()),
    'OrdersService/ListOrders': asking.reads(
      () => '/v1/orders?page_size=20',
      () => asking.shopper(),
    ),
    'OrdersService/GetOrder': readingOrders(asking.edge, asking.sessions()),
    'a purchase until it is confirmed': purchases(asking.edge, () => asking.order()),
  };
}

function write(token: string, path: string, body: object): EdgeRequest {
  return {
    ...{ method: 'POST', path, token, body },
    headers: { 'idempotency-key': `"${randomUUID()}"` },
  };
}

function failureOf(answer: EdgeAnswer): string | undefined {
  if (answer.status === undefined) return answer.broken;
  return answer.status < 300 ? undefined : String(answer.status);
}

function product(): object {
  const sku = `BENCH-${randomUUID()}`;
  const price = { currencyCode: 'EUR', minorUnits: '100' };
  return {
    ...{ sku, name: `Measured ${sku}`, category: 'measured', brand: 'Meridian' },
    price,
    stock: 1,
  };
}

/** A refresh token works once, so each session is refreshed by one at a time. */
function refreshing(edge: EdgeClient, sessions: readonly Session[]): Operation['ask'] {
  const free = [...sessions];
  return async () => {
    const session = free.shift();
    if (session === undefined) return 'no session was free';
    try {
      return (await refresh(edge, session)) ? undefined : 'refused';
    } finally {
      free.push(session);
    }
  };
}

/** Reads the newest order of each shopper, whose ids are looked up once. */
function readingOrders(edge: EdgeClient, sessions: readonly Session[]): Operation['ask'] {
  const newest = new Map<Session, Promise<string | undefined>>();
  const find = async ({ accessToken: token }: Session): Promise<string | undefined> => {
    const answer = await edge.ask({ method: 'GET', path: '/v1/orders?page_size=1', token });
    if (answer.status !== 200) return undefined;
    return (answer.body as { orders?: readonly { orderId: string }[] }).orders?.[0]?.orderId;
  };
  let turn = 0;
  return async () => {
    const session = sessions[turn++ % sessions.length];
    if (session === undefined) return 'no session';
    if (!newest.has(session)) newest.set(session, find(session));
    const orderId = await newest.get(session);
    if (orderId === undefined) return 'a shopper without an order';
    return failureOf(await getOrder(edge, orderId, session.accessToken));
  };
}

/** Places an order and waits, as a client does, until it is confirmed. */
function purchases(edge: EdgeClient, order: () => EdgeRequest): Operation['ask'] {
  return async () => {
    const request = order();
    const token = request.token ?? '';
    let answer = await edge.ask(request);
    for (;;) {
      const now = orderOf(answer);
      if (now === undefined) return failureOf(answer) ?? 'no order';
      if (isOver(now.status))
        return now.status === 'ORDER_STATUS_CONFIRMED' ? undefined : now.status;
      const later = await getOrder(edge, now.orderId, token, now.etag);
      if (later.status !== 304) answer = later;
    }
  };
}
