import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { RETRYING } from '@meridian/kit/testing/world.ts';
import { GatewayWorld, failure } from './testing/gateway-world.ts';
import type { TestGateway } from './testing/gateway-world.ts';
import { compose } from './testing/raw-client.ts';

let world: GatewayWorld;
let things: { readonly port: number };
let gateway: TestGateway;

beforeAll(async () => {
  world = await GatewayWorld.create();
  things = await world.startThings();
  gateway = await world.startGateway([things.port], { callTimeoutMs: 400 });
});
afterAll(async () => {
  await world.close();
});
beforeEach(() => {
  world.handlers['getThing'] = ({ thingId }) => ({ thing: { thingId, name: 'n', i64: 5n } });
  world.handlers['listThings'] = () => ({ things: [] });
  world.handlers['createThing'] = ({ thing }) => thing;
});

describe('a failure behind the gateway', () => {
  test.each([
    // The client is still there: it is the service that leaves.
    ['CANCELLED', 503, 'unavailable'],
    ['UNKNOWN', 500, 'internal'],
    ['INVALID_ARGUMENT', 400, 'invalid-argument'],
    ['DEADLINE_EXCEEDED', 504, 'deadline-exceeded'],
    ['NOT_FOUND', 404, 'not-found'],
    ['ALREADY_EXISTS', 409, 'already-exists'],
    ['PERMISSION_DENIED', 403, 'permission-denied'],
    ['RESOURCE_EXHAUSTED', 429, 'resource-exhausted'],
    ['FAILED_PRECONDITION', 409, 'failed-precondition'],
    ['ABORTED', 409, 'aborted'],
    ['OUT_OF_RANGE', 400, 'out-of-range'],
    ['UNIMPLEMENTED', 501, 'unimplemented'],
    ['INTERNAL', 500, 'internal'],
    ['UNAVAILABLE', 503, 'unavailable'],
    ['DATA_LOSS', 500, 'internal'],
    ['UNAUTHENTICATED', 401, 'unauthenticated'],
  ] as const)('%s is %d %s', async (status, expected, name) => {
    world.handlers['createThing'] = () => {
      throw failure(status, 'secret-or-not');
    };
    const json = { 'content-type': 'application/json' };
    const answer = await world.request(gateway, 'POST', '/v1/things', json, '{}');
    expect([answer.status, answer.headers['content-type']]).toEqual([
      expected,
      'application/problem+json',
    ]);
    const problem = JSON.parse(answer.body) as { type: string; detail: string; requestId: string };
    expect(problem.type).toBe(`https://meridian.example/problems/${name}`);
    expect(problem.requestId).toBe(answer.headers['x-request-id']);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['retry-after']).toBe(
      [429, 503, 504].includes(expected) ? '1' : undefined,
    );
    const told = [400, 404, 409].includes(expected);
    expect(problem.detail.includes('secret-or-not')).toBe(told);
  });

  test('an exception of the service tells the caller nothing', async () => {
    world.handlers['getThing'] = () => {
      throw new Error('password is hunter2');
    };
    const answer = await world.request(gateway, 'GET', '/v1/things/1');
    expect(answer.status).toBe(500);
    expect(answer.body).not.toMatch(/hunter2|\.ts|node_modules/);
  });

  test('a service that does not answer is 504 within the deadline, and learns of it', async () => {
    const stopped = Promise.withResolvers<true>();
    world.handlers['getThing'] = async (_request, { signal }) => {
      await once(signal, 'abort');
      stopped.resolve(true);
      return {};
    };
    const answer = await world.request(gateway, 'GET', '/v1/things/1');
    expect(answer.status).toBe(504);
    expect(await stopped.promise).toBe(true);
  });

  test('a client that goes away cancels the call', async () => {
    const patient = await world.startGateway([things.port], { callTimeoutMs: 60_000 });
    const started = Promise.withResolvers<true>();
    const stopped = Promise.withResolvers<true>();
    world.handlers['getThing'] = async (_request, { signal }) => {
      started.resolve(true);
      await once(signal, 'abort');
      stopped.resolve(true);
      return {};
    };
    const socket = connect({ ...world.edge(patient), checkServerIdentity: () => undefined });
    socket.write(compose('GET', '/v1/things/1'));
    await started.promise;
    socket.destroy();
    expect(await stopped.promise).toBe(true);
    await eventually(() => {
      expect(patient.lines).toContainEqual(
        expect.objectContaining({ message: 'request', status: 499 }),
      );
    });
  });

  test('a service that cannot be reached is 503 with Retry-After and without its address', async () => {
    const lonely = await world.startGateway([1]);
    const answer = await world.request(lonely, 'GET', '/v1/things/1');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(answer.body).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/);
  });

  test('a write whose replica goes is sent to another if its key makes that harmless', async () => {
    const retrying = await world.startGateway([things.port], {}, RETRYING);
    const keys: unknown[] = [];
    world.handlers['createThing'] = ({ thing }, { metadata }) => {
      keys.push(metadata.get('idempotency-key')[0]);
      if (keys.length % 2 === 1) throw failure('UNAVAILABLE', 'leaving');
      return thing;
    };
    const json = { 'content-type': 'application/json' };
    const write = (headers: Record<string, string>) =>
      world.request(retrying, 'POST', '/v1/things', { ...json, ...headers }, '{"name":"n"}');
    expect((await write({ 'idempotency-key': '"k"' })).status).toBe(200);
    expect(keys).toEqual(['k', 'k']);
    const without = await write({});
    expect([without.status, without.headers['retry-after']]).toEqual([503, '1']);
    expect(without.body).toContain('send it again with the same Idempotency-Key');
    expect(keys).toHaveLength(3);
  });

  test('too many requests at once are 503, as no caller is to blame', async () => {
    const small = await world.startGateway(
      [things.port],
      {},
      { limits: { concurrency: 1, queueDepth: 0 } },
    );
    const started = Promise.withResolvers<true>();
    const release = Promise.withResolvers<true>();
    world.handlers['getThing'] = async () => {
      started.resolve(true);
      await release.promise;
      return { thing: {} };
    };
    const first = world.request(small, 'GET', '/v1/things/1');
    await started.promise;
    const refused = await world.request(small, 'GET', '/v1/things/2');
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    release.resolve(true);
    expect((await first).status).toBe(200);
  });
});
