import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ScalarType,
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Topic } from '@meridian/language/topic.ts';

const root = path.join(import.meta.dirname, '../..');

/**
 * The events as they were when consumers of them were written first: an image of buf, made by
 * `buf build --exclude-source-info --path services/<service>/contract/proto/meridian/<service>/v1/events.proto …`.
 * It is never made again: programs of that time may still read and write events.
 */
const IMAGE = path.join(import.meta.dirname, 'fixtures/first-events.binpb');
const first = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(IMAGE)));

/** Of the first contracts: those that nothing else contains. */
const TYPES = [...first]
  .filter((desc) => desc.kind === 'message')
  .filter(({ file }) => /^meridian\/\w+\/v1\/events$/.test(file.name))
  .map(({ typeName }) => typeName)
  .sort();

const now = new Map<string, DescMessage>();

beforeAll(async () => {
  for (const file of globSync('services/*/topics.ts', { cwd: root })) {
    const module: unknown = await import(pathToFileURL(path.join(root, file)).href);
    for (const topic of Object.values(module as Readonly<Record<string, Topic>>)) {
      for (const event of topic.events) now.set(event.typeName, event as DescMessage);
    }
  }
});

function known(message: DescMessage | undefined, typeName: string): DescMessage {
  if (message !== undefined) return message;
  throw new Error(`Event ${typeName}: must be an event of a topic, got none of that name`);
}

const firstOf = (typeName: string): DescMessage => known(first.getMessage(typeName), typeName);
const nowOf = (typeName: string): DescMessage => known(now.get(typeName), typeName);

/** A message in JSON with a value in each field. */
function sample(message: DescMessage): JsonValue {
  if (message.typeName === 'google.protobuf.Timestamp') return '2026-01-02T03:04:05Z';
  if (message.typeName === 'google.protobuf.Duration') return '3s';
  const chosen = message.fields.filter(
    (field) => field.oneof === undefined || field.oneof.fields[0] === field,
  );
  return Object.fromEntries(chosen.map((field) => [field.jsonName, valueOf(field)]));
}

function valueOf(field: DescField): JsonValue {
  if (field.fieldKind === 'map') return { a: 'b' };
  const single =
    field.message !== undefined
      ? sample(field.message)
      : field.enum !== undefined
        ? (field.enum.values.at(1)?.name ?? 0)
        : scalar(field.scalar);
  return field.fieldKind === 'list' ? [single] : single;
}

function scalar(type: ScalarType | undefined): JsonValue {
  if (type === ScalarType.STRING) return 'text';
  if (type === ScalarType.BYTES) return 'Ynl0ZXM=';
  if (type === ScalarType.BOOL) return true;
  // Beyond 2^53, so that no one takes it for a number on the way.
  return type === ScalarType.INT64 ? '9007199254740993' : 7;
}

const written = (message: DescMessage): Uint8Array =>
  toBinary(message, fromJson(message, sample(message)));

const read = (message: DescMessage, bytes: Uint8Array): JsonValue =>
  toJson(message, fromBinary(message, bytes));

describe.each(TYPES)('%s', (typeName) => {
  test('of an old program is read whole by a new one', () => {
    expect(read(nowOf(typeName), written(firstOf(typeName)))).toMatchObject(
      sample(firstOf(typeName)) as JsonObject,
    );
  });

  test('of a new program has for an old one all that it knows, and loses nothing on its way', () => {
    const [old, current] = [firstOf(typeName), nowOf(typeName)];
    const bytes = written(current);
    const seen = read(old, bytes);
    expect(sample(current)).toMatchObject(seen as JsonObject);
    expect(seen).toEqual(sample(old));
    expect(read(current, toBinary(old, fromBinary(old, bytes)))).toEqual(sample(current));
  });
});

test('there is an event of each service that publishes', () => {
  const services = new Set(TYPES.map((typeName) => typeName.split('.')[1]));
  expect([...services]).toEqual(['catalog', 'identity', 'orders', 'payments']);
});
