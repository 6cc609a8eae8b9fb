import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Properties } from './property-values.ts';

/**
 * Properties as the bytes of a google.protobuf.Struct, read and written at once. The SDK's own messages make an object for each value
 * and level and go through all that is below it again at each, which took a fifth of a rehearsal's processor time.
 * Source: google/protobuf/struct.proto
 */

/** Numbers of fields. */
const STRUCT = { fields: 1 } as const;
const ENTRY = { key: 1, value: 2 } as const;
const LIST = { values: 1 } as const;
const VALUE = { null: 1, number: 2, string: 3, bool: 4, struct: 5, list: 6 } as const;

/** Reads a Struct; its members are in the order of their names, since the engine sends them in any. */
export function readProperties(bytes: Uint8Array): Properties {
  const members: (readonly [string, unknown])[] = [];
  eachField(bytes, (field, reader) => {
    if (field !== STRUCT.fields) return false;
    let [key, value]: [string, unknown] = ['', undefined];
    eachField(reader.bytes(), (part, entry) => {
      if (part === ENTRY.key) key = entry.string();
      else if (part === ENTRY.value) value = readValue(entry.bytes());
      else return false;
      return true;
    });
    members.push([key, value]);
    return true;
  });
  return Object.fromEntries(members.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** @throws {Error} for a value that is none */
function readValue(bytes: Uint8Array): unknown {
  let value: unknown;
  eachField(bytes, (field, reader) => {
    value = readKind(field, reader);
    return true;
  });
  if (value === undefined) throw new Error('Unexpected struct type');
  return value;
}

function readKind(field: number, reader: BinaryReader): unknown {
  switch (field) {
    case VALUE.null:
      reader.int32();
      return null;
    case VALUE.number:
      return reader.double();
    case VALUE.string:
      return reader.string();
    case VALUE.bool:
      return reader.bool();
    case VALUE.struct:
      return readProperties(reader.bytes());
    case VALUE.list:
      return readList(reader.bytes());
    default:
      throw new Error('Unexpected struct type');
  }
}

function readList(bytes: Uint8Array): readonly unknown[] {
  const values: unknown[] = [];
  eachField(bytes, (field, reader) => {
    if (field !== LIST.values) return false;
    values.push(readValue(reader.bytes()));
    return true;
  });
  return values;
}

/**
 * Goes through the fields of a message.
 *
 * @param take reads a field, or says by false that it is to be skipped
 */
export function eachField(
  bytes: Uint8Array,
  take: (field: number, reader: BinaryReader) => boolean,
): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (!take(field, reader)) reader.skip(type, field);
  }
}

/** Writes properties as a field of a message. */
export function writeProperties(field: number, properties: Properties): Uint8Array {
  const writer = new BinaryWriter();
  writeStruct(writer, field, properties);
  return writer.finish();
}

function writeStruct(writer: BinaryWriter, field: number, properties: Properties): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  for (const [key, value] of Object.entries(properties)) {
    writer.tag(STRUCT.fields, WireType.LengthDelimited).fork();
    writer.tag(ENTRY.key, WireType.LengthDelimited).string(key);
    writeValue(writer, ENTRY.value, value);
    writer.join();
  }
  writer.join();
}

/** @throws {Error} for what JSON has no word for */
function writeValue(writer: BinaryWriter, field: number, value: unknown): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  if (value === null) writer.tag(VALUE.null, WireType.Varint).int32(0);
  else if (typeof value === 'number') writer.tag(VALUE.number, WireType.Bit64).double(value);
  else if (typeof value === 'string')
    writer.tag(VALUE.string, WireType.LengthDelimited).string(value);
  else if (typeof value === 'boolean') writer.tag(VALUE.bool, WireType.Varint).bool(value);
  else if (Array.isArray(value)) {
    writer.tag(VALUE.list, WireType.LengthDelimited).fork();
    for (const member of value) writeValue(writer, LIST.values, member);
    writer.join();
  } else if (typeof value === 'object') writeStruct(writer, VALUE.struct, value as Properties);
  else throw new Error('Unexpected struct type');
  writer.join();
}
