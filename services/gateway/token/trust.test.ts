import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { expectProblem } from '../testing/expect-problem.ts';
import { GatewayWorld } from '../testing/gateway-world.ts';
import type { TestGateway } from '../testing/gateway-world.ts';
import { IdentityStandIn } from '../testing/identity-stand-in.ts';
import type { RawResponse } from '../testing/raw-client.ts';
import { TokenForge } from '../testing/token-forge.ts';
import type { Trust } from './identity-trust.ts';

let world: GatewayWorld;
let things: { readonly port: number };

beforeAll(async () => {
  world = await GatewayWorld.create();
  world.access['getThing'] = { actors: ['user'], roles: [] };
  world.handlers['getThing'] = ({ thingId }) => ({ thing: { thingId } });
  world.handlers['listThings'] = () => ({ things: [] });
  things = await world.startThings();
}, 60_000);
afterAll(async () => {
  await world.close();
});

let forge: TokenForge;
let identity: IdentityStandIn;
beforeEach(() => {
  forge = new TokenForge();
  identity = new IdentityStandIn([forge.key.jwk]);
});

/** A gateway that asks the stand-in. */
async function start(trust: Partial<Trust>): Promise<TestGateway> {
  const { port } = await identity.start(world.kit);
  return await world.startGateway([things.port], {}, {}, { port, trust });
}

const get = (gateway: TestGateway, token: string): Promise<RawResponse> =>
  world.request(gateway, 'GET', '/v1/things/1', { authorization: `Bearer ${token}` });

const becomes = (gateway: TestGateway, token: string, status: number): Promise<void> =>
  eventually(async () => expect((await get(gateway, token)).status).toBe(status));

/** Keys are asked for at the start, and not again in the background. */
const IDLE = { keyRefreshMs: 600_000 };

describe('trust in identity', () => {
  test('ends with the revocation of a session, for tokens that were good before too', async () => {
    const gateway = await start({ revocationPollMs: 20 });
    const [gone, kept] = [forge.withClaims({ sid: 'gone' }), forge.withClaims({ sid: 'kept' })];
    await becomes(gateway, gone, 200);
    // More than one page of them.
    identity.revoked.push('s1', 's2', 's3', 's4', 'gone');
    await becomes(gateway, gone, 401);
    expect((await get(gateway, forge.withClaims({ sid: 'gone' }))).status).toBe(401);
    expect((await get(gateway, kept)).status).toBe(200);
  });

  test('knows at the start what was revoked before', async () => {
    identity.revoked.push('s1', 's2', 'gone');
    const gateway = await start({ revocationPollMs: 20 });
    await becomes(gateway, forge.token(), 200);
    expectProblem(await get(gateway, forge.withClaims({ sid: 'gone' })), 'unauthenticated');
  });

  test('finds a new key at once', async () => {
    const gateway = await start({ ...IDLE, unknownKeyIntervalMs: 0 });
    await becomes(gateway, forge.token(), 200);
    const next = new TokenForge();
    identity.keys = [forge.key.jwk, next.key.jwk];
    expect((await get(gateway, next.token())).status).toBe(200);
  });

  test('ends with its key, for tokens that were good before too', async () => {
    const gateway = await start({ keyRefreshMs: 20 });
    const token = forge.token();
    await becomes(gateway, token, 200);
    identity.keys = [];
    await becomes(gateway, token, 401);
  });

  test('does not ask at the pace of who invents keys', async () => {
    const gateway = await start({ ...IDLE, unknownKeyIntervalMs: 600_000 });
    await becomes(gateway, forge.token(), 200);
    const before = identity.calls.listKeys;
    const strangers = Array.from({ length: 20 }, () => new TokenForge().token());
    const answers = await Promise.all(strangers.map((token) => get(gateway, token)));
    expect(answers.every(({ status }) => status === 401)).toBe(true);
    expect(identity.calls.listKeys - before).toBe(0);
  });

  test('goes on while identity is away, but not without end', async () => {
    const gateway = await start({ revocationPollMs: 20, revocationMaxAgeMs: 4_000 });
    const token = forge.token();
    await becomes(gateway, token, 200);
    identity.away = true;
    // A token that was never seen, under a key that is known.
    expect((await get(gateway, forge.token())).status).toBe(200);
    await becomes(gateway, token, 503);
    const answer = await get(gateway, forge.token());
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    // A call that needs no token is served, and one without a token that could be good is told so.
    expect((await world.request(gateway, 'GET', '/v1/things')).status).toBe(200);
    expect((await get(gateway, 'token')).status).toBe(401);
    identity.away = false;
    await becomes(gateway, token, 200);
  });

  test('starts when identity does', async () => {
    identity.away = true;
    const gateway = await start({ revocationPollMs: 20, unknownKeyIntervalMs: 0 });
    expect((await get(gateway, forge.token())).status).toBe(503);
    identity.away = false;
    await becomes(gateway, forge.token(), 200);
  });

  test('does not take keys that are not as agreed', async () => {
    const { jwk } = forge.key;
    const other = new TokenForge().key.jwk;
    identity.keys = [
      { ...jwk, use: 'enc' },
      { ...jwk, alg: 'ES256' },
      { ...jwk, kty: 'RSA' },
      { ...jwk, crv: 'X25519' },
      { ...other, kid: jwk.kid },
      { ...jwk, x: 'AAAA' },
    ];
    const gateway = await start({ revocationPollMs: 20 });
    await eventually(() => {
      const said = gateway.lines.filter(({ message }) => String(message).includes('not as agreed'));
      expect(said.length).toBeGreaterThanOrEqual(6);
    });
    expect((await get(gateway, forge.token())).status).toBe(401);
  });

  test('is not needed where there is no identity: no token is good, and nobody needs one', async () => {
    const gateway = await world.startGateway([things.port]);
    expect((await get(gateway, forge.token())).status).toBe(401);
    expect((await world.request(gateway, 'GET', '/v1/things')).status).toBe(200);
  });
});
