import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { expectProblem } from './testing/expect-problem.ts';
import { failure, GatewayWorld, RATE_LIMITS } from './testing/gateway-world.ts';
import type { TestGateway } from './testing/gateway-world.ts';
import { compose, sendRaw } from './testing/raw-client.ts';

/** What the method of webhooks has got. */
interface Received {
  readonly sender: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** On whose behalf it runs. */
  readonly context: unknown;
}

const LIMIT_BYTES = 1_000;
const PATH = '/v1/webhooks/payment-provider';
const SIGNED = { 'content-type': 'text/plain', 'webhook-signature': 't=1,v1=ab' };

let world: GatewayWorld;
let gateway: TestGateway;
let received: Received[] = [];

beforeAll(async () => {
  world = await GatewayWorld.create();
  world.access['takeWebhook'] = { actors: ['system'], roles: [] };
  world.handlers['takeWebhook'] = ({ sender, body, headers }, call) => {
    received.push({ sender, body, headers, context: call.context } as Received);
    return {};
  };
  const things = await world.startThings();
  gateway = await world.startGateway([things.port], { webhookBytes: LIMIT_BYTES });
});
beforeEach(() => {
  received = [];
});
afterAll(async () => {
  await world.close();
});

const bytesOf = ({ body }: Received) => Buffer.from(body);

describe('a webhook', () => {
  test('reaches its method to the byte, with the headers that the contract names and no others', async () => {
    const bytes = Buffer.from([0x00, 0xff, 0x7b, 0x0d, 0x0a, 0x80]);
    const headers = { ...SIGNED, authorization: 'Basic eDp5', cookie: 'a=b', 'if-match': '"1"' };
    const head = compose('POST', PATH, { ...headers, 'content-length': String(bytes.length) });
    const answer = await sendRaw(world.edge(gateway), [head, bytes]);
    expect([answer.status, answer.body]).toEqual([200, '{}']);
    const [webhook] = received;
    expect(webhook?.sender).toBe('payment-provider');
    expect(webhook?.headers).toEqual(SIGNED);
    expect(webhook && bytesOf(webhook)).toEqual(bytes);
    expect(webhook?.context).toBeUndefined();
  });

  test('needs no token, no content type and no Idempotency-Key, and a token is not looked at', async () => {
    for (const authorization of [{}, { authorization: 'Bearer nonsense' }]) {
      const answer = await world.request(gateway, 'POST', PATH, authorization, 'x');
      expect(answer.status).toBe(200);
    }
    expect(received.map(({ headers }) => headers)).toEqual([{}, {}]);
  });

  test('is refused beyond its size, whether or not it says so beforehand', async () => {
    const most = 'x'.repeat(LIMIT_BYTES);
    expect((await world.request(gateway, 'POST', PATH, SIGNED, most)).status).toBe(200);
    const announced = await world.request(gateway, 'POST', PATH, SIGNED, `${most}x`);
    expectProblem(announced, 'content-too-large');
    const head = compose('POST', PATH, { ...SIGNED, 'transfer-encoding': 'chunked' });
    const chunk = `${(LIMIT_BYTES + 1).toString(16)}\r\n${most}x\r\n0\r\n\r\n`;
    expectProblem(await sendRaw(world.edge(gateway), [head, chunk]), 'content-too-large');
    expect(received).toHaveLength(1);
  });

  test('is refused with a query, a second signature, a compressed body and another verb', async () => {
    expectProblem(
      await world.request(gateway, 'POST', `${PATH}?a=b`, SIGNED, 'x'),
      'malformed-request',
    );
    const twice = compose('POST', PATH, { ...SIGNED, 'Webhook-Signature': 't=2,v1=cd' }, 'x');
    expectProblem(await sendRaw(world.edge(gateway), [twice]), 'malformed-request');
    const gzip = { ...SIGNED, 'content-encoding': 'gzip' };
    expectProblem(await world.request(gateway, 'POST', PATH, gzip, 'x'), 'unsupported-media-type');
    expectProblem(await world.request(gateway, 'GET', PATH), 'method-not-allowed');
    expect(received).toEqual([]);
  });

  test('that its method did not believe is a problem for the sender', async () => {
    const things = await world.startThings({
      takeWebhook: () => {
        throw failure('UNAUTHENTICATED', 'the signature is of another secret');
      },
    });
    const doubting = await world.startGateway([things.port]);
    const answer = await world.request(doubting, 'POST', PATH, SIGNED, 'x');
    expectProblem(answer, 'unauthenticated');
    expect(answer.body).not.toContain('another secret');
  });

  test('is counted by the address that sends it, apart from requests of users', async () => {
    const things = await world.startThings();
    const narrow = { requests: 2, windowSeconds: 3_600, burst: 2 };
    const counting = await world.startGateway(
      [things.port],
      {},
      {
        rateLimits: { ...RATE_LIMITS, webhook: narrow },
      },
    );
    const from = (address: string) =>
      world.request(counting, 'POST', PATH, { ...SIGNED, 'x-forwarded-for': address }, 'x');
    expect((await from('192.0.2.1')).status).toBe(200);
    expect((await from('192.0.2.1')).status).toBe(200);
    expectProblem(await from('192.0.2.1'), 'resource-exhausted');
    expect((await from('192.0.2.2')).status).toBe(200);
    const user = { 'x-forwarded-for': '192.0.2.1' };
    expect((await world.request(counting, 'GET', '/openapi.json', user)).status).toBe(200);
  });
});
