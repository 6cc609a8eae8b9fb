import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadFixture } from '../testing/fixture.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeResponse } from './encode-response.ts';
import type { HttpBinding } from './http-binding.ts';
import { findRoute } from './route-table.ts';
import type { RouteTable } from './route-table.ts';

let routes: RouteTable;
beforeAll(async () => {
  ({ routes } = await loadFixture());
});

const text = fc
  .string({ unit: 'grapheme' })
  .filter((value) => !value.includes('\0') && value.isWellFormed());
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const colour = fc.constantFrom('COLOUR_UNSPECIFIED', 'COLOUR_RED', 'COLOUR_BLUE');
const time = fc
  .date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());

const thing = fc.record({
  name: text,
  flag: fc.boolean(),
  i32: int32,
  i64: int64,
  u64: uint64,
  f64: double,
  colour,
  tags: fc.array(text),
  attributes: fc.dictionary(text, text),
  palette: fc.array(colour),
  data: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
  origin: fc.record({ country: text, year: int32, flagColour: colour }),
});

function bindingOf(
  verb: string,
  path: string,
): { binding: HttpBinding; pathValues: readonly { fieldPath: string; value: string }[] } {
  const match = findRoute(routes, verb, path);
  if (match.kind !== 'found') throw new Error(`${verb} ${path} is ${match.kind}`);
  return match;
}

describe('transcoding there and back', () => {
  test('gives back every thing that fits the contract', () => {
    fc.assert(
      fc.property(
        text.filter((id) => id !== ''),
        thing,
        (id, given) => {
          const { binding, pathValues } = bindingOf(
            'PATCH',
            `/v1/things/${encodeURIComponent(id)}`,
          );
          const message = decodeRequest(binding, {
            pathValues,
            query: '',
            body: JSON.stringify(given),
          });
          const answer = JSON.parse(encodeResponse(binding, message).body) as typeof given;
          // Through JSON on both sides: -0 is 0 there.
          expect(answer).toMatchObject(
            JSON.parse(JSON.stringify({ ...given, thingId: id })) as object,
          );
        },
      ),
    );
  });

  test('gives back every query that fits the contract', () => {
    const query = fc.record({
      pageSize: int32,
      pageToken: text,
      'filter.name': text,
      'filter.i64': int64,
      'filter.colour': colour,
      'filter.origin.year': int32,
      since: time,
      archived: fc.boolean(),
    });
    fc.assert(
      fc.property(query, fc.array(int64), (given, numbers) => {
        const { binding, pathValues } = bindingOf('GET', '/v1/things');
        const parameters = new URLSearchParams(
          Object.entries(given).map(([name, value]): [string, string] => [name, String(value)]),
        );
        for (const number of numbers) parameters.append('numbers', number);
        const message = decodeRequest(binding, {
          pathValues,
          query: parameters.toString(),
          body: '',
        });
        expect(message).toMatchObject({
          pageSize: given.pageSize,
          pageToken: given.pageToken,
          archived: given.archived,
          numbers: numbers.map(BigInt),
          filter: { name: given['filter.name'], origin: { year: given['filter.origin.year'] } },
        });
      }),
    );
  });
});
