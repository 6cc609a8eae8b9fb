import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { EchoRequestSchema } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { shopEvents } from './testing/shop-events.ts';
import { runInScope, scopeOf } from '../call-scope.ts';
import type { Database, Transaction } from '../postgres/database.ts';
import { eventually } from '../testing/eventually.ts';
import { eventMetrics } from './event-metrics.ts';
import type { DomainEvent } from './domain-event.ts';
import { Outbox } from './outbox.ts';
import type { Belonging } from './outbox.ts';
import { Relay } from './relay.ts';
import type { RelaySettings } from './relay.ts';
import { DatabaseWorld } from '../postgres/testing/database-world.ts';
import type { DatabaseProcess } from '../postgres/testing/database-world.ts';
import { RecordLog } from './testing/record-log.ts';

/** Polls so rarely that only a notice or a takeover explains what happens. */
const NEVER_MS = 600_000;

/** The server is everybody's. */
const LOCK_HOLDER = `SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
                     WHERE datname = current_database() AND locktype = 'advisory'`;

let world: DatabaseWorld;
let superuser: Pool;
let log: RecordLog;
let writer: DatabaseProcess;
const relays: Relay[] = [];

beforeAll(async () => {
  world = await DatabaseWorld.create();
  superuser = await world.createDatabase('shop', 'services/kit/events/tables');
  writer = await world.open('shop');
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  await superuser.query('TRUNCATE outbox');
  log = new RecordLog();
});

afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});

function event(key: string, version: number): ShopEvent {
  return {
    schema: EchoRequestSchema,
    key,
    version: BigInt(version),
    payload: Buffer.from(`${version}`),
  };
}

function relayOf(
  process: DatabaseProcess,
  settings: Partial<RelaySettings> = {},
  database: Pick<Database, 'dedicate'> = process.database,
): Relay {
  process.runtime.metrics.registry.clear();
  const relay = new Relay({
    database,
    publisher: log,
    log: process.runtime.log,
    metrics: eventMetrics(process.runtime.metrics.registry),
    source: process.runtime.configuration.spiffeId,
    settings: { pollMs: 50, takeoverMs: 50, backoffMaxMs: 200, ...settings },
  });
  relays.push(relay);
  relay.start();
  return relay;
}

type ShopEvent = DomainEvent<typeof EchoRequestSchema>;

const outbox = new Outbox<typeof shopEvents>(() => undefined);

function add(...events: ShopEvent[]): Promise<void> {
  return writer.database.transaction((transaction) => outbox.add(transaction, shopEvents, events));
}

async function left(): Promise<number> {
  const { rows } = await superuser.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL',
  );
  return rows[0]?.count ?? -1;
}

/** A transaction that is held open until it is let go. */
async function heldOpen(work: (transaction: Transaction) => Promise<void>) {
  const ready = Promise.withResolvers<undefined>();
  const release = Promise.withResolvers<undefined>();
  const done = writer.database.transaction(async (transaction) => {
    await work(transaction);
    ready.resolve(undefined);
    await release.promise;
  });
  await ready.promise;
  return {
    commit: async () => {
      release.resolve(undefined);
      await done;
    },
  };
}

describe('the outbox', () => {
  test('keeps events with their change, or not at all', async () => {
    await expect(
      writer.database.transaction(async (transaction) => {
        await outbox.add(transaction, shopEvents, [event('a', 1)]);
        throw new Error('the change failed');
      }),
    ).rejects.toThrow('the change failed');
    expect(await left()).toBe(0);
    await add(event('a', 1), event('b', 1));
    expect(await left()).toBe(2);
  });

  test('wakes the relay after the commit and never before or without it', async () => {
    const seen: number[] = [];
    const counting: Promise<void>[] = [];
    const waking = new Outbox<typeof shopEvents>(() =>
      counting.push(left().then((count) => void seen.push(count))),
    );
    await expect(
      writer.database.transaction(async (transaction) => {
        await waking.add(transaction, shopEvents, [event('a', 1)]);
        throw new Error('rolled back');
      }),
    ).rejects.toThrow();
    expect(counting).toHaveLength(0);
    await writer.database.transaction((transaction) =>
      waking.add(transaction, shopEvents, [event('a', 1)]),
    );
    await Promise.all(counting);
    expect(seen).toEqual([1]);
  });

  test('refuses two events for one version of an aggregate', async () => {
    await add(event('a', 1));
    await expect(add(event('a', 1))).rejects.toMatchObject({ code: '23505' });
  });
});

describe('the relay', () => {
  test('publishes with the attributes of CloudEvents and the trace of the change', async () => {
    relayOf(writer);
    const span = {
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      traceFlags: 1,
    };
    const { signal } = new AbortController();
    await runInScope(scopeOf({ timeoutMs: 5_000, signal, span }), () => add(event('a', 1)));
    await eventually(() => expect(log.records).toHaveLength(1));
    const [record] = log.records;
    expect(record).toMatchObject({
      topic: shopEvents.name,
      key: Buffer.from('a'),
      value: Buffer.from('1'),
    });
    expect(record?.headers).toEqual({
      ce_specversion: '1.0',
      ce_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      ce_source: 'spiffe://meridian.local/ns/meridian/sa/shop',
      ce_type: EchoRequestSchema.typeName,
      ce_subject: 'a',
      ce_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      // Of nobody's request, it begins a story of its own.
      ce_correlationid: record?.headers['ce_id'],
      ce_aggregateversion: '1',
      'content-type': 'application/protobuf',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    await eventually(async () => expect(await left()).toBe(0));
  });

  test('says what each event was caused by and belongs to: the request, or what the caller says', async () => {
    const { signal } = new AbortController();
    const cause = { id: 'request-1', correlationId: 'request-1' };
    const inRequest = (belonging?: Belonging): Promise<void> =>
      runInScope(scopeOf({ timeoutMs: 5_000, signal, cause }), () =>
        writer.database.transaction((transaction) =>
          outbox.add(transaction, shopEvents, [event(`a ${log.records.length}`, 1)], belonging),
        ),
      );
    relayOf(writer);
    const expected = [
      ['request-1', 'request-1'],
      ['request-1', 'order-1'],
      ['effect-1', 'order-1'],
    ];
    const given = [
      {},
      { correlationId: 'order-1' },
      { correlationId: 'order-1', causationId: 'effect-1' },
    ];
    for (const [index, belonging] of given.entries()) {
      await inRequest(belonging);
      await eventually(() => expect(log.records).toHaveLength(index + 1));
    }
    expect(
      log.records.map(({ headers }) => [headers['ce_causationid'], headers['ce_correlationid']]),
    ).toEqual(expected);
  });

  test('loses nothing that commits out of sequence order', async () => {
    // Has taken a lower position than the others, and commits last.
    const early = await heldOpen((transaction) =>
      outbox.add(transaction, shopEvents, [event('a', 1)]),
    );
    relayOf(writer);
    await add(event('b', 1));
    await add(event('c', 1), event('b', 2));
    await eventually(async () => {
      expect(log.records).toHaveLength(3);
      expect(await left()).toBe(0);
    });
    await early.commit();
    await eventually(() => expect(log.idsOf('a')).toHaveLength(1));
  });

  test('keeps the order of commits for each aggregate, in rounds of any size', async () => {
    const count = 60;
    for (let version = 1; version <= count; version += 1) {
      await add(event('a', version), event('b', version));
    }
    relayOf(writer, { batchEvents: 7, batchBytes: 5 });
    await eventually(async () => expect(await left()).toBe(0));
    for (const key of ['a', 'b']) {
      const versions = log.records
        .filter((record) => record.key?.toString() === key)
        .map(({ value }) => Number(value));
      expect(versions).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    }
  });

  test('is woken by a notice from another process', async () => {
    const relay = relayOf(writer, { pollMs: NEVER_MS });
    await eventually(() => expect(relay.active).toBe(true));
    const other = await world.open('shop');
    const standby = relayOf(other, { takeoverMs: NEVER_MS });
    await add(event('a', 1));
    // It can give a notice once it has its session.
    await eventually(() => {
      standby.wake();
      expect(log.records).toHaveLength(1);
    });
    expect(standby.active).toBe(false);
  });

  test('goes on after errors of the publisher, in order and without the lock changing hands', async () => {
    let failures = 3;
    log.before = () => {
      if (failures-- > 0) throw new Error('no broker');
    };
    const relay = relayOf(writer);
    await add(event('a', 1));
    await add(event('a', 2));
    await eventually(async () => expect(await left()).toBe(0));
    expect(log.records.map(({ value }) => Number(value))).toEqual([1, 2]);
    expect(relay.active).toBe(true);
  });

  test('that dies between sending and marking repeats the events, and loses none', async () => {
    log.after = async () => {
      log.after = () => undefined;
      await superuser.query(`SELECT pg_terminate_backend(pid) FROM (${LOCK_HOLDER}) AS holder`);
    };
    relayOf(writer);
    await add(event('a', 1), event('a', 2));
    await eventually(async () => expect(await left()).toBe(0));
    expect(log.records.map(({ value }) => Number(value))).toEqual([1, 2, 1, 2]);
    expect(log.idsOf('a')).toHaveLength(2);
  });

  test('gives way to another when its process falls silent, which cannot mark or reorder then', async () => {
    // A relay whose process is stopped: no heartbeat, and a round in hand.
    const stuck = Promise.withResolvers<undefined>();
    const inHand = Promise.withResolvers<undefined>();
    log.before = () => {
      log.before = () => undefined;
      inHand.resolve(undefined);
      return stuck.promise;
    };
    const silent = relayOf(writer, { heartbeatMs: NEVER_MS, lockTimeoutMs: 300 });
    await add(event('a', 1), event('a', 2));
    await inHand.promise;
    const other = await world.open('shop');
    const successor = relayOf(other);
    await eventually(() => expect(successor.active).toBe(true));
    await add(event('a', 3));
    await eventually(async () => expect(await left()).toBe(0));
    stuck.resolve(undefined);
    await eventually(() => expect(silent.active).toBe(false));
    await eventually(() =>
      expect(log.records.map(({ value }) => Number(value))).toEqual([1, 2, 3, 1, 2]),
    );
    expect(log.idsOf('a')).toHaveLength(3);
  });

  test('keeps its lock while a send takes longer than the server waits for silence', async () => {
    const slow = Promise.withResolvers<undefined>();
    const sending = Promise.withResolvers<undefined>();
    log.before = () => {
      sending.resolve(undefined);
      return slow.promise;
    };
    const relay = relayOf(writer, { heartbeatMs: 50, lockTimeoutMs: 2_000 });
    await add(event('a', 1));
    await sending.promise;
    const { rows } = await superuser.query<{ pid: number }>(LOCK_HOLDER);
    await once(AbortSignal.timeout(3_000), 'abort');
    slow.resolve(undefined);
    await eventually(async () => expect(await left()).toBe(0));
    const { rows: after } = await superuser.query<{ pid: number }>(LOCK_HOLDER);
    expect(after).toEqual(rows);
    expect(relay.active).toBe(true);
  });

  test('measures what waits, and deletes what was published long ago', async () => {
    log.before = () => {
      throw new Error('no broker');
    };
    relayOf(writer, { upkeepMs: 20, retentionMs: 0 });
    await add(event('a', 1), event('a', 2));
    const { registry } = writer.runtime.metrics;
    await eventually(async () => {
      expect(await registry.metrics()).toMatch(/^outbox_unpublished_events 2$/m);
      expect(await registry.metrics()).toMatch(/^outbox_oldest_unpublished_age_seconds 0\.\d+/m);
      expect(await registry.metrics()).toMatch(/^outbox_relay_active 1$/m);
    });
    log.before = () => undefined;
    await eventually(async () => {
      const { rows } = await superuser.query('SELECT 1 FROM outbox');
      expect(rows).toHaveLength(0);
      expect(await registry.metrics()).toMatch(/^outbox_unpublished_events 0$/m);
    });
    expect(await registry.metrics()).toMatch(/^outbox_published_total{topic="shop.events.v1"} 2$/m);
  });
});
