import { create } from '@bufbuild/protobuf';
import type { DescMethod } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callOf as catalogCall, handlersOver } from '@meridian/catalog/testing/handlers-over.ts';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { declaredAccess } from '@meridian/gateway/openapi/generate.ts';
import { openApiDocument } from '@meridian/gateway/openapi/document.ts';
import { PUBLIC_SERVICES } from '@meridian/gateway/gen/public-contracts.ts';
import { accessTo } from '@meridian/gateway/token/access-table.ts';
import { buildRouteTable } from '@meridian/gateway/transcode/route-table.ts';
import { IdentityService } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import { EMAIL, HandlerClient, PASSWORD, callOf } from '@meridian/identity/testing/client.ts';
import { startHandlers } from '@meridian/identity/testing/fixture.ts';
import type { HandlersUnderTest } from '@meridian/identity/testing/fixture.ts';
import { carriesSecrets } from '@meridian/kit/idempotency/carries-secrets.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { isIdempotent } from '@meridian/kit/rpc/service-definition.ts';
import { methodName } from '@meridian/language/method.ts';
import { OrdersService } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { handlersOver as ordersOver } from '@meridian/orders/testing/handlers-over.ts';
import type { Pool } from 'pg';
import { callBy } from '../purchases/in-process.ts';

const access = declaredAccess();
const routes = buildRouteTable(PUBLIC_SERVICES.map(([, contract]) => contract));
const writes = [...new Set(routes.bindings.map(({ method }) => method))].filter(
  (method) => !isIdempotent(method),
);

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly $ref?: string }[];
}

/** Whether the document that the edge serves says that a method takes an idempotency key. */
function isPromised({ parent, name }: DescMethod): boolean {
  const { paths } = openApiDocument(routes, {}, access) as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const operationId = `${parent.name.replace(/Service$/, '')}_${name}`;
  const operation = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .find((each) => each.operationId === operationId);
  return operation?.parameters.some(({ $ref }) => $ref?.includes('/IdempotencyKey')) === true;
}

const promised = writes.filter(isPromised);

let world: DatabaseWorld;
let identity: HandlersUnderTest;
let catalog: ReturnType<typeof handlersOver>;
let orders: ReturnType<typeof ordersOver>;
let ordersPool: Pool;

beforeAll(async () => {
  [world, identity] = await Promise.all([DatabaseWorld.create(), startHandlers()]);
  await world.createDatabase('catalog', 'services/catalog/migrations');
  catalog = handlersOver((await world.open('catalog')).database);
  ordersPool = await world.createDatabase('orders', 'services/orders/migrations');
  orders = ordersOver(await world.open('orders'));
}, 90_000);

afterAll(() => Promise.all([world.close(), identity.stop()]));

/** Does a write with a key, always with the same request. */
type Attempt = (key: string) => Promise<unknown>;

const CUP = { name: 'Cup', category: 'kitchen', brand: 'B', stock: 3 };
const PRICE = { currencyCode: 'EUR', minorUnits: 4990n };
const identityCall = (key: string): ServerCall => callOf(identity, key);

const alicesCall = (key: string): ServerCall => callBy({ subject: 'alice', key });
const PAID = { status: `phase = 'confirmed', captured_minor_units = total_minor_units` };
const DECLINED = { status: `phase = 'declined'` };

/** An order of alice's that costs 10 EUR, brought where a write needs it. */
async function anOrder(brought?: { readonly status: string }) {
  const request = create(OrdersService.method.createOrder.input, {
    items: [{ productId: '00000000-0000-4000-8000-000000000001', quantity: 1 }],
    paymentMethodToken: 'tok_ok',
  });
  const { order } = await orders.createOrder(request, callBy({ subject: 'alice' }));
  const { orderId = '', etag = '' } = order ?? {};
  if (brought !== undefined) {
    await ordersPool.query(
      `UPDATE orders SET payment_method_token = NULL, ${brought.status} WHERE order_id = $1`,
      [orderId],
    );
  }
  return { orderId, etag };
}

/** A write for each that is promised to happen once under its key. */
const attempts: Readonly<Record<string, () => Promise<Attempt> | Attempt>> = {
  'meridian.catalog.v1.CatalogService/CreateProduct': () => {
    const { input } = CatalogService.method.createProduct;
    const request = create(input, { product: { ...CUP, sku: 'C-1', price: PRICE } });
    return async (key) => catalog.createProduct(request, catalogCall({ key }));
  },
  'meridian.catalog.v1.CatalogService/UpdateProduct': async () => {
    const { createProduct, updateProduct } = CatalogService.method;
    const given = create(createProduct.input, { product: { ...CUP, sku: 'C-2', price: PRICE } });
    const answer = await catalog.createProduct(given, catalogCall());
    const { productId = '', etag = '' } = answer.product ?? {};
    const request = create(updateProduct.input, {
      ...{ productId, etag, product: { brand: 'C' }, updateMask: { paths: ['brand'] } },
    });
    return async (key) => catalog.updateProduct(request, catalogCall({ key }));
  },
  'meridian.catalog.v1.CatalogService/AdjustStock': async () => {
    const { createProduct, adjustStock } = CatalogService.method;
    const given = create(createProduct.input, { product: { ...CUP, sku: 'C-3', price: PRICE } });
    const { productId = '' } = (await catalog.createProduct(given, catalogCall())).product ?? {};
    const change = { case: 'difference', value: 1 } as const;
    const request = create(adjustStock.input, { productId, change });
    return async (key) => catalog.adjustStock(request, catalogCall({ key }));
  },
  'meridian.catalog.v1.CatalogService/DiscontinueProduct': async () => {
    const { createProduct, discontinueProduct } = CatalogService.method;
    const given = create(createProduct.input, { product: { ...CUP, sku: 'C-4', price: PRICE } });
    const { productId = '', etag = '' } =
      (await catalog.createProduct(given, catalogCall())).product ?? {};
    const request = create(discontinueProduct.input, { productId, etag });
    return async (key) => catalog.discontinueProduct(request, catalogCall({ key }));
  },
  'meridian.identity.v1.IdentityService/CreateAccount': () => {
    const { input } = IdentityService.method.createAccount;
    const request = create(input, { email: 'bob@example.com', password: PASSWORD });
    return async (key) => identity.handlers.createAccount(request, identityCall(key));
  },
  'meridian.identity.v1.IdentityService/CreateSession': async () => {
    await new HandlerClient(identity).ensure();
    const { input } = IdentityService.method.createSession;
    const request = create(input, { email: EMAIL, password: PASSWORD });
    return async (key) => identity.handlers.createSession(request, identityCall(key));
  },
  'meridian.identity.v1.IdentityService/RefreshSession': async () => {
    const client = new HandlerClient(identity);
    await client.ensure();
    const { refreshToken } = await client.signIn();
    const request = create(IdentityService.method.refreshSession.input, { refreshToken });
    return async (key) => identity.handlers.refreshSession(request, identityCall(key));
  },
  'meridian.orders.v1.OrdersService/CreateOrder': () => {
    const request = create(OrdersService.method.createOrder.input, {
      items: [{ productId: '00000000-0000-4000-8000-000000000002', quantity: 1 }],
      paymentMethodToken: 'tok_ok',
    });
    return async (key) => orders.createOrder(request, alicesCall(key));
  },
  'meridian.orders.v1.OrdersService/CancelOrder': async () => {
    const request = create(OrdersService.method.cancelOrder.input, await anOrder());
    return async (key) => orders.cancelOrder(request, alicesCall(key));
  },
  'meridian.orders.v1.OrdersService/PayOrder': async () => {
    const { orderId } = await anOrder(DECLINED);
    const paymentMethodToken = 'tok_ok';
    const { input } = OrdersService.method.payOrder;
    const request = create(input, { orderId, paymentMethodToken });
    return async (key) => orders.payOrder(request, alicesCall(key));
  },
  'meridian.orders.v1.OrdersService/RefundOrder': async () => {
    const { orderId } = await anOrder(PAID);
    const amount = { currencyCode: 'EUR', minorUnits: 600n };
    const request = create(OrdersService.method.refundOrder.input, { orderId, amount });
    return async (key) =>
      orders.refundOrder(request, callBy({ subject: 'sam', roles: ['support'], key }));
  },
};

test('every public write that is not idempotent promises a key, unless nothing tells its callers apart', () => {
  expect(promised.map(methodName).sort()).toEqual(
    writes
      .filter((method) => !accessTo(access, method).anonymous || carriesSecrets(method))
      .map(methodName)
      .sort(),
  );
});

test('every write that promises a key is tried here', () => {
  expect(Object.keys(attempts).sort()).toEqual(promised.map(methodName).sort());
});

test.each(Object.keys(attempts))('%s is done once for each key', async (name) => {
  const attempt = await attempts[name]?.();
  const first = await attempt?.('one');
  expect(first).toBeDefined();
  expect(await attempt?.('one')).toEqual(first);
  const refused = (reason: unknown): unknown => reason;
  expect(await attempt?.('two').catch(refused)).not.toEqual(first);
});
