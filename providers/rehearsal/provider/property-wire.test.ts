import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type * as structMessages from 'google-protobuf/google/protobuf/struct_pb.js';
import { codePoint } from '../../../tests/code-point.ts';
import type { Properties } from './property-values.ts';
import { eachField, readProperties, writeProperties } from './property-wire.ts';

const require = createRequire(import.meta.url);
const { Struct, Value } =
  require('google-protobuf/google/protobuf/struct_pb.js') as typeof structMessages;

type Plain = Parameters<typeof Struct.fromJavaScript>[0];

/** What is in a field of a message, as bytes. */
function contentOf(bytes: Uint8Array, wanted: number): Uint8Array {
  let content = new Uint8Array();
  eachField(bytes, (field, reader) => {
    if (field !== wanted) return false;
    content = new Uint8Array(reader.bytes());
    return true;
  });
  return content;
}

/** All that Pulumi's protocol carries, names that JavaScript treats in ways of its own among it. */
const properties = fc.dictionary(
  fc.oneof(fc.string({ unit: codePoint }), fc.constantFrom('constructor', '10', '9', 'a')),
  fc.jsonValue({ maxDepth: 4 }),
) as fc.Arbitrary<Properties>;

test("reads and writes what the SDK's own messages do", () => {
  fc.assert(
    fc.property(properties, (given) => {
      const bytes = Struct.fromJavaScript(given as Plain).serializeBinary();
      const known = Struct.deserializeBinary(bytes).toJavaScript();
      const read = readProperties(bytes);
      expect(read).toEqual(known);
      expect(JSON.stringify(read)).toBe(JSON.stringify(known));
      const written = contentOf(writeProperties(5, given), 5);
      expect(Struct.deserializeBinary(written).toJavaScript()).toEqual(known);
    }),
  );
});

test('orders members by their names, in whatever order they come', () => {
  const bytes = ['b', 'a', 'c'].map((name) => contentOf(writeProperties(1, { [name]: name }), 1));
  expect(Object.keys(readProperties(Buffer.concat(bytes)))).toEqual(['a', 'b', 'c']);
});

test('refuses a value that is none, read or written', () => {
  expect(() => writeProperties(1, { a: undefined })).toThrow('Unexpected struct type');
  const empty = new Struct();
  empty.getFieldsMap().set('a', new Value());
  expect(() => readProperties(empty.serializeBinary())).toThrow('Unexpected struct type');
});
