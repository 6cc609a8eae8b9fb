import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ERROR_REASONS, errorWithReason } from '@meridian/kit/rpc/error-details.ts';
import type { ProblemName } from './problem/catalogue.ts';
import { expectProblem } from './testing/expect-problem.ts';
import { GatewayWorld, failure } from './testing/gateway-world.ts';
import type { TestGateway } from './testing/gateway-world.ts';
import type { RawResponse } from './testing/raw-client.ts';

type Headers = Readonly<Record<string, string>>;

let world: GatewayWorld;
let gateway: TestGateway;
/** The thing as the service has it, and what it was asked. */
let version = 1;
let asked: string[] = [];

beforeAll(async () => {
  world = await GatewayWorld.create();
  world.handlers['getThing'] = () => ({ thing: { etag: `v${version}` } });
  world.handlers['listThings'] = () => ({ things: [] });
  world.handlers['updateThing'] = ({ etag, thingId }) => {
    asked.push(String(etag));
    if (thingId !== '1') throw failure('NOT_FOUND', 'There is no such thing');
    if (etag !== '' && etag !== `v${version}`) {
      throw errorWithReason('ABORTED', ERROR_REASONS.etagMismatch, 'The thing has changed');
    }
    version += 1;
    return { etag: `v${version}` };
  };
  for (const name of ['createThing', 'deleteThing', 'setTags', 'archiveThing']) {
    world.handlers[name] = () => {
      asked.push(name);
      return {};
    };
  }
  gateway = await world.startGateway([(await world.startThings()).port]);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  version = 7;
  asked = [];
});

const send = (verb: string, path: string, headers: Headers, body = ''): Promise<RawResponse> =>
  world.request(
    gateway,
    verb,
    path,
    body === '' ? headers : { 'content-type': 'application/json', ...headers },
    body,
  );

const update = (headers: Headers, body = '{"name":"n"}', id = '1'): Promise<RawResponse> =>
  send('PATCH', `/v1/things/${id}`, headers, body);

describe('a change under If-Match', () => {
  test.each([
    ['"v7"', ['v7']],
    ['"v6", "v7"', ['v6', 'v7']],
    [',, "v6" ,"v7", "v8",', ['v6', 'v7']],
    ['"v7", "v7"', ['v7']],
    ['W/"v7", "v7"', ['W/"v7"', 'v7']],
    ['*', ['']],
  ])('is made if the version is listed: %s', async (tags, expected) => {
    const answer = await update({ 'if-match': tags });
    expect([answer.status, answer.headers['etag']]).toEqual([200, '"v8"']);
    expect(asked).toEqual(expected);
  });

  test.each(['"v6"', '"v6", "v5"', 'W/"v7"', '"V7"', '""', '"W/v7"', '"a,v7"'])(
    'is not made if it is not, and never by a weak tag: %s',
    async (tags) => {
      expectProblem(await update({ 'if-match': tags }), 'etag-mismatch');
      expect(version).toBe(7);
    },
  );

  test.each([
    'v7',
    '',
    '"v7',
    '"v7" "v8"',
    '"v7 "',
    '"v7"; x',
    '*, "v7"',
    'w/"v7"',
    Array.from({ length: 9 }, (_, tag) => `"t${tag}"`).join(),
  ])('is not made if that cannot be read: %s', async (tags) => {
    expectProblem(await update({ 'if-match': tags }), 'malformed-request');
    expect(asked).toEqual([]);
  });

  test('may name the version in the request as well, if it is the same', async () => {
    expect((await update({ 'if-match': '"v6", "v7"' }, '{"etag":"v7"}')).status).toBe(200);
    expect((await update({ 'if-match': '*' }, '{"etag":"v8"}')).status).toBe(200);
    const answer = await update({ 'if-match': '"v9"' }, '{"etag":"v7"}');
    expectProblem(answer, 'etag-mismatch');
    expect(answer.body).toContain('cannot be what both If-Match and etag say');
    expect(version).toBe(9);
  });

  test('is refused for what is missing or wrong before it is for its version', async () => {
    expectProblem(await update({ 'if-match': '"v6"' }, '{"name":"n"}', '2'), 'not-found');
    expectProblem(await update({ 'if-match': 'W/"v7"' }, '{"name":"n"}', '2'), 'not-found');
    expectProblem(await update({ 'if-match': '"v6"' }, '{"nope":1}'), 'invalid-argument');
  });

  test('finds its first answer again under its idempotency key, whichever tag was met', async () => {
    const keyed = world.handlers['updateThing'];
    world.handlers['updateThing'] = ({ etag }) => {
      if (etag === 'v6') {
        const { idempotencyKeyReused } = ERROR_REASONS;
        throw errorWithReason('FAILED_PRECONDITION', idempotencyKeyReused, 'another request');
      }
      return { etag: 'v8' };
    };
    const answer = await update({ 'if-match': '"v6", "v7"', 'idempotency-key': '"k"' });
    world.handlers['updateThing'] = keyed ?? (() => ({}));
    expect([answer.status, answer.headers['etag']]).toEqual([200, '"v8"']);
  });

  test.each([
    ['POST', '/v1/things', '{}'],
    ['PUT', '/v1/things/1/tags', '["a"]'],
    ['POST', '/v1/things/1:archive', '{}'],
    ['DELETE', '/v1/things/1', ''],
  ])('is not made where nothing has a version: %s %s', async (verb, path, body) => {
    expectProblem(await send(verb, path, { 'if-match': '"v7"' }, body), 'etag-mismatch');
    expect(asked).toEqual([]);
    expect((await send(verb, path, { 'if-match': '*' }, body)).status).toBe(200);
  });
});

describe('a change under another condition', () => {
  const date = 'Thu, 01 Jan 1970 00:00:00 GMT';
  test.each<[string, Headers, ProblemName]>([
    ['If-None-Match', { 'if-none-match': '"v6"' }, 'etag-mismatch'],
    ['If-None-Match: *', { 'if-none-match': '*' }, 'etag-mismatch'],
    ['a part of a body', { 'content-range': 'bytes 0-2/10' }, 'malformed-request'],
    ['a compressed body', { 'content-encoding': 'gzip' }, 'unsupported-media-type'],
    ['an expectation', { expect: 'miracles' }, 'expectation-failed'],
    ['no coding that there is', { 'accept-encoding': 'gzip, *;q=0' }, 'not-acceptable'],
  ])('is refused: %s', async (_name, headers, problem) => {
    expectProblem(await update(headers), problem);
    expect(asked).toEqual([]);
  });

  test.each<[string, Headers]>([
    ['If-Modified-Since', { 'if-modified-since': date }],
    ['If-Unmodified-Since, as nothing has a date', { 'if-unmodified-since': date }],
    ['If-Unmodified-Since beside If-Match', { 'if-unmodified-since': date, 'if-match': '"v7"' }],
    ['Range', { range: 'bytes=0-2', 'if-range': '"v6"' }],
    ['Prefer', { prefer: 'return=minimal' }],
    ['Accept-Charset', { 'accept-charset': 'latin1' }],
    ['TE', { te: 'trailers' }],
  ])('is made where HTTP says that it is ignored or may be: %s', async (_name, headers) => {
    expect((await update(headers)).status).toBe(200);
    expect(version).toBe(8);
  });
});

describe('a read under a condition', () => {
  const read = (headers: Headers): Promise<RawResponse> => send('GET', '/v1/things/1', headers);

  test.each([
    ['"v7"', 200],
    ['*', 200],
    ['"v6", "v7"', 200],
    ['"v6"', 412],
    ['W/"v7"', 412],
    ['v7', 400],
  ])('If-Match: %s is answered %i', async (tags, status) => {
    expect((await read({ 'if-match': tags })).status).toBe(status);
  });

  test('is held against If-Match before If-None-Match', async () => {
    const tags = { 'if-match': '"v6"', 'if-none-match': '"v7"' };
    expectProblem(await read(tags), 'etag-mismatch');
    expect((await read({ ...tags, 'if-match': '"v7"' })).status).toBe(304);
  });

  test.each(['/v1/things', '/openapi.json', '/healthz'])(
    'has no version to match at %s',
    async (path) => {
      expectProblem(await send('GET', path, { 'if-match': '"v7"' }), 'etag-mismatch');
      expect((await send('GET', path, { 'if-match': '*' })).status).toBe(200);
    },
  );

  test.each(['OPTIONS', 'HEAD'])('is nothing to %s of what has no body to change', async (verb) => {
    const answer = await send(verb, '/v1/things/1', { 'if-match': '"v7"' });
    expect(answer.status).toBeLessThan(300);
  });
});
