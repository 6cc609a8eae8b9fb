import { beforeEach, expect, test } from '@jest/globals';
import { PUBLIC_SERVICES } from '@meridian/gateway/gen/public-contracts.ts';
import { decodeRequest } from '@meridian/gateway/transcode/decode-request.ts';
import { buildRouteTable, findRoute } from '@meridian/gateway/transcode/route-table.ts';
import { requestCheck } from '@meridian/kit/constraints/check-request.ts';
import type { Edge, EdgeRequest } from '../../tools/shop/edge-client.ts';
import { NOT_ASKED, operations } from '../../tools/bench/services/operations.ts';
import { A_PURCHASE } from '../../tools/bench/services/orders-operations.ts';

const routes = buildRouteTable(PUBLIC_SERVICES.map(([, contract]) => contract));
const named = ({ parent, name }: (typeof routes.bindings)[number]['method']): string =>
  `${parent.name}/${name}`;

const token = `.${Buffer.from('{"sub":"some-account"}').toString('base64url')}.`;
const tokens = { sessionId: 'some-session', accessToken: token, refreshToken: 'r'.repeat(43) };
const order = (status: string): object => ({ orderId: 'some-order', etag: 'e', status });

/** Answers of which a client reads something. */
const ANSWERS: Readonly<Record<string, (body: string) => object>> = {
  CreateProduct: () => ({ productId: 'some-product' }),
  CreateAccount: () => ({ accountId: 'some-account' }),
  CreateSession: () => ({ tokens }),
  RefreshSession: () => ({ tokens }),
  ListOrders: () => ({ orders: [{ orderId: 'some-order' }] }),
  CreateOrder: (body) =>
    order(`ORDER_STATUS_${body.includes('tok_ok') ? 'CONFIRMED' : 'PAYMENT_DECLINED'}`),
};

/** What was asked, by methods of the contract. */
const asked: string[] = [];

/** An edge that holds requests against the contract, and answers what fits it with a success. */
const edge: Edge = {
  ask({ method, path, body }: EdgeRequest) {
    const url = new URL(path, 'https://localhost');
    const route = findRoute(routes, method, url.pathname);
    if (route.kind !== 'found') throw new Error(`${method} ${path}: ${route.kind}`);
    const { binding, pathValues } = route;
    const text = body === undefined ? '' : JSON.stringify(body);
    const query = url.search.slice(1);
    const request = decodeRequest(binding, { pathValues, query, body: text });
    requestCheck(binding.method.input)?.(request);
    asked.push(named(binding.method));
    const answer = ANSWERS[binding.method.name]?.(text) ?? {};
    return Promise.resolve({ status: 200, headers: {}, body: answer });
  },
};

const person = {
  credentials: { email: 'somebody@example.com', password: 'a-password-of-somebody' },
  session: { ...tokens },
};
const ware = { productId: 'some-product', name: 'Ärmel, blau', currencyCode: 'EUR' };
const measured = operations({
  ...{ edge, wares: [ware], stocked: [ware], shoppers: [person] },
  ...{ merchant: person, support: person },
  objectivesMs: { catalog: 200, identity: 400, orders: 500, search: 500 },
});

beforeEach(() => {
  asked.length = 0;
});

test('every public method is measured, or has a reason why it is not', () => {
  const methods = new Set(routes.bindings.map(({ method }) => named(method)));
  const known = [...measured.map(({ method }) => method), ...Object.keys(NOT_ASKED)];
  expect(known.filter((method) => method !== A_PURCHASE).sort()).toEqual([...methods].sort());
});

test.each(measured.map((operation) => [operation.method, operation] as const))(
  '%s is asked with what the contract allows, and with nothing beside it',
  async (method, { prepare, ask, objectiveMs }) => {
    await prepare?.(3);
    // What is looked up once.
    if (method.endsWith('GetOrder')) await ask();
    asked.length = 0;
    expect([await ask(), await ask()]).toEqual([undefined, undefined]);
    const one = method === A_PURCHASE ? 'OrdersService/CreateOrder' : method;
    expect(asked).toEqual([one, one]);
    expect(objectiveMs).toBeGreaterThan(0);
  },
);
