import { expect, test } from '@jest/globals';
import { CLOUD_EVENT_HEADERS, cloudEventHeaders } from '@meridian/kit/events/cloud-event.ts';
import type { KafkaMessage } from 'kafkajs';
import { toEntryMessage } from '../messages.ts';
import { isStorable } from '../stored-event.ts';
import { storedRecord } from './stored-record.ts';

const PLACE = { topic: 'orders.events.v1', partition: 3 };
const PUBLISHER = 'spiffe://meridian.local/ns/meridian/sa/orders';
const WRITTEN = Date.UTC(2026, 0, 2);
const headers = cloudEventHeaders({
  id: 'e-1',
  source: PUBLISHER,
  type: 'meridian.orders.v1.OrderChanged',
  subject: 'o-1',
  time: new Date('2026-01-02T03:04:05.678Z'),
  causationId: 'c-1',
  correlationId: 'o-1',
  aggregateVersion: 7n,
});

function record(changes: Partial<KafkaMessage> = {}): KafkaMessage {
  return {
    ...{ key: Buffer.from('o-1'), value: Buffer.from([1, 2]), attributes: 0, offset: '42' },
    ...{ timestamp: `${WRITTEN}`, headers, ...changes },
  } as KafkaMessage;
}

test('an event is kept with all that its headers say, and the bytes as they came', () => {
  expect(storedRecord(record(), PLACE, PUBLISHER)).toEqual({
    kind: 'event',
    source: PUBLISHER,
    id: 'e-1',
    type: 'meridian.orders.v1.OrderChanged',
    subject: 'o-1',
    version: 7n,
    time: new Date('2026-01-02T03:04:05.678Z'),
    causationId: 'c-1',
    correlationId: 'o-1',
    data: Buffer.from([1, 2]),
    origin: { ...PLACE, offset: 42n },
  });
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['that says no event', {}],
  ['without an id', { ...headers, [CLOUD_EVENT_HEADERS.id]: '' }],
  ['of a version that is none', { ...headers, [CLOUD_EVENT_HEADERS.aggregateVersion]: '0' }],
  [
    'with a zero byte, which PostgreSQL refuses',
    { ...headers, [CLOUD_EVENT_HEADERS.subject]: 'o\0' },
  ],
  ['with a text that no index takes', { ...headers, [CLOUD_EVENT_HEADERS.id]: 'x'.repeat(4_000) }],
  [
    'of a time that no database has',
    { ...headers, [CLOUD_EVENT_HEADERS.time]: '+200000-01-01T00:00:00Z' },
  ],
  [
    'of another service than that whose topic it is in',
    { ...headers, [CLOUD_EVENT_HEADERS.source]: PUBLISHER.replace('orders', 'catalog') },
  ],
  [
    'of a service of that name elsewhere',
    { ...headers, [CLOUD_EVENT_HEADERS.source]: PUBLISHER.replace('local', 'other') },
  ],
])('a record %s is kept as its bytes, by where it was', (_title, given) => {
  const kept = storedRecord(record({ headers: { ...given } }), PLACE, PUBLISHER);
  expect(isStorable(kept)).toBe(true);
  const { type, subject, correlationId } = CLOUD_EVENT_HEADERS;
  const { id } = kept;
  expect(id).toMatch(/^3\/42\/[0-9a-f]{16}$/);
  expect(kept).toEqual({
    ...{ kind: 'unreadable', source: 'kafka:orders.events.v1', id },
    // What can be read of it is kept.
    type: given[type] ?? '',
    subject: given[subject]?.replace('o\0', '') ?? '',
    correlationId: given[correlationId] ?? id,
    ...{ version: undefined, causationId: undefined },
    ...{ time: new Date(WRITTEN), data: Buffer.from([1, 2]), origin: { ...PLACE, offset: 42n } },
  });
});

test('what another service says in the name of the publisher is never shown as a state', () => {
  const forged = { ...headers, [CLOUD_EVENT_HEADERS.source]: 'spiffe://meridian.local/ns/x/sa/y' };
  const jsonOf = (given: Record<string, string>) => {
    const event = storedRecord(record({ headers: given, value: Buffer.of() }), PLACE, PUBLISHER);
    return toEntryMessage({ index: 0n, event }).dataJson;
  };
  expect(jsonOf(headers)).toBe('{}');
  expect(jsonOf(forged)).toBe('');
});

test('a record at the offset of one of a topic that was made again is another one', () => {
  const idOf = (changes: Partial<Pick<KafkaMessage, 'timestamp' | 'key' | 'value'>>) =>
    storedRecord(record({ headers: {}, ...changes }), PLACE, PUBLISHER).id;
  expect(idOf({})).toBe(idOf({}));
  const others = [{}, { timestamp: '7' }, { value: Buffer.of(9) }, { value: null }, { key: null }];
  expect(new Set(others.map(idOf)).size).toBe(others.length);
});

test('a record without headers, value and time can be kept too', () => {
  for (const timestamp of ['-1', '9'.repeat(19), 'soon']) {
    const kept = storedRecord(record({ headers: {}, value: null, timestamp }), PLACE, PUBLISHER);
    expect(isStorable(kept)).toBe(true);
    expect(kept).toMatchObject({ time: new Date(0), data: new Uint8Array() });
  }
});
