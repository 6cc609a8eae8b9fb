import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import type { ServerCall } from '@meridian/kit/run-service.ts';
import { expectProblem } from './testing/expect-problem.ts';
import { GatewayWorld } from './testing/gateway-world.ts';
import type { TestGateway } from './testing/gateway-world.ts';
import { IdentityStandIn } from './testing/identity-stand-in.ts';
import { compose, sendRaw } from './testing/raw-client.ts';
import type { RawResponse } from './testing/raw-client.ts';
import {
  ALGORITHM_ATTACKS,
  CLAIM_ATTACKS,
  FORM_ATTACKS,
  HEADER_ATTACKS,
} from './testing/token-attacks.ts';
import { TokenForge } from './testing/token-forge.ts';

const forge = new TokenForge();
let world: GatewayWorld;
let identity: IdentityStandIn;
let gateway: TestGateway;
let reached: ServerCall[] = [];

beforeAll(async () => {
  world = await GatewayWorld.create();
  world.access['getThing'] = { actors: ['user'], roles: [] };
  world.access['createThing'] = { actors: ['user'], roles: ['merchant', 'admin'] };
  identity = new IdentityStandIn([forge.key.jwk]);
  const { port: identityPort } = await identity.start(world.kit);
  const { port } = await world.startThings();
  gateway = await world.startGateway([port], {}, {}, { port: identityPort, trust: TRUST });
  world.handlers['getThing'] = ({ thingId }, call) => {
    reached.push(call);
    return { thing: { thingId } };
  };
  world.handlers['listThings'] = (_request, call) => {
    reached.push(call);
    return { things: [] };
  };
  world.handlers['createThing'] = ({ thing }, call) => {
    reached.push(call);
    return thing;
  };
  // Until the gateway has asked for keys and revocations once.
  await eventually(async () => expect((await get(forge.token())).status).toBe(200));
}, 60_000);
afterAll(async () => {
  await world.close();
});
beforeEach(() => {
  reached = [];
});

const TRUST = { revocationPollMs: 50, unknownKeyIntervalMs: 50, unknownKeyMemoryMs: 200 };

/** Sends bytes that need not be what an HTTP client would send. */
const raw = (text: string): Promise<RawResponse> => sendRaw(world.edge(gateway), [text]);
const withHeader = (value: string, target = '/v1/things/1'): Promise<RawResponse> =>
  raw(compose('GET', target, { authorization: value }));
const get = (token: string, target?: string): Promise<RawResponse> =>
  withHeader(`Bearer ${token}`, target);

describe('a token', () => {
  test('lets its subject in, and the service hears of it', async () => {
    const answer = await get(forge.token());
    expect(answer.status).toBe(200);
    expect(reached[0]?.context).toMatchObject({
      subject: 'account-1',
      roles: ['customer'],
      requestId: answer.headers['x-request-id'],
      entryMethod: '/meridian.fixture.v1.ThingService/GetThing',
    });
  });

  test.each(['bearer', 'BEARER', 'Bearer', 'Bearer '])('may come as %s', async (scheme) => {
    expect((await withHeader(`${scheme} ${forge.token()}`)).status).toBe(200);
  });

  test('is good twice', async () => {
    const token = forge.token();
    expect((await get(token)).status).toBe(200);
    expect((await get(token)).status).toBe(200);
  });

  test('may be a few seconds before or behind our clock, and without nbf, client or roles', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const skewed = forge.withClaims({ iat: now + 3, nbf: now + 3, exp: now + 300 });
    expect((await get(skewed)).status).toBe(200);
    expect((await get(forge.withClaims({ iat: now - 300, exp: now - 1 }))).status).toBe(200);
    const bare = forge.withClaims({ roles: undefined, client_id: undefined });
    expect((await get(bare)).status).toBe(200);
  });

  test('is needed where the graph does not say otherwise', async () => {
    const answer = await world.request(gateway, 'GET', '/v1/things/1');
    expectProblem(answer, 'unauthenticated');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(reached).toEqual([]);
  });

  test('is not needed for an anonymous method, which runs for nobody', async () => {
    expect((await world.request(gateway, 'GET', '/v1/things')).status).toBe(200);
    expect(reached[0]?.context).toMatchObject({ subject: undefined, roles: [] });
  });

  test('names its subject to an anonymous method too', async () => {
    expect((await get(forge.token(), '/v1/things')).status).toBe(200);
    expect(reached[0]?.context?.subject).toBe('account-1');
  });

  test('that is sent must be good, even where none is needed', async () => {
    expectProblem(await get('token', '/v1/things'), 'unauthenticated');
  });

  test('must have one of the roles of the method', async () => {
    const post = (roles: readonly string[]): Promise<RawResponse> =>
      world.request(
        gateway,
        'POST',
        '/v1/things',
        {
          'content-type': 'application/json',
          authorization: `Bearer ${forge.withClaims({ roles })}`,
        },
        '{"name":"n"}',
      );
    const refused = await post(['customer']);
    expectProblem(refused, 'permission-denied');
    expect(refused.headers['www-authenticate']).toBe('Bearer error="insufficient_scope"');
    expect(reached).toEqual([]);
    expect((await post(['customer', 'admin'])).status).toBe(200);
  });

  test('is asked for before the body is read', async () => {
    const body = 'x'.repeat(100);
    const answer = await raw(
      compose(
        'POST',
        '/v1/things',
        { 'content-type': 'application/json', 'content-length': '1000' },
        body,
      ),
    );
    expectProblem(answer, 'unauthenticated');
  });
});

describe('a token is refused', () => {
  const attacks = [...ALGORITHM_ATTACKS, ...HEADER_ATTACKS, ...CLAIM_ATTACKS, ...FORM_ATTACKS];

  test('in more ways than 150', () => {
    expect(new Set(attacks.map(([name]) => name)).size).toBe(attacks.length);
    expect(attacks.length).toBeGreaterThanOrEqual(150);
  });

  test.each(attacks)('%s', async (_name, token) => {
    const answer = await get(token(forge));
    expect(reached).toEqual([]);
    expectProblem(answer);
    expect([400, 401, 431]).toContain(answer.status);
    if (answer.status === 401) {
      expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    }
  });

  test('and the valid one is let in all the same', async () => {
    expect((await get(forge.token())).status).toBe(200);
  });
});

describe('credentials are refused', () => {
  const lines = (...headers: readonly string[]): string =>
    ['GET /v1/things/1 HTTP/1.1', 'host: localhost', 'connection: close', ...headers, '', ''].join(
      '\r\n',
    );
  const ATTACKS: readonly (readonly [name: string, bytes: () => string])[] = [
    [
      'in two headers',
      () => lines(`authorization: Bearer ${forge.token()}`, 'authorization: Bearer x'),
    ],
    [
      'in two good headers',
      () =>
        lines(`authorization: Bearer ${forge.token()}`, `Authorization: Bearer ${forge.token()}`),
    ],
    ['of another scheme', () => lines(`authorization: Basic ${forge.token()}`)],
    ['of a longer scheme', () => lines(`authorization: BearerX ${forge.token()}`)],
    ['without a scheme', () => lines(`authorization: ${forge.token()}`)],
    ['without a token', () => lines('authorization: Bearer')],
    ['without a space', () => lines(`authorization: Bearer${forge.token()}`)],
    ['with a colon', () => lines(`authorization: Bearer: ${forge.token()}`)],
    ['with a parameter', () => lines(`authorization: Bearer token="${forge.token()}"`)],
    ['with two schemes', () => lines(`authorization: Basic x, Bearer ${forge.token()}`)],
    ['that are empty', () => lines('authorization:')],
    ['in a folded header', () => lines('authorization: Bearer', ` ${forge.token()}`)],
    ['with a NUL', () => lines(`authorization: Bearer ${forge.token()}\0`)],
    ['in Proxy-Authorization', () => lines(`proxy-authorization: Bearer ${forge.token()}`)],
    ['in X-Authorization', () => lines(`x-authorization: Bearer ${forge.token()}`)],
    ['in a cookie', () => lines(`cookie: access_token=${forge.token()}`)],
    ['in a name with a space', () => lines(`authorization : Bearer ${forge.token()}`)],
    ['as a signed context', () => lines(`meridian-context: ${forge.token()}`)],
    ['in the query', () => compose('GET', `/v1/things/1?access_token=${forge.token()}`)],
    ['in the path', () => compose('GET', `/v1/things/1;token=${forge.token()}`)],
    ['beyond the headers', () => lines(`authorization: Bearer ${'A'.repeat(40_000)}`)],
    [
      'in a body',
      () =>
        compose(
          'PUT',
          '/v1/things/1/tags',
          { 'content-type': 'application/x-www-form-urlencoded' },
          `access_token=${forge.token()}`,
        ),
    ],
  ];

  test.each(ATTACKS)('%s', async (_name, bytes) => {
    const answer = await raw(bytes());
    expect(reached).toEqual([]);
    expectProblem(answer);
    expect([400, 401, 415, 431]).toContain(answer.status);
  });
});
