import { create, toBinary } from '@bufbuild/protobuf';
import type { Registry } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ProductCreatedSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/events_pb.js';
import { cloudEventHeaders } from '@meridian/kit/events/cloud-event.ts';
import { catalogEvents } from '@meridian/catalog/topics.ts';
import { contractRegistry, eventLine, lastOfEach } from './event-line.ts';
import type { EventLine } from './event-line.ts';
import type { PlacedRecord } from './topic-reader.ts';

let registry: Registry;

beforeAll(async () => {
  registry = await contractRegistry();
});

const PAYLOAD = toBinary(
  ProductCreatedSchema,
  create(ProductCreatedSchema, { product: { productId: 'p-1', sku: 'LAMP-1', stock: 3 } }),
);

function record(headers: Readonly<Record<string, string>>, value = PAYLOAD): PlacedRecord {
  const message = {
    key: Buffer.from('p-1'),
    value: Buffer.from(value),
    timestamp: '0',
    attributes: 0,
    offset: '7',
    headers,
  };
  return { topic: catalogEvents.name, partition: 2, message };
}

const headersOf = (type: string) => ({
  ...cloudEventHeaders({
    id: 'e-1',
    source: 'spiffe://meridian.local/ns/meridian/sa/catalog',
    type,
    subject: 'p-1',
    time: new Date('2026-01-02T03:04:05.678Z'),
    causationId: 'r-1',
    correlationId: 'o-1',
    aggregateVersion: 3n,
  }),
  traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
});

describe('a record of a topic', () => {
  test('is read as the event that its contract says', () => {
    expect(eventLine(record(headersOf(ProductCreatedSchema.typeName)), registry)).toEqual({
      topic: catalogEvents.name,
      partition: 2,
      offset: '7',
      key: 'p-1',
      id: 'e-1',
      source: 'spiffe://meridian.local/ns/meridian/sa/catalog',
      type: 'meridian.catalog.v1.ProductCreated',
      subject: 'p-1',
      time: '2026-01-02T03:04:05.678Z',
      causationId: 'r-1',
      correlationId: 'o-1',
      version: '3',
      traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
      data: { product: { productId: 'p-1', sku: 'LAMP-1', stock: 3 } },
    });
  });

  test.each<[string, PlacedRecord, RegExp]>([
    ['without the headers of an event', record({}), /header ce_specversion must be given/],
    [
      'of a type without a contract',
      record(headersOf('a.b.C')),
      /no contract has the message 'a.b.C'/,
    ],
    [
      'that is cut off',
      record(headersOf(ProductCreatedSchema.typeName), PAYLOAD.slice(0, -1)),
      /./,
    ],
  ])('%s is shown with what is wrong with it', (_title, given, problem) => {
    const line = eventLine(given, registry);
    expect(line).toMatchObject({
      topic: catalogEvents.name,
      partition: 2,
      offset: '7',
      key: 'p-1',
    });
    expect(line.problem).toMatch(problem);
    expect(line.data).toBeUndefined();
  });
});

test('the last of each topic are shown in the order of their time', () => {
  const line = (topic: string, second: number): EventLine => ({
    ...{ topic, partition: 0, offset: '0', key: null },
    time: new Date(second * 1_000).toISOString(),
  });
  const lines = [line('a', 4), line('b', 1), line('a', 2), line('b', 3), line('a', 5)];
  expect(lastOfEach(lines, 2)).toEqual([line('b', 1), line('b', 3), line('a', 4), line('a', 5)]);
});
