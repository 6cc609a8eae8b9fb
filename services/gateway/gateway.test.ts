import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { spiffe } from '@meridian/kit/testing/world.ts';
import { LIMITS } from './http/limits.ts';
import { GatewayWorld, RATE_LIMITS } from './testing/gateway-world.ts';
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

describe('a request through the gateway', () => {
  test('reaches the service and comes back as JSON', async () => {
    const answer = await world.request(gateway, 'GET', '/v1/things/a%20b');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(JSON.parse(answer.body)).toMatchObject({
      thingId: 'a b',
      i64: '5',
      tags: [],
      flag: false,
    });
  });

  test('carries a body to the service', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const answer = await world.request(gateway, 'POST', '/v1/things', headers, '{"name":"€"}');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ name: '€' });
  });

  test('HEAD answers the headers of GET without a body', async () => {
    const answer = await world.request(gateway, 'HEAD', '/v1/things/1');
    expect([answer.status, answer.body]).toEqual([200, '']);
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(0);
  });

  test('OPTIONS names the verbs of a path', async () => {
    const answer = await world.request(gateway, 'OPTIONS', '/v1/things/1');
    expect([answer.status, answer.headers['allow']]).toEqual([
      204,
      'DELETE, GET, HEAD, OPTIONS, PATCH',
    ]);
  });

  test('has security headers, a request id and no server name', async () => {
    const { headers } = await world.request(gateway, 'GET', '/v1/things');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'") as unknown,
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    });
    expect(
      headers['server'] ?? headers['x-powered-by'] ?? headers['server-timing'],
    ).toBeUndefined();
  });

  test('keeps a request id that is fit, and replaces one that is not', async () => {
    const id = async (given: string) =>
      (await world.request(gateway, 'GET', '/v1/things', { 'x-request-id': given })).headers[
        'x-request-id'
      ];
    expect(await id('abc-123.X')).toBe('abc-123.X');
    expect(await id('a b')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await id('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('gives an entity tag, and 304 to a client that has it', async () => {
    world.handlers['getThing'] = () => ({ thing: { thingId: '1', etag: '7-abc' } });
    const first = await world.request(gateway, 'GET', '/v1/things/1');
    expect(first.headers).toMatchObject({ etag: '"7-abc"', 'cache-control': 'private, no-cache' });
    const ask = (tag: string) =>
      world.request(gateway, 'GET', '/v1/things/1', { 'if-none-match': tag });
    const same = await ask('"other", W/"7-abc"');
    expect([same.status, same.body, same.headers['etag']]).toEqual([304, '', '"7-abc"']);
    expect((await ask('*')).status).toBe(304);
    expect((await ask('"7-abd"')).status).toBe(200);
  });
});

describe('a running gateway', () => {
  test('takes a renewed certificate into use without a restart', async () => {
    const renewed = await world.kit.authority.issue({
      uris: [spiffe('gateway')],
      commonName: 'renewed',
    });
    writeIdentity(join(gateway.folder, 'tls'), renewed);
    await eventually(async () => {
      const socket = connect({ ...world.edge(gateway), checkServerIdentity: () => undefined });
      await once(socket, 'secureConnect');
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      expect(subject.CN).toBe('renewed');
    });
    expect((await world.request(gateway, 'GET', '/v1/things')).status).toBe(200);
  });

  test('serves its OpenAPI document, its landing page and its health', async () => {
    const api = JSON.parse((await world.request(gateway, 'GET', '/openapi.json')).body) as {
      paths: object;
    };
    expect(Object.keys(api.paths)).toContain('/v1/things/{thingId}');
    const html = await world.request(gateway, 'GET', '/', { accept: 'text/html' });
    expect([html.headers['content-type'], html.headers['vary']]).toEqual([
      'text/html; charset=utf-8',
      'accept',
    ]);
    expect(html.body).toContain('href="/v1/things"');
    const json = await world.request(gateway, 'GET', '/');
    expect(JSON.parse(json.body)).toMatchObject({ openapi: '/openapi.json' });
    await eventually(async () => {
      expect((await world.request(gateway, 'GET', '/readyz')).status).toBe(200);
    });
    expect((await world.request(gateway, 'GET', '/healthz')).status).toBe(200);
  });

  test('routes and documents only what is bound', async () => {
    const bare = await world.startGateway(undefined);
    expect((await world.request(bare, 'GET', '/v1/things')).status).toBe(404);
    const api = JSON.parse((await world.request(bare, 'GET', '/openapi.json')).body) as {
      paths: object;
    };
    expect(api.paths).toEqual({});
    expect((await world.request(bare, 'GET', '/readyz')).status).toBe(200);
  });

  test('is not ready before it has reached its services', async () => {
    const lonely = await world.startGateway([1]);
    const answer = await world.request(lonely, 'GET', '/readyz');
    expect([answer.status, answer.headers['content-type']]).toEqual([
      503,
      'application/problem+json',
    ]);
    expect(JSON.parse(answer.body)).toMatchObject({
      detail: 'This gateway is not ready: first-contact.',
    });
  });

  test('measures requests by route, and logs them with their trace and without their query', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const path = '/v1/things/3330f1b9-40a1-4308-b11a-ff5388de3302';
    await world.request(gateway, 'GET', `${path}?fail=false`, { traceparent });
    await eventually(() => {
      expect(gateway.lines).toContainEqual(
        expect.objectContaining({
          message: 'request',
          path,
          route: '/v1/things/{thing_id}',
          status: 200,
          trace_id: expect.stringMatching(/^(?!4bf92f3577b34da6a3ce929d0e0e4736)[0-9a-f]{32}$/),
          trace_sampled: true,
        }),
      );
    });
    const metrics = await gateway.runtime.metrics.registry.metrics();
    expect(metrics).toContain('http_route="/v1/things/{thing_id}"');
    expect(metrics).not.toContain('3330f1b9');
  });

  test.each([
    ['has no body', compose('GET', '/nowhere', { connection: 'keep-alive' }), 404],
    [
      'has a body to read and drop',
      compose(
        'POST',
        '/v1/things',
        { connection: 'keep-alive', 'content-type': 'application/json' },
        'x'.repeat(LIMITS.bodyBytes + 1),
      ),
      413,
    ],
  ])(
    'keeps a connection open after the refusal of a request that %s',
    async (_, refused, status) => {
      const socket = connect({ ...world.edge(gateway), checkServerIdentity: () => undefined });
      socket.write(refused);
      const [first] = (await once(socket, 'data')) as [Buffer];
      expect(first.toString()).toMatch(
        new RegExp(`^HTTP/1.1 ${status} [^]*connection: keep-alive`, 'i'),
      );
      socket.write(compose('GET', '/healthz', { connection: 'keep-alive' }));
      const [second] = (await once(socket, 'data')) as [Buffer];
      expect(second.toString()).toMatch(/^HTTP\/1.1 200 /);
      socket.destroy();
    },
  );

  test('closes an old connection after its response', async () => {
    const brief = await world.startGateway([things.port], {}, { connectionMaxAgeSeconds: 1 });
    const socket = connect({ ...world.edge(brief), checkServerIdentity: () => undefined });
    const seen: string[] = [];
    socket.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
    const ask = compose('GET', '/healthz', { connection: 'keep-alive' });
    const closed = once(socket, 'close');
    socket.write(ask);
    const timer = setInterval(() => socket.write(ask), 200);
    await closed;
    clearInterval(timer);
    expect(seen[0]).toMatch(/connection: keep-alive/i);
    expect(seen.at(-1)).toMatch(/connection: close/i);
  });

  test('lets a request in flight finish when it leaves, and accepts no more', async () => {
    const leaving = await world.startGateway([things.port], { callTimeoutMs: 10_000 });
    const started = Promise.withResolvers<true>();
    const release = Promise.withResolvers<true>();
    world.handlers['getThing'] = async () => {
      started.resolve(true);
      await release.promise;
      return { thing: { thingId: 'last' } };
    };
    const inFlight = world.request(leaving, 'GET', '/v1/things/1');
    await started.promise;
    const left = leaving.runtime.stop();
    await eventually(async () => {
      await expect(world.request(leaving, 'GET', '/v1/things')).rejects.toThrow();
    });
    release.resolve(true);
    expect((await inFlight).status).toBe(200);
    await left;
  });

  test('refuses a configuration that names no client', async () => {
    await expect(world.startGateway([things.port], {}, { allow: {} })).rejects.toThrow(
      `Configuration of 'gateway': allow["*"] must name the edge's SPIFFE ID`,
    );
  });

  test('refuses a configuration that does not limit every class of callers', async () => {
    const { customer } = RATE_LIMITS;
    await expect(
      world.startGateway([things.port], {}, { rateLimits: { customer } }),
    ).rejects.toThrow(
      "Configuration of 'gateway': rateLimits must have the classes anonymous, customer, unverified, webhook, got customer; the graph has them in services/gateway/service.ts",
    );
  });

  test('answers an ordinary HTTPS client that keeps its connection', async () => {
    const { ca, cert, key, port } = world.edge(gateway) as Record<'ca' | 'cert' | 'key', string> & {
      port: number;
    };
    const sent = httpsRequest({
      host: '127.0.0.1',
      port,
      ca,
      cert,
      key,
      path: '/v1/things',
      checkServerIdentity: () => undefined,
    }).end();
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
  });
});
