import { beforeAll, describe, expect, test } from '@jest/globals';
import type { DescField } from '@bufbuild/protobuf';
import { loadFixture } from '../testing/fixture.ts';
import type { Fixture } from '../testing/fixture.ts';
import { decodeRequest } from './decode-request.ts';
import { findRoute } from './route-table.ts';
import { InvalidRequest } from './violation.ts';
import type { Violation } from './violation.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await loadFixture();
});

/** What `POST /v1/things`, whose body is the field `thing`, is refused for. */
function violations(body: string): readonly Violation[] {
  const match = findRoute(fixture.routes, 'POST', '/v1/things');
  if (match.kind !== 'found') throw new Error('the fixture has it');
  try {
    decodeRequest(match.binding, { pathValues: [], query: '', body });
  } catch (error) {
    if (error instanceof InvalidRequest && error.kind === 'invalid-argument') {
      return error.violations;
    }
    throw error;
  }
  return [];
}

const said = (body: string): readonly string[] =>
  violations(body).map(({ field, detail }) => `${field}: ${detail}`);

/** One of each kind of JSON, and what is near to one. */
const VALUES = [
  ...['[]', '[null]', '[[]]', '{}', '{"a":null}', '{"a":[]}', '{"":""}', '"x"', '""', '"\\ud800"'],
  ...['null', 'true', '0', '1.5', '-1', '1e999', '9007199254740993', '9'.repeat(400), '"\\u0000"'],
];

/** Words of ours, and none of the reader's. */
const PLAIN =
  /^(?:must (?:be|not) |is not a field of the contract$|is an integer beyond 2\^53|is )/;
const NOT_OURS = /Array\(|u?int(?:32|64)|float|bigint|Uint8|undefined|Infinity|decode|google|enum/;

function wrongValues(field: DescField): readonly Violation[] {
  return VALUES.flatMap((value) => violations(`{"${field.name}":${value}}`));
}

describe('whatever a field is given', () => {
  test('is refused in plain words, with the whole path', () => {
    const thing = fixture.service.methods.find(({ name }) => name === 'UpdateThing')?.input;
    const fields = thing?.fields ?? [];
    expect(fields.length).toBeGreaterThan(20);
    for (const field of fields) {
      const found = wrongValues(field);
      expect([field.name, found.length > 0]).toEqual([field.name, true]);
      for (const { field: path, detail } of found) {
        expect(path).toMatch(new RegExp(`^thing\\.${field.jsonName}(?:[.[].*)?$`));
        expect(detail).toMatch(PLAIN);
        expect(detail).not.toMatch(NOT_OURS);
        expect(detail.length).toBeLessThan(200);
      }
    }
  });

  test.each(VALUES)('so is a body that is %.20s, unless it may be', (value) => {
    for (const { field, detail } of violations(value)) {
      expect(field).toMatch(/^thing(?:\.|$)/);
      expect(detail).toMatch(PLAIN);
      expect(detail).not.toMatch(NOT_OURS);
    }
  });
});

describe('a part of a body', () => {
  const beyond = 'is an integer beyond 2^53: write it as a string, or it would be rounded';
  test.each([
    ['[]', 'thing: must be an object, got an array'],
    ['{"parts":[{},{"i64":9007199254740993}]}', `thing.parts[1].i64: ${beyond}`],
    ['{"parts":[{},{"name":"a\\u0000"}]}', 'thing.parts[1].name: must not contain NUL'],
    ['{"tags":["a","\\u0000"]}', 'thing.tags[1]: must not contain NUL'],
    ['{"attributes":{"a.b":"\\u0000"}}', 'thing.attributes["a.b"]: must not contain NUL'],
    ['{"extra":{"a":{"b":["\\u0000"]}}}', 'thing.extra.a.b[0]: must not contain NUL'],
    ['{"attributes":{"\ud83d":"\\u0000"}}', 'thing.attributes["\\ud83d"]: must not contain NUL'],
    ['{"tags":["a",1]}', 'thing.tags[1]: must be a string, got 1'],
    ['{"tags":["a",null]}', 'thing.tags[1]: must be a string, got null'],
    ['{"palette":["COLOUR_RED",[]]}', /^thing\.palette\[1\]: must be one of .*, got an array$/],
    ['{"parts":[{},[]]}', 'thing.parts[1]: must be an object, got an array'],
    ['{"origins":{"k.x":{"year":true}}}', /^thing\.origins\["k\.x"\]\.year: .*, got true$/],
    ['{"attributes":{"a":1}}', 'thing.attributes["a"]: must be a string, got 1'],
    ['{"origin":{"flag_colour":7.5}}', /^thing\.origin\.flagColour: must be one of .*, got 7.5$/],
    ['{"origin":{"year":1,"y\\u0065ar":2}}', 'thing.origin.year: is given twice'],
    ['{"parts":[{"thing_id":"1","thingId":"1"}]}', 'thing.parts[0].thingId: is given twice'],
    ['{"i32":99999999999999999999}', /^thing\.i32: .*, got a number beyond 2\^53$/],
    [
      '{"f64":1e999}',
      'thing.f64: must be a number of at most 1.8e308, got a number beyond 1.8e308',
    ],
  ])('is named by its whole path: %s', (body, expected) => {
    const found = said(body);
    expect(found).toHaveLength(1);
    if (typeof expected === 'string') expect(found[0]).toBe(expected);
    else expect(found[0]).toMatch(expected);
  });

  test.each([150, 151, 152, 153])('is named in UTF-8 where its path is cut: %d', (before) => {
    const key = `${'a'.repeat(before)}${'\u{1f600}'.repeat(40)}`;
    const [found] = said(JSON.stringify({ attributes: { [key]: 1 } }));
    expect([found, found?.isWellFormed()]).toEqual([expect.any(String), true]);
  });

  test('is found in a large body too', () => {
    const body = `{"name":"${'a'.repeat(500_000)}","origin":{"year":"x"}}`;
    expect(said(body).join()).toMatch(/^thing\.origin\.year: must be a whole number .*, got "x"$/);
  });
});
