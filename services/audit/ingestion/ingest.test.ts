import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cloudEventHeaders } from '@meridian/kit/events/cloud-event.ts';
import { RecordKeeper } from '@meridian/kit/events/follow-records.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { METRICS } from '@meridian/kit/telemetry/names.ts';
import { OrderChangedSchema } from '@meridian/orders/contract/gen/meridian/orders/v1/events_pb.js';
import type { KafkaMessage } from 'kafkajs';
import type { Pool } from 'pg';
import { EventStore } from '../event-store.ts';
import { ORDERS } from '../testing/events.ts';
import { keeping } from './ingest.ts';

const PLACE = { topic: 'orders.events.v1', partition: 0 };

let world: DatabaseWorld;
let superuser: Pool;
let process: DatabaseProcess;
let keeper: RecordKeeper;
let kept = 0;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  superuser = await world.createDatabase('audit', 'services/audit/migrations');
  process = await world.open('audit');
  const options = keeping(process.runtime, new EventStore(process.database), () => (kept += 1));
  keeper = new RecordKeeper(process.runtime, options);
}, 60_000);

afterAll(() => world.close());

/** A record of an event of an order, or of whatever else a test makes of it. */
function record(offset: number, changes: Partial<KafkaMessage> = {}): KafkaMessage {
  const id = `e-${offset}`;
  const context = { id, source: ORDERS, type: OrderChangedSchema.typeName, subject: 'o' };
  const more = { time: new Date(1_700_000_000_000), causationId: undefined, correlationId: 'o' };
  return {
    ...{ key: Buffer.from('o'), attributes: 0, timestamp: '0', offset: String(offset) },
    value: Buffer.from(toBinary(OrderChangedSchema, create(OrderChangedSchema, {}))),
    headers: cloudEventHeaders({ ...context, ...more, aggregateVersion: BigInt(offset + 1) }),
    ...changes,
  } as KafkaMessage;
}

test('every record is kept once, whatever it is, and what cannot be read is counted', async () => {
  const garbled = Buffer.from([0xff, 0xff]);
  const given = [
    record(0),
    record(1, { headers: {}, value: garbled }),
    record(2, { value: garbled }),
    record(3, { value: null }),
  ];
  const all = { outcomes: given.map(() => 'handled') };
  expect(await keeper.process(given, PLACE)).toEqual(all);
  // A replica that took the partition over begins before what was committed.
  expect(await keeper.process(given, PLACE)).toEqual(all);
  expect(await keeper.process([record(2), record(4)], PLACE)).toMatchObject({
    outcomes: ['handled', 'handled'],
  });
  expect(kept).toBe(2);
  const { rows } = await superuser.query(
    'SELECT id, kind, kafka_offset::int AS offset FROM events JOIN pending USING (source, id) ORDER BY position',
  );
  expect(rows).toEqual([
    { id: 'e-0', kind: 'event', offset: 0 },
    { id: expect.stringMatching(/^0\/1\/[0-9a-f]{16}$/), kind: 'unreadable', offset: 1 },
    { id: 'e-2', kind: 'event', offset: 2 },
    { id: 'e-3', kind: 'event', offset: 3 },
    { id: 'e-4', kind: 'event', offset: 4 },
  ]);
  const metric = process.runtime.metrics.registry.getSingleMetric(METRICS.auditUnreadable);
  expect((await metric?.get())?.values).toEqual([
    { labels: { part: 'headers' }, value: 1 },
    { labels: { part: 'data' }, value: 1 },
  ]);
});

test('an event that comes again and says something else is counted and told, and the first one stays', async () => {
  const other = toBinary(
    OrderChangedSchema,
    create(OrderChangedSchema, { order: { orderId: 'x' } }),
  );
  const conflicts = async (): Promise<number | undefined> => {
    const metric = process.runtime.metrics.registry.getSingleMetric(METRICS.auditConflicts);
    return (await metric?.get())?.values[0]?.value;
  };
  const before = (await conflicts()) ?? 0;
  await keeper.process([record(7)], PLACE);
  // Once with one that is new, once alone.
  await keeper.process([record(7), record(7, { value: Buffer.from(other) }), record(8)], PLACE);
  await keeper.process([record(7, { value: Buffer.from(other) }), record(8)], PLACE);
  expect(await conflicts()).toBe(before + 2);
  const { rows } = await superuser.query(`SELECT data FROM events WHERE id = 'e-7'`);
  expect(rows).toEqual([{ data: record(7).value }]);
  expect(process.lines).toContainEqual(
    expect.objectContaining({ ...PLACE, source: ORDERS, event_id: 'e-7' }),
  );
});

test('while the database takes nothing all wait, and then go on', async () => {
  await superuser.query('ALTER TABLE events RENAME TO elsewhere');
  const waiting = await keeper.process([record(5)], PLACE);
  expect(waiting).toEqual({ outcomes: [], againAfterMs: expect.any(Number) });
  await superuser.query('ALTER TABLE elsewhere RENAME TO events');
  expect(await keeper.process([record(5)], PLACE)).toEqual({ outcomes: ['handled'] });
});
