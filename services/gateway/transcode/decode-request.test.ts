import { beforeAll, describe, expect, test } from '@jest/globals';
import { toJson } from '@bufbuild/protobuf';
import { loadFixture } from '../testing/fixture.ts';
import type { Fixture } from '../testing/fixture.ts';
import { decodeRequest } from './decode-request.ts';
import { findRoute } from './route-table.ts';
import { InvalidRequest } from './violation.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await loadFixture();
});

/** Decodes `VERB /path?query` with a body, and gives the gRPC request as protobuf JSON. */
function decode(request: string, body = ''): unknown {
  const [verb = '', target = ''] = request.split(' ');
  const [path = '', query = ''] = target.split('?');
  const match = findRoute(fixture.routes, verb, path);
  if (match.kind !== 'found') throw new Error(`${request} is ${match.kind}`);
  const { binding, pathValues } = match;
  return toJson(binding.method.input, decodeRequest(binding, { pathValues, query, body }));
}

/** The places that a request is refused for. */
function refusals(request: string, body = ''): readonly string[] {
  try {
    decode(request, body);
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    return error.violations.map(({ field, detail }) => `${field}: ${detail}`);
  }
  throw new Error(`${request} was accepted`);
}

describe('path and query', () => {
  test.each([
    ['GET /v1/things/7', { thingId: '7' }],
    ['GET /v1/things/a%2Fb?fail=true', { thingId: 'a/b', fail: true }],
    ['GET /v1/things?page_size=5&pageToken=x+y', { pageSize: 5, pageToken: 'x y' }],
    ['GET /v1/things?pageSize=0', {}],
    [
      'GET /v1/things?filter.name=a%26b&filter.origin.year=-3',
      { filter: { name: 'a&b', origin: { year: -3 } } },
    ],
    ['GET /v1/things?filter.i64=9223372036854775807', { filter: { i64: '9223372036854775807' } }],
    ['GET /v1/things?filter.u64=18446744073709551615', { filter: { u64: '18446744073709551615' } }],
    [
      'GET /v1/things?colours=COLOUR_RED&colours=COLOUR_BLUE',
      { colours: ['COLOUR_RED', 'COLOUR_BLUE'] },
    ],
    ['GET /v1/things?numbers=1&numbers=9007199254740993', { numbers: ['1', '9007199254740993'] }],
    ['GET /v1/things?filter.tags=a&filter.tags=b', { filter: { tags: ['a', 'b'] } }],
    ['GET /v1/things?since=2026-01-02T03:04:05.5Z', { since: '2026-01-02T03:04:05.500Z' }],
    ['GET /v1/things?filter.lasts=1.5s', { filter: { lasts: '1.500s' } }],
    ['GET /v1/things?read_mask=name,origin.year', { readMask: 'name,origin.year' }],
    ['GET /v1/things?archived=false&least=0', { archived: false, least: 0 }],
    ['GET /v1/things?weight=1e3', { weight: 1000 }],
    ['GET /v1/things?weight=NaN', { weight: 'NaN' }],
    ['GET /v1/things?cursor=aGk', { cursor: 'aGk=' }],
    ['GET /v1/things?descending=name', { descending: 'name' }],
    ['GET /v1/things?&&page_size=1&', { pageSize: 1 }],
    ['GET /v1/files/a/b%20c', { path: 'a/b c' }],
    ['GET /v1/things/latest', {}],
    ['DELETE /v1/things/latest', { thingId: 'latest' }],
  ])('%s becomes %j', (request, expected) => {
    expect(decode(request)).toEqual(expected);
  });

  test.each([
    ['page_size=abc', /^pageSize: must be an integer, got "abc"/],
    ['page_size=1.5', /^pageSize: must be an integer/],
    ['page_size=0x10', /^pageSize: must be an integer/],
    ['page_size=', /^pageSize: must be an integer, got ""/],
    [
      'page_size=99999999999',
      /^pageSize: must be a whole number from -2147483648 to 2147483647, got "99999999999"/,
    ],
    [
      'filter.i64=9223372036854775808',
      /^filter.i64: must be a whole number from -9223372036854775808 to /,
    ],
    ['page_size=1&page_size=2', /^pageSize: is given in the query already/],
    ['page_size=1&pageSize=1', /^pageSize: is given in the query already/],
    ['nonsense=1', /^nonsense: is not a query parameter/],
    ['filter=1', /^filter: is a message/],
    ['filter.none=1', /^filter.none: is not a query parameter/],
    ['page_size.x=1', /^page_size.x: is not a query parameter/],
    ['since.seconds=1', /^since.seconds: is not a query parameter/],
    ['labels=1', /^labels: is a map/],
    ['labels.a=1', /^labels.a: is not a query parameter/],
    ['__proto__=1', /^__proto__: is not a query parameter/],
    ['constructor.prototype=1', /^constructor.prototype: is not a query parameter/],
    [
      'colours=RED',
      /^colours: must be one of COLOUR_UNSPECIFIED, COLOUR_RED, COLOUR_BLUE, got "RED"/,
    ],
    ['archived=yes', /^archived: must be true or false/],
    ['since=yesterday', /^since: .*RFC 3339/],
    ['since=0000-01-01T00:00:00Z', /^since: /],
    ['filter.lasts=1', /^filter.lasts: /],
    ['weight=1e999', /^weight: /],
    ['cursor=%25%25', /^cursor: /],
    ['page_token=%00', /^pageToken: must not contain NUL/],
    ['a%00b=1', /^ab: is not a query parameter/],
    ['page_token=%ff', /^page_token: .*percent-encoded/],
    ['page_token=%', /^page_token: .*percent-encoded/],
    ['ascending=a&descending=b', /^descending: is given as ascending already/],
    ['filter.person=a&filter.company.year=1', /^filter.company.year: is given as person already/],
  ])('?%s is refused: %s', (query, expected) => {
    const found = refusals(`GET /v1/things?${query}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test('all refusals are told at once', () => {
    expect(refusals('GET /v1/things?page_size=x&weight=y&z=1')).toHaveLength(3);
  });

  test('a field that the path sets cannot be set by the query as well', () => {
    expect(refusals('GET /v1/things/7?thing_id=8')).toEqual([
      'thingId: is given in the path already',
    ]);
  });
});

describe('body', () => {
  test.each([
    ['POST /v1/things?dry_run=true', '{"name":"a"}', { thing: { name: 'a' }, dryRun: true }],
    ['POST /v1/things', '', {}],
    ['POST /v1/shelves/1/boxes/2/things', '{}', { name: 'shelves/1/boxes/2', thing: {} }],
    [
      'PUT /v1/things/7/tags?replace=true',
      '["a","b"]',
      { thingId: '7', tags: ['a', 'b'], replace: true },
    ],
    ['PATCH /v1/things/7', '{"name":"n","thing_id":"7"}', { thingId: '7', name: 'n' }],
    [
      'PUT /v1/origins/PT/things/7',
      '{"origin":{"year":1}}',
      { thingId: '7', origin: { country: 'PT', year: 1 } },
    ],
    ['POST /v1/things/7:archive', '', { thingId: '7' }],
    ['PATCH /v1/things/7', '{"i64":"9007199254740993"}', { thingId: '7', i64: '9007199254740993' }],
    [
      'PATCH /v1/things/7',
      '{"attributes":{"__proto__":"x","constructor":"y"}}',
      { thingId: '7', attributes: JSON.parse('{"__proto__":"x","constructor":"y"}') as unknown },
    ],
    [
      'PATCH /v1/things/7',
      '{"extra":{"a":[1,null]},"nickname":null,"big":"5","maybe":false}',
      { thingId: '7', extra: { a: [1, null] }, big: '5', maybe: false },
    ],
    [
      'PATCH /v1/things/7',
      '{"rank":0,"company":{"year":1}}',
      { thingId: '7', rank: 0, company: { year: 1 } },
    ],
    ['PATCH /v1/things/7', '{"f64":100000000000000000000}', { thingId: '7', f64: 1e20 }],
    ['PATCH /v1/things/7', '{"f64":9007199254740993}', { thingId: '7', f64: 2 ** 53 }],
    ['PATCH /v1/things/7', '{"name":"\\\\u0000"}', { thingId: '7', name: '\\u0000' }],
  ])('%s %s becomes %j', (request, body, expected) => {
    expect(decode(request, body)).toEqual(expected);
  });

  test.each([
    ['{"nope":1}', ['nope: is not a field of the contract']],
    ['{"origin":{"nope":1}}', ['origin.nope: is not a field of the contract']],
    ['{"__proto__":{"a":1}}', ['__proto__: is not a field of the contract']],
    [
      '{"parts":[{},{"origin":{"year":"x"}}]}',
      [/^parts\[1\].origin.year: must be a whole number from .*, got "x"/],
    ],
    [
      '{"i32":"x","flag":1}',
      [/^i32: must be a whole number/, 'flag: must be true or false, got 1'],
    ],
    ['{"colour":"RED"}', [/^colour: must be one of COLOUR_UNSPECIFIED/]],
    [
      '{"i64":9007199254740993}',
      ['i64: is an integer beyond 2^53: write it as a string, or it would be rounded'],
    ],
    ['{"name":"a\\u0000b"}', ['name: must not contain NUL']],
    ['{"name":"\\ud800"}', [/^name: /]],
    ['{"name":"a","name":"b"}', ['name: is given twice']],
    ['{"thingId":"7","thing_id":"7"}', ['thingId: is given twice']],
    ['{"f64":NaN}', []],
    ['{"person":"a","company":{}}', ['company: is given as person already']],
    ['{"thingId":"8"}', ['thingId: differs between the path and the body']],
    ['[]', [': must be an object, got an array']],
    ['null', [': must be an object, got null']],
    ['"x"', [': must be an object, got "x"']],
    ['{"f32":1e40}', [/^f32: /]],
    ['{"madeAt":"2026-13-01T00:00:00Z"}', [/^madeAt: /]],
  ])('%s is refused', (body, expected: readonly (string | RegExp)[]) => {
    const found = refusals('PATCH /v1/things/7', body);
    expect(found).toHaveLength(expected.length);
    for (const [index, each] of expected.entries()) {
      if (typeof each === 'string') expect(found[index]).toBe(each);
      else expect(found[index]).toMatch(each);
    }
  });

  test('a body for one field cannot smuggle others in', () => {
    expect(() => decode('PUT /v1/things/7/tags', '[],"replace":true')).toThrow(InvalidRequest);
  });

  test('nesting beyond 100 messages is refused, whatever the depth', () => {
    const nested = (depth: number) => `${'{"parts":['.repeat(depth)}{}${']}'.repeat(depth)}`;
    expect(decode('PATCH /v1/things/7', nested(50))).toBeDefined();
    expect(refusals('PATCH /v1/things/7', nested(1_000)).join()).toMatch(
      /^parts\[0\].*: is nested more than 100 times$/,
    );
    expect(refusals('PATCH /v1/things/7', nested(90_000)).join()).toMatch(
      /^parts\[0\].*: is nested more than 100 times$/,
    );
  });

  test('what it says of a value stays short', () => {
    const [said = ''] = refusals('PATCH /v1/things/7', `{"colour":"${'x'.repeat(10_000)}"}`);
    expect(said.length).toBeLessThan(250);
  });
});
