import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { expectProblem } from '../testing/expect-problem.ts';
import { GatewayWorld, RATE_LIMITS } from '../testing/gateway-world.ts';
import type { TestGateway } from '../testing/gateway-world.ts';
import { IdentityStandIn } from '../testing/identity-stand-in.ts';
import type { RawResponse } from '../testing/raw-client.ts';
import { TokenForge } from '../testing/token-forge.ts';
import type { Trust } from '../token/identity-trust.ts';

/** Three refused tokens; the next only after an hour. */
const UNVERIFIED = { requests: 10, windowSeconds: 36_000, burst: 3 };

let world: GatewayWorld;
let things: { readonly port: number };
let forge: TokenForge;
let identity: IdentityStandIn;

beforeAll(async () => {
  world = await GatewayWorld.create();
  world.access['getThing'] = { actors: ['user'], roles: [] };
  world.handlers['getThing'] = ({ thingId }) => ({ thing: { thingId } });
  world.handlers['listThings'] = () => ({ things: [] });
  things = await world.startThings();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  forge = new TokenForge();
  identity = new IdentityStandIn([forge.key.jwk]);
});

async function start(trust: Partial<Trust> = {}): Promise<TestGateway> {
  const { port } = await identity.start(world.kit);
  return await world.startGateway(
    [things.port],
    {},
    { rateLimits: { ...RATE_LIMITS, unverified: UNVERIFIED } },
    { port, trust: { revocationPollMs: 20, ...trust } },
  );
}

/** A gateway that has keys and revocations, as a token from elsewhere has shown. */
async function startReady(trust?: Partial<Trust>): Promise<TestGateway> {
  const gateway = await start(trust);
  await becomes(gateway, '198.51.100.1', forge.token(), 200);
  return gateway;
}

const get = (gateway: TestGateway, address: string, token: string): Promise<RawResponse> =>
  world.request(gateway, 'GET', '/v1/things/1', {
    authorization: `Bearer ${token}`,
    'x-forwarded-for': `10.0.0.1, ${address}`,
  });

const becomes = (
  gateway: TestGateway,
  address: string,
  token: string,
  status: number,
): Promise<void> =>
  eventually(async () => expect((await get(gateway, address, token)).status).toBe(status));

/** The statuses of requests that are sent at once, in order of size. */
async function statusesOf(answers: readonly Promise<RawResponse>[]): Promise<readonly number[]> {
  return (await Promise.all(answers)).map(({ status }) => status).toSorted();
}

describe('an address whose tokens are refused', () => {
  test('is told when to come back, and no token from it is looked at until then', async () => {
    const gateway = await startReady();
    const refused = ['token', new TokenForge().token(), forge.withClaims({ aud: 'x' })];
    for (const token of refused) {
      expectProblem(await get(gateway, '192.0.2.1', token), 'unauthenticated');
    }
    const fresh = forge.token();
    const asked = identity.calls.listKeys;
    for (const token of ['token', new TokenForge().token(), fresh]) {
      const answer = await get(gateway, '192.0.2.1', token);
      expectProblem(answer, 'resource-exhausted');
      expect(answer.headers['ratelimit-policy']).toBe('"unverified";q=3;w=10800');
      expect(answer.headers['ratelimit']).toBe('"unverified";r=0;t=10800');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(3_500);
    }
    expect(identity.calls.listKeys).toBe(asked);
    // The same token is good: it was not looked at.
    expect((await get(gateway, '192.0.2.2', fresh)).status).toBe(200);
  });

  test('still serves clients whose token was verified before, and those that send none', async () => {
    const gateway = await startReady();
    const known = forge.token();
    expect((await get(gateway, '192.0.2.1', known)).status).toBe(200);
    for (let request = 0; request < 4; request += 1) await get(gateway, '192.0.2.1', 'token');
    expectProblem(await get(gateway, '192.0.2.1', forge.token()), 'resource-exhausted');
    const answer = await get(gateway, '192.0.2.1', known);
    expect([answer.status, answer.headers['ratelimit-policy']]).toEqual([
      200,
      expect.stringMatching(/^"customer"/),
    ]);
    const anonymous = { 'x-forwarded-for': '192.0.2.1' };
    expect((await world.request(gateway, 'GET', '/v1/things', anonymous)).status).toBe(200);
  });

  test('has no more looked at by asking all at once', async () => {
    const gateway = await startReady();
    const flood = Array.from({ length: 20 }, () => get(gateway, '192.0.2.1', forge.token('x')));
    expect(await statusesOf(flood)).toEqual([
      ...Array.from({ length: 3 }, () => 401),
      ...Array.from({ length: 17 }, () => 429),
    ]);
  });

  test('is counted for a revoked session too, whose token was good before', async () => {
    const gateway = await startReady();
    const token = forge.withClaims({ sid: 'gone' });
    expect((await get(gateway, '192.0.2.1', token)).status).toBe(200);
    identity.revoked.push('gone');
    await becomes(gateway, '192.0.2.1', token, 401);
    const statuses = [];
    for (let request = 0; request < 3; request += 1) {
      statuses.push((await get(gateway, '192.0.2.1', token)).status);
    }
    expect(statuses).toEqual([401, 401, 429]);
  });
});

describe('a caller whose role does not do', () => {
  test('is counted as itself', async () => {
    world.access['createThing'] = { actors: ['user'], roles: ['admin'] };
    const { port } = await identity.start(world.kit);
    const gateway = await world.startGateway(
      [things.port],
      {},
      { rateLimits: { ...RATE_LIMITS, customer: UNVERIFIED } },
      { port, trust: { revocationPollMs: 20 } },
    );
    await becomes(gateway, '198.51.100.1', forge.withClaims({ sub: 'other' }), 200);
    const token = forge.token();
    const statuses = [];
    for (let request = 0; request < 4; request += 1) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await world.request(gateway, 'POST', '/v1/things', headers, '{"name":"n"}');
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([403, 403, 403, 429]);
  });
});

describe('an address is not counted', () => {
  test('for good tokens, however many are new', async () => {
    const gateway = await startReady();
    for (let request = 0; request < 10; request += 1) {
      expect((await get(gateway, '192.0.2.1', forge.token())).status).toBe(200);
    }
  });

  test('for a token of somebody who may not call', async () => {
    world.access['createThing'] = { actors: ['user'], roles: ['admin'] };
    const gateway = await startReady();
    for (let request = 0; request < 5; request += 1) {
      const headers = {
        authorization: `Bearer ${forge.token()}`,
        'content-type': 'application/json',
      };
      const answer = await world.request(gateway, 'POST', '/v1/things', headers, '{"name":"n"}');
      expectProblem(answer, 'permission-denied');
    }
  });

  test('for tokens that nobody can check now', async () => {
    identity.away = true;
    const gateway = await start({ unknownKeyIntervalMs: 0 });
    for (let request = 0; request < 5; request += 1) {
      expect((await get(gateway, '192.0.2.1', forge.token())).status).toBe(503);
    }
    identity.away = false;
    await becomes(gateway, '192.0.2.1', forge.token(), 200);
  });
});
