import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProblemName } from './problem/catalogue.ts';
import { expectProblem } from './testing/expect-problem.ts';
import { GatewayWorld } from './testing/gateway-world.ts';
import type { TestGateway } from './testing/gateway-world.ts';
import { compose, sendRaw } from './testing/raw-client.ts';

let world: GatewayWorld;
let gateway: TestGateway;

beforeAll(async () => {
  world = await GatewayWorld.create();
  const things = await world.startThings();
  const echo = (thing: unknown): unknown => thing;
  world.handlers['getThing'] = ({ thingId }) => ({ thing: { thingId } });
  world.handlers['listThings'] = () => ({});
  world.handlers['createThing'] = ({ thing }) => echo(thing);
  for (const name of ['updateThing', 'getFile', 'getLatestThing']) world.handlers[name] = echo;
  gateway = await world.startGateway([things.port], {
    headersTimeoutMs: 300,
    requestTimeoutMs: 400,
    timeoutCheckIntervalMs: 50,
  });
});
afterAll(async () => {
  await world.close();
});

const host = 'Host: localhost\r\n';
const close = 'Connection: close\r\n';
const post = 'POST /v1/things HTTP/1.1\r\n';
const type = 'Content-Type: application/json\r\n';

describe('a target that does not fit', () => {
  test.each([
    ['/nowhere', 'route-not-found'],
    ['/v1/things/', 'route-not-found'],
    ['//v1/things', 'route-not-found'],
    ['/v1/../v1/things', 'route-not-found'],
    ['/v1/%74hings', 'route-not-found'],
    ['/v1/things/a/b/c', 'route-not-found'],
    ['/openapi.json/', 'route-not-found'],
    ['/%00', 'route-not-found'],
    ['/v1/things/%', 'malformed-url'],
    ['/v1/things/%zz', 'malformed-url'],
    ['/v1/things/%C3%28', 'malformed-url'],
    ['/v1/things/%ED%A0%80', 'malformed-url'],
    ['/%ff', 'malformed-url'],
    ['/v1/things#x', 'malformed-url'],
    ['/v1/things"', 'malformed-url'],
    ['*', 'malformed-url'],
    ['http://elsewhere.example/v1/things', 'malformed-url'],
    ['/v1/things/a%00b', 'invalid-argument'],
    ['/v1/things?page_size=ten', 'invalid-argument'],
    ['/v1/things?page_size=1&page_size=2', 'invalid-argument'],
    ['/v1/things?unknown=1', 'invalid-argument'],
    ['/v1/things?__proto__=1', 'invalid-argument'],
    ['/v1/things?filter.__proto__.name=1', 'invalid-argument'],
    ['/v1/things?page_token=%ff', 'invalid-argument'],
    ['/v1/things?page_token=%00', 'invalid-argument'],
    ['/v1/things?%', 'invalid-argument'],
    ['/v1/things?page_size[]=1', 'invalid-argument'],
    [`/v1/things?page_token=${'a'.repeat(9_000)}`, 'uri-too-long'],
    [`/${'a'.repeat(9_000)}`, 'uri-too-long'],
    [`/${'a/'.repeat(4_500)}`, 'uri-too-long'],
    [`/v1/things?${'a=1&'.repeat(1_000)}`, 'invalid-argument'],
  ] as const)('%.60s is %s', async (target, problem) => {
    expectProblem(await world.request(gateway, 'GET', target), problem);
  });

  test('a URL beyond what is read at all is refused as well', async () => {
    expectProblem(
      await world.request(gateway, 'GET', `/${'a'.repeat(60_000)}`),
      'headers-too-large',
    );
  });
});

describe('a verb or header that does not fit', () => {
  test.each([
    ['DELETE', '/v1/things', 'GET, HEAD, OPTIONS, POST'],
    ['PUT', '/v1/things/1', 'DELETE, GET, HEAD, OPTIONS, PATCH'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
    ['TRACE', '/v1/things', 'GET, HEAD, OPTIONS, POST'],
    ['PROPFIND', '/v1/things', 'GET, HEAD, OPTIONS, POST'],
    ['QUERY', '/v1/things', 'GET, HEAD, OPTIONS, POST'],
  ])('%s %s is 405 with Allow', async (verb, target, allow) => {
    const answer = await world.request(gateway, verb, target);
    expectProblem(answer, 'method-not-allowed');
    expect(answer.headers['allow']).toBe(allow);
  });

  test.each([
    ['accept', 'image/png', 'not-acceptable'],
    ['accept', 'application/json;q=0', 'not-acceptable'],
    ['accept', ';;', 'not-acceptable'],
    ['expect', 'miracles', 'expectation-failed'],
    ['x-large', 'a'.repeat(40_000), 'headers-too-large'],
  ] as const)('%s: %.30s is %s', async (name, value, problem) => {
    expectProblem(await world.request(gateway, 'GET', '/v1/things', { [name]: value }), problem);
  });

  test('more than 100 headers are refused', async () => {
    const headers = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, '1']));
    expectProblem(await world.request(gateway, 'GET', '/v1/things', headers), 'headers-too-large');
  });
});

describe('bytes that are not a request', () => {
  const chunked = 'Transfer-Encoding: chunked\r\n';
  const cases: readonly (readonly [string, string | Buffer, ProblemName])[] = [
    ['nonsense', 'hello\r\n\r\n', 'malformed-request'],
    ['an unknown method', `BREW /v1/things HTTP/1.1\r\n${host}\r\n`, 'method-unknown'],
    ['a method in lower case', `get /v1/things HTTP/1.1\r\n${host}\r\n`, 'method-unknown'],
    ['a method that cannot be', `G@T /v1/things HTTP/1.1\r\n${host}\r\n`, 'malformed-request'],
    [
      'a TLS hello inside TLS',
      Buffer.from([0x16, 0x03, 0x01, 0, 5, 1, 0, 0, 1, 0]),
      'malformed-request',
    ],
    ['HTTP/2 without being asked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'malformed-request'],
    ['HTTP/9', `GET / HTTP/9.9\r\n${host}\r\n`, 'malformed-request'],
    ['no Host', `GET / HTTP/1.1\r\n${close}\r\n`, 'malformed-request'],
    ['two Hosts', `GET / HTTP/1.1\r\n${host}Host: other\r\n${close}\r\n`, 'malformed-request'],
    ['a space before the colon', `GET / HTTP/1.1\r\n${host}X : 1\r\n\r\n`, 'malformed-request'],
    ['a folded header', `GET / HTTP/1.1\r\n${host}X: 1\r\n 2\r\n${close}\r\n`, 'malformed-request'],
    ['a NUL in a header', `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, 'malformed-request'],
    ['a bare CR in a header', `GET / HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`, 'malformed-request'],
    [
      'a raw byte in the URL',
      Buffer.from(`GET /\xff HTTP/1.1\r\n${host}\r\n`, 'latin1'),
      'malformed-request',
    ],
    [
      'length and chunked',
      `${post}${host}${type}Content-Length: 2\r\n${chunked}\r\n0\r\n\r\n`,
      'malformed-request',
    ],
    [
      'two lengths',
      `${post}${host}${type}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}}`,
      'malformed-request',
    ],
    [
      'a length that is not a number',
      `${post}${host}${type}Content-Length: two\r\n\r\n{}`,
      'malformed-request',
    ],
    ['a negative length', `${post}${host}${type}Content-Length: -1\r\n\r\n`, 'malformed-request'],
    ['a signed length', `${post}${host}${type}Content-Length: +2\r\n\r\n{}`, 'malformed-request'],
    [
      'chunked twice',
      `${post}${host}${type}${chunked}${chunked}\r\n0\r\n\r\n`,
      'malformed-request',
    ],
    [
      'an obfuscated encoding',
      `${post}${host}${type}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      'malformed-request',
    ],
    [
      'chunked not last',
      `${post}${host}${type}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
      'malformed-request',
    ],
    [
      'a wrong chunk size',
      `${post}${host}${type}${chunked}\r\nzz\r\n{}\r\n0\r\n\r\n`,
      'malformed-request',
    ],
    [
      'a chunk longer than said',
      `${post}${host}${type}${chunked}\r\n1\r\n{}}}\r\n0\r\n\r\n`,
      'malformed-request',
    ],
    [
      'a huge chunk size',
      `${post}${host}${type}${chunked}\r\nffffffffffffffff1\r\n`,
      'malformed-request',
    ],
    [
      'a long chunk extension',
      `${post}${host}${type}${chunked}\r\n1;${'x'.repeat(40_000)}\r\n{\r\n`,
      'content-too-large',
    ],
    [
      'too many chunks',
      `${post}${host}${type}${chunked}${close}\r\n${`4000\r\n${' '.repeat(16_384)}\r\n`.repeat(65)}0\r\n\r\n`,
      'content-too-large',
    ],
    [
      'a body on GET',
      `GET /v1/things HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\n{}`,
      'malformed-request',
    ],
    [
      'a chunked body on GET',
      `GET /v1/things HTTP/1.1\r\n${host}${chunked}\r\n2\r\n{}\r\n0\r\n\r\n`,
      'malformed-request',
    ],
    [
      'a request hidden in a body',
      `GET /v1/things HTTP/1.1\r\n${host}Content-Length: 40\r\n\r\nGET /admin HTTP/1.1\r\n${host}\r\n`,
      'malformed-request',
    ],
    ['CONNECT', `CONNECT elsewhere.example:443 HTTP/1.1\r\n${host}\r\n`, 'method-not-allowed'],
    ['headers that never end', `GET / HTTP/1.1\r\n${host}X: 1\r\n`, 'request-timeout'],
    [
      'a body that never ends',
      `${post}${host}${type}Content-Length: 20\r\n\r\n{`,
      'request-timeout',
    ],
    [
      'an announced length beyond the limit',
      `${post}${host}${type}Content-Length: 99999999\r\n\r\n`,
      'content-too-large',
    ],
  ];
  test.each(cases)('%s: is refused', async (_name, bytes, problem) => {
    expectProblem(await sendRaw(world.edge(gateway), [bytes]), problem);
  });

  test('an upgrade is not taken up', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const socket = connect({ ...world.edge(gateway), checkServerIdentity: () => undefined });
    socket.write(compose('GET', '/v1/things', headers));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
  });

  test('a connection without a request is answered in the end', async () => {
    expectProblem(await sendRaw(world.edge(gateway), []), 'request-timeout');
  });

  test('what follows a refused request on its connection is not served', async () => {
    const bytes = `GET /v1/things HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nGET /v1/things/7 HTTP/1.1\r\n${host}\r\n`;
    const answer = await sendRaw(world.edge(gateway), [bytes]);
    expectProblem(answer, 'malformed-request');
    expect(answer.body).not.toContain('HTTP/1.1 200');
  });
});
