import { create, fromBinary } from '@bufbuild/protobuf';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { callOf as catalogCall, handlersOver } from '@meridian/catalog/testing/handlers-over.ts';
import { Inbox } from '@meridian/kit/events/inbox.ts';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { underContract } from '@meridian/kit/testing/under-contract.ts';
import {
  OrdersService,
  OrderSchema,
  OrderStatus,
} from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import type { Order } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { EffectStore } from '@meridian/orders/effect-store.ts';
import { ordersHandlers } from '@meridian/orders/handler.ts';
import { openSagas } from '@meridian/orders/open-sagas.ts';
import type { Sagas } from '@meridian/orders/sagas.ts';
import { OrderStore } from '@meridian/orders/order-store.ts';
import { METHODS_WITH_TOKEN } from '@meridian/orders/write-handlers.ts';
import { PaymentChangedSchema } from '@meridian/payments/contract/gen/meridian/payments/v1/events_pb.js';
import { PaymentsService } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { PaymentsUnderTest } from '@meridian/payments/testing/payments-under-test.ts';
import { expect } from '@jest/globals';
import type { Pool } from 'pg';
import { callBy, clientOf } from './in-process.ts';
import { QUICK } from './quick.ts';

/** A replica of orders over the database of the world. */
export interface OrdersReplica {
  readonly process: DatabaseProcess;
  readonly handlers: ReturnType<typeof ordersHandlers>;
  readonly sagas: Sagas;
}

/** Orders over real catalog and payments, each over its own database, and the real stand-in. */
export class PurchasesUnderTest {
  readonly payments: PaymentsUnderTest;
  readonly pool: Pool;
  readonly catalogPool: Pool;
  readonly catalog: ReturnType<typeof handlersOver>;
  /** Is asked before each call of a saga; may throw, or wait. */
  before: (method: string) => Promise<void> | void = () => undefined;
  readonly #stop = new AbortController();
  #delivering: Promise<void> | undefined;

  private constructor(
    payments: PaymentsUnderTest,
    pools: { readonly orders: Pool; readonly catalog: Pool },
    catalog: ReturnType<typeof handlersOver>,
  ) {
    this.payments = payments;
    this.pool = pools.orders;
    this.catalogPool = pools.catalog;
    this.catalog = catalog;
  }

  static async start(): Promise<PurchasesUnderTest> {
    const payments = await PaymentsUnderTest.start();
    const { world } = payments;
    const pools = {
      catalog: await world.createDatabase('catalog', 'services/catalog/migrations'),
      orders: await world.createDatabase('orders', 'services/orders/migrations'),
    };
    const catalog = handlersOver((await world.open('catalog')).database);
    return new PurchasesUnderTest(payments, pools, catalog);
  }

  /** Opens a replica of orders. */
  async open(): Promise<OrdersReplica> {
    const process = await this.payments.world.open('orders');
    const { database, runtime } = process;
    const before = (method: string): Promise<void> | void => this.before(method);
    const peers = {
      catalog: clientOf(CatalogService, this.catalog, before),
      payments: clientOf(PaymentsService, this.payments.replica.handlers, before),
    };
    const outbox = new Outbox<never>(() => undefined);
    const { sagas, watch } = openSagas(runtime, database, outbox, peers, QUICK);
    const handlers = ordersHandlers(
      {
        store: new OrderStore(database),
        effects: new EffectStore(database),
        pages: new PageTokens(pageKeyOfTable(database)),
        watch,
      },
      {
        keys: new IdempotencyKeys(database, OrdersService, { ownedBySubject: METHODS_WITH_TOKEN }),
        sagas,
        catalog: peers.catalog,
      },
    );
    return { process, handlers: underContract(OrdersService, handlers), sagas };
  }

  /** Delivers what payments publish to a replica until the end, each event twice and the newest first. */
  deliver({ process, sagas }: OrdersReplica): void {
    const inbox = new Inbox(process.database, 'orders');
    const seen = new Set<string>();
    const round = async (): Promise<void> => {
      const { rows } = await this.payments.pool.query<{ id: string; key: string; payload: Buffer }>(
        'SELECT id, key, payload FROM outbox ORDER BY position DESC',
      );
      for (const { id, key, payload } of rows.filter((row) => !seen.has(row.id))) {
        seen.add(id);
        const { payment } = fromBinary(PaymentChangedSchema, payload);
        if (payment === undefined) throw new Error('an event without a payment');
        const event = { id, topic: 'payments.events.v1', key: Buffer.from(key) };
        const take = () =>
          inbox.once(event, (transaction) => sagas.paymentChanged(payment, transaction));
        expect([await take(), await take()]).toEqual(['handled', 'repeated']);
      }
    };
    const loop = async (): Promise<void> => {
      while (!this.#stop.signal.aborted) {
        await round();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    this.#delivering = loop();
  }

  /** A new product that costs 10 EUR, with so many units; gives its id. */
  async product(sku: string, stock: number): Promise<string> {
    const { input } = CatalogService.method.createProduct;
    const request = create(input, {
      product: {
        ...{ sku, name: `Product ${sku}`, category: 'kitchen', brand: 'B', stock },
        price: { currencyCode: 'EUR', minorUnits: 1_000n },
      },
    });
    const { product } = await this.catalog.createProduct(request, catalogCall());
    return product?.productId ?? '';
  }

  /** Places an order of one product for a customer. */
  async order(
    { handlers }: OrdersReplica,
    productId: string,
    token: string,
    {
      subject = 'alice',
      quantity = 1,
      key,
    }: { subject?: string; quantity?: number; key?: string } = {},
  ): Promise<Order> {
    const request = create(OrdersService.method.createOrder.input, {
      items: [{ productId, quantity }],
      paymentMethodToken: token,
    });
    const call = callBy({ subject, ...(key === undefined ? {} : { key }) });
    return create(OrderSchema, (await handlers.createOrder(request, call)).order);
  }

  /** The order as its customer sees it. */
  async get({ handlers }: OrdersReplica, orderId: string, subject = 'alice'): Promise<Order> {
    const request = create(OrdersService.method.getOrder.input, { orderId });
    return create(OrderSchema, (await handlers.getOrder(request, callBy({ subject }))).order);
  }

  /** The order once it has a status. */
  async reaches(replica: OrdersReplica, orderId: string, status: OrderStatus): Promise<Order> {
    return eventually(async () => {
      const order = await this.get(replica, orderId);
      if (order.status !== status) {
        throw new Error(`The order is ${OrderStatus[order.status]}, not ${OrderStatus[status]}`);
      }
      return order;
    }, 20_000);
  }

  /** Units on hand, reserved and sold of a product. */
  async stock(productId: string): Promise<readonly number[]> {
    const { rows } = await this.catalogPool.query<{
      on_hand: number;
      reserved: number;
      sold: string;
    }>('SELECT on_hand, reserved, sold FROM stock WHERE product_id = $1', [productId]);
    return rows.flatMap(({ on_hand, reserved, sold }) => [on_hand, reserved, Number(sold)]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#delivering;
    await this.payments.stop();
  }
}
