import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AGGREGATE_KINDS, kindOf } from '@meridian/audit/reconciliation/aggregates.ts';
import { reconcile } from '@meridian/audit/reconciliation/findings.ts';
import type { ListRows } from '@meridian/audit/reconciliation/rows.ts';
import { asked } from '@meridian/audit/reconciliation/testing/asked-handlers.ts';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { followHistory } from '@meridian/catalog/testing/follow-history.ts';
import { handlersOver as catalogOver } from '@meridian/catalog/testing/handlers-over.ts';
import { stockRequests } from '@meridian/catalog/testing/stock-requests.ts';
import { EMAIL, HandlerClient, PASSWORD } from '@meridian/identity/testing/client.ts';
import { startHandlers } from '@meridian/identity/testing/fixture.ts';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import { uuidV7 } from '@meridian/kit/events/uuid-v7.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { OrdersService } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { Sagas } from '@meridian/orders/sagas.ts';
import { Random } from '@meridian/orders/simulation/random.ts';
import { handlersOver as ordersOver } from '@meridian/orders/testing/handlers-over.ts';
import { someMessage } from '@meridian/orders/testing/some-message.ts';
import { PaymentSchema } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { toPaymentMessage } from '@meridian/payments/payment-message.ts';
import { paymentMetrics } from '@meridian/payments/payment-metrics.ts';
import { PaymentStore } from '@meridian/payments/payment-store.ts';
import { Payments } from '@meridian/payments/payments.ts';
import { messageHistories } from '@meridian/payments/testing/histories.ts';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { outboxEntries, trailOf } from './outbox-trail.ts';

/** More than any of these histories makes. */
const PAGE_SIZE = 1_000;

/** The same histories in every run: how much they replay is asserted, and chance makes short ones, too. */
const SEED = 1;

const NO_OUTBOX = new Outbox<never>(() => undefined);

let world: DatabaseWorld;

beforeAll(async () => {
  world = await DatabaseWorld.create();
}, 90_000);

afterAll(() => world.close());

/** What a service lists of each of its kinds. */
type Listings = Readonly<Record<string, ListRows>>;

/**
 * Replays what a service left in its outbox and holds it against its rows; and does so again without one of
 * the events, which has to be missed.
 */
async function holds(service: string, pool: Pool, listings: Listings, random: Random) {
  const kinds = AGGREGATE_KINDS.filter((kind) => kind.service === service).map((kind) => {
    const list = listings[kind.name];
    if (list === undefined) throw new Error(`The test does not list each ${kind.name}`);
    return { kind, list };
  });
  const services = [{ name: service, source: `spiffe://x/${service}`, kinds }];
  const pause = () => Promise.resolve();
  const entries = await outboxEntries(pool);
  const whole = await reconcile({ services, trail: trailOf(entries), pause });
  expect(whole.discrepancies).toEqual([]);
  const lost = entries[random.integer(0, entries.length - 1)];
  if (lost === undefined) return 0;
  const trail = trailOf(entries.filter((entry) => entry !== lost));
  const { discrepancies } = await reconcile({ services, trail, pause });
  const about = `${kindOf(service, lost.subject).name} ${lost.subject}`;
  expect(discrepancies.map((each) => each.about)).toContain(about);
  return entries.length;
}

test('catalog: what events tell is what products, stock and reservations are, and a lost one is missed', async () => {
  const pool = await world.createDatabase('catalog', 'services/catalog/migrations');
  const { database } = await world.open('catalog');
  const handlers = catalogOver(database);
  const { method } = CatalogService;
  const products = asked(method.listAllProducts, handlers.listAllProducts);
  const reservations = asked(method.listReservations, handlers.listReservations);
  const stock = asked(method.listStock, handlers.listStock);
  const page = { pageSize: PAGE_SIZE };
  const listings: Listings = {
    product: async () => ({ rows: (await products(page)).products, next: '' }),
    reservation: async () => ({ rows: (await reservations(page)).reservations, next: '' }),
    stock: async () => ({ rows: (await stock(page)).stock, next: '' }),
  };
  const random = new Random(1);
  let replayed = 0;
  await fc.assert(
    fc.asyncProperty(stockRequests({ maxLength: 40 }), async (history) => {
      await followHistory({ pool, database }, history);
      replayed += await holds('catalog', pool, listings, random);
    }),
    { numRuns: 10, seed: SEED },
  );
  expect(replayed).toBeGreaterThan(20);
}, 60_000);

test('orders: what events tell is what orders are, wherever their saga went', async () => {
  const pool = await world.createDatabase('orders', 'services/orders/migrations');
  const opened = await world.open('orders');
  const nobody = {
    ...{ wentOn: () => undefined, changed: () => undefined },
    ...{ asked: () => undefined, unexpected: () => undefined },
  };
  const sagas = new Sagas(opened.database, NO_OUTBOX, nobody);
  const line = { productId: uuidV7(), name: 'Thing', quantity: 2, unitMinorUnits: 500n };
  const random = new Random(2);
  for (let order = 0; order < 15; order += 1) {
    const orderId = uuidV7();
    await opened.database.transaction(async (transaction) => {
      const changes = sagas.changes(transaction);
      await changes.place({
        ...{ orderId, accountId: 'alice', currencyCode: 'EUR', totalMinorUnits: 1_000n },
        ...{ lines: [line], paymentMethodToken: 'tok_ok' },
      });
    });
    for (let step = random.integer(0, 15); step > 0; step -= 1) {
      await opened.database.transaction(async (transaction) => {
        const changes = sagas.changes(transaction);
        const found = await changes.lock(orderId);
        if (found === undefined) throw new Error('the order is gone');
        await changes.apply(found, someMessage(found.saga, random));
      });
    }
  }
  const list = asked(OrdersService.method.listAllOrders, ordersOver(opened).listAllOrders);
  const listings: Listings = {
    order: async () => ({ rows: (await list({ pageSize: PAGE_SIZE })).orders, next: '' }),
  };
  expect(await holds('orders', pool, listings, random)).toBeGreaterThan(30);
}, 60_000);

test('payments: what events tell is what payments are, whatever the provider said', async () => {
  const pool = await world.createDatabase('payments', 'services/payments/migrations');
  const { database, runtime } = await world.open('payments');
  const payments = new Payments({
    ...{ database, outbox: NO_OUTBOX, metrics: paymentMetrics(runtime.metrics.registry) },
    ...{ log: runtime.log, leaseMs: 1_000, backoff: { firstMs: 50, maxMs: 200 } },
  });
  await fc.assert(
    fc.asyncProperty(messageHistories(20), async (history) => {
      const orderId = uuidV7();
      for (const given of history) {
        const message = { ...given, key: `${orderId}/${given.key}` };
        const token = message.type === 'authorize' ? { token: 'tok_ok' } : {};
        await payments.apply({ orderId, message, ...token }).catch((error: unknown) => {
          if (!(error instanceof RpcError)) throw error;
        });
      }
    }),
    { numRuns: 15, seed: SEED },
  );
  const listings: Listings = {
    payment: async () => {
      const stored = await new PaymentStore(database).list(PAGE_SIZE);
      return {
        rows: stored.map((each) => create(PaymentSchema, toPaymentMessage(each))),
        next: '',
      };
    },
  };
  expect(await holds('payments', pool, listings, new Random(3))).toBeGreaterThan(20);
}, 60_000);

test('identity: what events tell is what roles accounts have, and which are gone', async () => {
  const identity = await startHandlers();
  const client = new HandlerClient(identity);
  try {
    const { accountId } = await client.open();
    await client.open({ email: 'bob@example.com' });
    await client.signIn();
    // In another order, which changes nothing.
    for (const roles of [['support', 'customer'], ['customer', 'support'], ['auditor']]) {
      await client.ensure({ email: 'carol@example.com', roles });
    }
    const { sessionId } = await client.signIn(PASSWORD, EMAIL);
    identity.as({ subject: accountId, roles: ['customer'], sessionId } as never);
    await client.delete(accountId);
    const listings: Listings = {
      account: async () => ({ rows: (await client.accounts()).accounts, next: '' }),
    };
    for (const seed of [4, 5, 6]) {
      expect(await holds('identity', identity.pool, listings, new Random(seed))).toBe(9);
    }
  } finally {
    await identity.stop();
  }
}, 60_000);
