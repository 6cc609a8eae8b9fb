import type { ServerResponse } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { compose, sendRaw } from '../../services/gateway/testing/raw-client.ts';
import type { RawResponse } from '../../services/gateway/testing/raw-client.ts';
import { startEdge } from './envoy.ts';
import type { Hurry, ThrowAwayEdge } from './envoy.ts';
import { GatewayStandIn } from './gateway-stand-in.ts';

let authority: TestAuthority;
let gateways: readonly GatewayStandIn[];
let edge: ThrowAwayEdge;

beforeAll(async () => {
  authority = await TestAuthority.create();
});
/** Three gateways and the edge before them. */
async function startAll(hurry: Hurry): Promise<void> {
  gateways = await Promise.all(['a', 'b', 'c'].map(() => GatewayStandIn.start(authority)));
  const upstreams = gateways.map(({ upstream }) => upstream);
  edge = await startEdge(authority, upstreams, hurry);
}
afterEach(async () => {
  await edge[Symbol.asyncDispose]();
  await Promise.all(gateways.map((gateway) => gateway[Symbol.asyncDispose]()));
});

const ask = (...request: Parameters<typeof compose>): Promise<RawResponse> =>
  sendRaw(edge.user, [compose(...request)]);

/** Whatever arrived at any of the gateways. */
const arrived = (): readonly string[] => gateways.flatMap(({ requests }) => requests);

const every = (verb: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${verb} /${index}`);

function statusesOf(answers: readonly RawResponse[]): readonly number[] {
  return [...new Set(answers.map(({ status }) => status))];
}

/** Has all gateways keep their answers back; gives them out when told to. */
function holdAnswers(): () => void {
  const held: ServerResponse[] = [];
  for (const gateway of gateways) gateway.serve = (_request, response) => held.push(response);
  return () => {
    for (const gateway of gateways) gateway.serve = (_request, response) => response.end('{}');
    for (const response of held) response.end('{}');
  };
}

describe('a request that no gateway has got', () => {
  beforeEach(() => startAll({}));

  test.each([
    ['GET', ''],
    ['POST', '{}'],
    ['PATCH', `"${'a'.repeat(100_000)}"`],
  ])('is sent to another, once: %s', async (verb, body) => {
    gateways[0]?.die();
    const answers = await Promise.all(
      every(verb, 20).map((request) => ask(verb, request.slice(verb.length + 1), {}, body)),
    );
    expect(statusesOf(answers)).toEqual([200]);
    expect(arrived().toSorted()).toEqual(every(verb, 20).toSorted());
  });

  test('is answered 503 with Retry-After once there is nobody left', async () => {
    for (const gateway of gateways) gateway.die();
    const answer = await ask('POST', '/0');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
  });
});

describe('a request that a gateway has got', () => {
  beforeEach(() => startAll({}));

  test('is not sent again if it may change something: 503 with Retry-After', async () => {
    for (const gateway of gateways) gateway.serve = ({ socket }) => socket.destroy();
    const answer = await ask('POST', '/0', {}, '{}');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(arrived()).toEqual(['POST /0']);
  });

  test.each(['GET', 'POST'])(
    'is not sent again for what the gateway answered, nor for what the client asks: %s',
    async (verb) => {
      for (const gateway of gateways) {
        gateway.serve = (_request, response) =>
          response.writeHead(503, { 'content-length': 4 }).end('busy');
      }
      const wish = { 'x-envoy-retry-on': '5xx,retriable-status-codes', 'x-envoy-max-retries': '9' };
      const answer = await ask(verb, '/0', wish);
      expect([answer.status, answer.body]).toEqual([503, 'busy']);
      expect(arrived()).toEqual([`${verb} /0`]);
    },
  );

  test('is sent again if it reads and the gateway dies with it, however many there are', async () => {
    const release = holdAnswers();
    const asked = Promise.all(every('GET', 60).map((request) => ask('GET', request.slice(4))));
    await eventually(() => expect(arrived()).toHaveLength(60));
    const lost = gateways[0]?.requests.length ?? 0;
    expect(lost).toBeGreaterThan(0);
    gateways[0]?.die();
    release();
    expect(statusesOf(await asked)).toEqual([200]);
    expect(arrived()).toHaveLength(60 + lost);
  });
});

describe('a request whose gateway says nothing', () => {
  beforeEach(() => startAll({ per_try_timeout: '1s' }));

  test('is sent again if it reads', async () => {
    const [first, ...others] = gateways;
    if (first === undefined) throw new Error('there are three');
    let silent: GatewayStandIn | undefined;
    for (const gateway of [first, ...others]) {
      gateway.serve = (_request, response) => {
        silent ??= gateway;
        if (gateway !== silent) response.end('{}');
      };
    }
    expect((await ask('GET', '/0')).status).toBe(200);
    expect(arrived()).toEqual(['GET /0', 'GET /0']);
  });

  test('is not sent again if it may change something', async () => {
    const release = holdAnswers();
    const asked = ask('POST', '/0', {}, '{}');
    await eventually(() => expect(arrived()).toHaveLength(1));
    // Longer than a read would wait for its gateway.
    const reading = ask('GET', '/1');
    await eventually(() => expect(arrived().filter((each) => each === 'GET /1')).toHaveLength(2));
    release();
    expect([(await asked).status, (await reading).status]).toEqual([200, 200]);
    expect(arrived().filter((each) => each === 'POST /0')).toHaveLength(1);
  });
});
