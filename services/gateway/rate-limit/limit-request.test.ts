import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectProblem } from '../testing/expect-problem.ts';
import { GatewayWorld, RATE_LIMITS } from '../testing/gateway-world.ts';
import { compose, sendRaw } from '../testing/raw-client.ts';
import { ANONYMOUS as ANONYMOUS_CALLER } from '../token/caller.ts';
import { subjectOf } from './limit-request.ts';

/** Some roles have a limit of their own. */
const LIMITS = { ...RATE_LIMITS, auditor: { requests: 1, windowSeconds: 60, burst: 1 } };

const ANONYMOUS = { requests: 10, windowSeconds: 36_000, burst: 2 };

describe('a caller', () => {
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.create();
  });
  afterAll(() => world.close());

  test('without a token is the address that the edge has appended, whatever it says itself', () => {
    const headers = { 'x-forwarded-for': '10.0.0.1, 192.0.2.7' };
    const anonymous = { key: 'address 192.0.2.7', class: 'anonymous' };
    expect(subjectOf({ headers, caller: null }, RATE_LIMITS)).toEqual(anonymous);
    expect(subjectOf({ headers, caller: ANONYMOUS_CALLER }, RATE_LIMITS)).toEqual(anonymous);
  });

  test.each([
    ['customer', ['customer']],
    ['merchant', ['customer', 'merchant']],
    // The widest of those with a limit of their own.
    ['merchant', ['merchant', 'auditor', 'support']],
    ['customer', ['support', 'unverified', 'constructor']],
  ])(
    'with a token is its subject, wherever it asks from, of the class %s by its roles',
    (name, roles) => {
      const caller = { subject: 'account-1', roles };
      const headers = { 'x-forwarded-for': '192.0.2.7' };
      expect(subjectOf({ headers, caller }, LIMITS)).toEqual({
        key: 'subject account-1',
        class: name,
      });
    },
  );

  test('that asks too often is told when to come back, and others are not held up', async () => {
    const { port } = await world.startThings();
    const rateLimits = { ...RATE_LIMITS, anonymous: ANONYMOUS };
    const gateway = await world.startGateway([port], {}, { rateLimits });
    const path = world.fixture.routes.bindings.find(({ verb }) => verb === 'GET')?.template.source;
    const ask = (address: string) =>
      world.request(gateway, 'GET', path ?? '/', { 'x-forwarded-for': address });
    const answers = [await ask('192.0.2.1'), await ask('192.0.2.1'), await ask('192.0.2.1')];
    const limited = answers[2];
    if (limited === undefined) throw new Error('three were asked for');
    expect(answers.map(({ headers }) => headers['ratelimit-policy'])).toEqual(
      Array.from({ length: 3 }, () => '"anonymous";q=2;w=7200'),
    );
    expect(answers[0]?.headers['ratelimit']).toBe('"anonymous";r=1;t=3600');
    expectProblem(limited, 'resource-exhausted');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(3_500);
    expect((await ask('192.0.2.2')).status).not.toBe(429);
  });

  test('that asks too often has no body read', async () => {
    const { port } = await world.startThings();
    world.handlers['createThing'] = ({ thing }) => thing;
    const rateLimits = { ...RATE_LIMITS, anonymous: ANONYMOUS };
    const gateway = await world.startGateway([port], {}, { rateLimits });
    const json = { 'content-type': 'application/json' };
    const post = (headers: Readonly<Record<string, string>>, body: string) =>
      sendRaw(world.edge(gateway), [compose('POST', '/v1/things', { ...json, ...headers }, body)]);
    expect((await post({}, '{}')).status).toBe(200);
    expect((await post({}, '{}')).status).toBe(200);
    // Announced, and never sent: the server that waits for it answers 408 in the end.
    const limited = await post({ 'content-length': '100000' }, '{');
    expectProblem(limited, 'resource-exhausted');
    expect(limited.headers['connection']).toBe('close');
  });

  test('and may not ask is counted all the same', async () => {
    const { port } = await world.startThings();
    world.access['getThing'] = { actors: ['user'], roles: [] };
    const rateLimits = { ...RATE_LIMITS, anonymous: ANONYMOUS };
    const gateway = await world.startGateway([port], {}, { rateLimits });
    const statuses = [];
    for (let request = 0; request < 3; request += 1) {
      statuses.push((await world.request(gateway, 'GET', '/v1/things/1')).status);
    }
    expect(statuses).toEqual([401, 401, 429]);
  });
});
