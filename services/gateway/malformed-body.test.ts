import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
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

const JSON_TYPE = { 'content-type': 'application/json' };

describe('a body that does not fit', () => {
  const cases: readonly (readonly [string, string | Buffer, ProblemName])[] = [
    ['text', 'hello', 'malformed-json'],
    ['an open object', '{"name":', 'malformed-json'],
    ['an open string', '{"name":"', 'malformed-json'],
    ['a trailing comma', '{"name":"a",}', 'malformed-json'],
    ['two values', '{}{}', 'malformed-json'],
    ['single quotes', "{'name':'a'}", 'malformed-json'],
    ['a comment', '{} // x', 'malformed-json'],
    ['NaN', '{"f64":NaN}', 'malformed-json'],
    ['Infinity', '{"f64":Infinity}', 'malformed-json'],
    ['a hexadecimal number', '{"i32":0x10}', 'malformed-json'],
    ['a leading zero', '{"i32":01}', 'malformed-json'],
    ['a raw NUL', '{"name":"a\0b"}', 'malformed-json'],
    ['only white space', '   ', 'malformed-json'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'malformed-json'],
    ['an overlong UTF-8 slash', Buffer.from('{"name":"\xc0\xaf"}', 'latin1'), 'malformed-json'],
    ['UTF-16', Buffer.from('{"name":"a"}', 'utf16le'), 'malformed-json'],
    ['an array', '[]', 'invalid-argument'],
    ['a string', '"a"', 'invalid-argument'],
    ['a number', '1', 'invalid-argument'],
    ['an unknown field', '{"nope":1}', 'invalid-argument'],
    ['a nested unknown field', '{"origin":{"nope":1}}', 'invalid-argument'],
    ['a number for a string', '{"name":1}', 'invalid-argument'],
    ['a string for a bool', '{"flag":"true"}', 'invalid-argument'],
    ['an object for a string', '{"name":{}}', 'invalid-argument'],
    ['a string for a message', '{"origin":"x"}', 'invalid-argument'],
    ['an object for a list', '{"tags":{}}', 'invalid-argument'],
    ['a list for a map', '{"attributes":[]}', 'invalid-argument'],
    ['null in a list', '{"tags":[null]}', 'invalid-argument'],
    ['a fraction for an integer', '{"i32":1.5}', 'invalid-argument'],
    ['an integer out of range', '{"i32":2147483648}', 'invalid-argument'],
    ['a negative unsigned', '{"u32":-1}', 'invalid-argument'],
    ['an int64 out of range', '{"i64":"9223372036854775808"}', 'invalid-argument'],
    ['an int64 that would be rounded', '{"i64":9007199254740993}', 'invalid-argument'],
    ['a number of a thousand digits', `{"i64":${'9'.repeat(1_000)}}`, 'invalid-argument'],
    ['a double out of range', '{"f64":1e999}', 'invalid-argument'],
    ['an unknown enum value', '{"colour":"MAUVE"}', 'invalid-argument'],
    ['a wrong base64', '{"data":"%%%"}', 'invalid-argument'],
    ['a wrong timestamp', '{"madeAt":"yesterday"}', 'invalid-argument'],
    ['a wrong duration', '{"lasts":"1 hour"}', 'invalid-argument'],
    ['a duplicate key', '{"name":"a","name":"b"}', 'invalid-argument'],
    ['a duplicate key, escaped', '{"name":"a","n\\u0061me":"b"}', 'invalid-argument'],
    ['both names of a field', '{"thingId":"1","thing_id":"1"}', 'invalid-argument'],
    ['two members of a oneof', '{"person":"a","company":{}}', 'invalid-argument'],
    ['an escaped NUL', '{"name":"\\u0000"}', 'invalid-argument'],
    ['an escaped NUL in a map key', '{"attributes":{"\\u0000":"a"}}', 'invalid-argument'],
    ['half a surrogate pair', '{"name":"\\ud83d"}', 'invalid-argument'],
    ['__proto__', '{"__proto__":{"name":"a"}}', 'invalid-argument'],
    ['constructor', '{"constructor":{"prototype":{"name":"a"}}}', 'invalid-argument'],
    [
      'nesting of 20,000 arrays',
      `{"tags":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      'invalid-argument',
    ],
    ['nesting of 300,000 brackets', '['.repeat(300_000), 'malformed-json'],
    [
      'nesting of 20,000 messages',
      `${'{"parts":['.repeat(20_000)}${']}'.repeat(20_000)}`,
      'invalid-argument',
    ],
    [
      'a deep struct',
      `{"extra":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
      'invalid-argument',
    ],
    [
      'NUL beside a deep struct',
      `{"name":"\\u0000","extra":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
      'invalid-argument',
    ],
    [
      'a long integer beside nested arrays',
      `{"i64":12345678901234567890,"tags":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      'invalid-argument',
    ],
    [
      '100,000 unknown keys',
      `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join()}}`,
      'invalid-argument',
    ],
    ['a megabyte and a byte', `"${'a'.repeat(1024 * 1024 - 1)}"`, 'content-too-large'],
  ];
  test.each(cases)('%s is refused', async (_name, body, problem) => {
    const bytes = Buffer.from(body);
    const head = compose('POST', '/v1/things', {
      ...JSON_TYPE,
      'content-length': String(bytes.length),
    });
    expectProblem(await sendRaw(world.edge(gateway), [head, bytes]), problem);
  });

  test.each([
    [{}],
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'multipart/form-data; boundary=x' }],
    [{ 'content-type': 'application/json; charset=utf-16' }],
    [{ 'content-type': ';;;' }],
    [{ 'content-type': 'application/json, text/plain' }],
    [{ ...JSON_TYPE, 'content-encoding': 'gzip' }],
  ])('%j is 415', async (headers: Record<string, string>) => {
    const answer = await world.request(gateway, 'POST', '/v1/things', headers, '{}');
    expectProblem(answer, 'unsupported-media-type');
  });

  test('nothing of it reaches Object.prototype', async () => {
    const body =
      '{"attributes":{"__proto__":"x","constructor":"y"},"extra":{"__proto__":{"polluted":1}}}';
    const answer = await world.request(gateway, 'POST', '/v1/things', JSON_TYPE, body);
    expect(answer.status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(answer.body).toContain('"attributes":{"__proto__":"x","constructor":"y"}');
  });
});

describe('anything at all', () => {
  test('as a body is answered below 500', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 6 }), async (body) => {
        const answer = await world.request(gateway, 'POST', '/v1/things', JSON_TYPE, body);
        expect(answer.status).toBeLessThan(500);
        if (answer.status !== 200) expectProblem(answer);
      }),
      { numRuns: 100 },
    );
  });

  test('as a target is answered below 500', async () => {
    const printable = fc.string({
      minLength: 0,
      maxLength: 200,
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/', '/v1/things/', '/v1/things?', '/v1/files/'),
        printable,
        async (prefix, rest) => {
          const answer = await world.request(gateway, 'GET', `${prefix}${rest}`);
          expect(answer.status).toBeLessThan(500);
          if (answer.status !== 200) expectProblem(answer);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('as bytes is answered below 500 or by the end of the connection', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const answer = await sendRaw(world.edge(gateway), [Buffer.from(bytes), '\r\n\r\n']);
        expectProblem(answer);
      }),
      { numRuns: 50 },
    );
  });

  test('was not an error of ours', () => {
    const ours = ['warn', 'error', 'fatal'];
    expect(gateway.lines.filter(({ level }) => ours.includes(String(level)))).toEqual([]);
  });
});
