import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import type { Pool } from 'pg';
import type { Transaction } from '../postgres/database.ts';
import { DatabaseWorld } from '../postgres/testing/database-world.ts';
import type { DatabaseProcess } from '../postgres/testing/database-world.ts';
import { eventually } from '../testing/eventually.ts';
import type { EchoRequest } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { EchoRequestSchema } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { DEAD_LETTER_HEADERS, REPLAY_HEADER, dropOf, replayOf } from './dead-letter.ts';
import { on } from './event-handler.ts';
import { Inbox } from './inbox.ts';
import { RecordProcessor } from './record-processor.ts';
import type { OutgoingRecord } from './publisher.ts';
import { RecordLog } from './testing/record-log.ts';
import { TOPIC, record } from './testing/shop.ts';

/** Who reads the topic. */
const CONSUMER = 'ledger';

/** Of another service, whose aggregates may have the same keys. */
const OTHER_TOPIC = 'stall.events.v1';

let world: DatabaseWorld;
let superuser: Pool;
let shop: DatabaseProcess;
let dead: RecordLog;
/** What was handled, in its order; an event whose transaction rolls back is not in it. */
let handled: string[];
/** What a handler does about a text, before it is handled. */
let before: (text: string) => Promise<void> | void;
let offset = 0;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  superuser = await world.createDatabase('shop', 'services/kit/events/tables');
  shop = await world.open('shop');
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  await superuser.query('TRUNCATE inbox, held_events, dropped_events');
  dead = new RecordLog();
  handled = [];
  before = () => undefined;
});

/** What a replica of the consumer does with the topic; it knows nothing of any other. */
function replica(consumer = CONSUMER): RecordProcessor {
  const handle = async ({ text }: EchoRequest, transaction: Transaction): Promise<void> => {
    await before(text);
    transaction.onCommit(() => handled.push(text));
  };
  return new RecordProcessor({
    consumer,
    inbox: new Inbox(shop.database, consumer),
    handlers: new Map([TOPIC, OTHER_TOPIC].map((name) => [name, [on(EchoRequestSchema, handle)]])),
    deadLetters: dead,
    log: shop.runtime.log,
    tracing: shop.runtime.tracing,
    retry: { attemptsMax: 2, backoffFirstMs: 1, backoffMaxMs: 2, attemptTimeoutMs: 5_000 },
  });
}

/** A record as it is read, behind all others. */
function arriving({ key, value, headers }: OutgoingRecord): KafkaMessage {
  offset += 1;
  const message = { key, value, headers: { ...headers }, offset: String(offset) };
  return { ...message, timestamp: '0', attributes: 0 };
}

const event = (text: string): KafkaMessage => arriving(record(text.slice(0, 1), text));

/** What becomes of a record in the end. */
async function outcomeOf(
  processor: RecordProcessor,
  message: KafkaMessage,
  topic: string = TOPIC,
): Promise<string> {
  for (;;) {
    const step = await processor.process(message, { topic, partition: 0 });
    if (step.kind === 'done') return step.outcome;
  }
}

async function outcomesOf(processor: RecordProcessor, texts: readonly string[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const text of texts) outcomes.push(await outcomeOf(processor, event(text)));
  return outcomes;
}

/** The first dead letter as a replay brings it back. */
function replay(): KafkaMessage {
  const [letter] = dead.records;
  if (letter === undefined) throw new Error('there is no dead letter');
  return arriving(replayOf(arriving(letter)));
}

/** What brings the first dead letter back, so that it is let go. */
function drop(): KafkaMessage {
  const [letter] = dead.records;
  if (letter === undefined) throw new Error('there is no dead letter');
  return arriving(dropOf(arriving(letter), String(letter.headers['ce_id']), REASON));
}

const REASON = 'its order was cancelled by hand';

/** The ids of records, by the texts of their events. */
function idsOf(records: readonly OutgoingRecord[]): readonly unknown[] {
  return records.map(({ headers }) => headers['ce_id']);
}

/** Waits until so many transactions wait for the lock of an aggregate. */
async function untilWaiting(count: number): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND query LIKE '%pg_advisory_xact_lock%'`;
  await eventually(async () => expect((await superuser.query(waiting)).rowCount).toBe(count));
}

function failOn(...texts: readonly string[]): void {
  before = (text) => {
    if (texts.includes(text)) throw new TypeError(`no handler can take '${text}'`);
  };
}

test('behind an event that failed, later ones of its aggregate wait and all others flow', async () => {
  failOn('a1');
  expect(await outcomesOf(replica(), ['a1', 'b1', 'a2'])).toEqual(['dead', 'handled', 'held']);
  // Another replica, as after a rebalance or a restart.
  expect(await outcomesOf(replica(), ['b2', 'a3'])).toEqual(['handled', 'held']);
  expect(handled).toEqual(['b1', 'b2']);
  expect(
    dead.records.map(({ headers }) => [
      headers[DEAD_LETTER_HEADERS.error],
      headers[DEAD_LETTER_HEADERS.behind],
    ]),
  ).toEqual([
    ['TypeError', undefined],
    ['HeldBack', dead.records[0]?.headers['ce_id']],
    ['HeldBack', dead.records[0]?.headers['ce_id']],
  ]);
});

test('a replay brings back the event and what waited behind it, in order, and each is done once', async () => {
  failOn('a1');
  await outcomesOf(replica(), ['a1', 'a2', 'a3']);
  before = () => undefined;
  const message = replay();
  expect(message).toMatchObject({ key: Buffer.from('a') });
  expect(message.headers).toEqual({
    ...Object.fromEntries(
      Object.entries(dead.records[0]?.headers ?? {}).filter(([name]) => !name.startsWith('dlq-')),
    ),
    [REPLAY_HEADER]: CONSUMER,
  });
  const processor = replica();
  await outcomeOf(processor, message);
  expect(handled).toEqual(['a1', 'a2', 'a3']);
  await outcomeOf(processor, replay());
  expect(await outcomesOf(processor, ['a4'])).toEqual(['handled']);
  expect(handled).toEqual(['a1', 'a2', 'a3', 'a4']);
  const settled = dead.records.filter(({ headers }) => DEAD_LETTER_HEADERS.settled in headers);
  expect(new Set(settled.map(({ headers }) => headers['ce_id']))).toEqual(
    new Set(dead.records.map(({ headers }) => headers['ce_id'])),
  );
});

test('a replay is for the consumer that failed, and nothing to others', async () => {
  failOn('a1');
  await outcomesOf(replica(), ['a1']);
  before = () => undefined;
  const other = replica('archive');
  expect(await outcomesOf(other, ['a1'])).toEqual(['handled']);
  expect(await outcomeOf(other, replay())).toBe('ignored');
  expect(handled).toEqual(['a1']);
});

test('a replay whose event fails again leaves all as it was; one behind it that fails is the next in the way', async () => {
  failOn('a1', 'a3');
  const processor = replica();
  await outcomesOf(processor, ['a1', 'a2', 'a3', 'a4']);
  expect(await outcomeOf(processor, replay())).toBe('dead');
  expect(handled).toEqual([]);
  failOn('a3');
  expect(await outcomeOf(processor, replay())).toBe('dead');
  expect(handled).toEqual(['a1', 'a2']);
  // The letter is that of the event that failed, not of the one that was replayed.
  expect(dead.records.at(-1)?.value).toEqual(record('a', 'a3').value);
  expect(await outcomesOf(processor, ['a5'])).toEqual(['held']);
  before = () => undefined;
  await outcomeOf(processor, replay());
  expect(handled).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
});

test('an event that comes again while it is held is held once', async () => {
  failOn('a1');
  const [first, second] = [event('a1'), event('a2')];
  for (const message of [first, second, first, second]) await outcomeOf(replica(), message);
  before = () => undefined;
  await outcomeOf(replica(), replay());
  expect(handled).toEqual(['a1', 'a2']);
});

test('nothing is held behind the last event that is being released, by a replica that lags', async () => {
  failOn('a1');
  await outcomesOf(replica(), ['a1']);
  const releasing = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  before = async (text) => {
    if (text !== 'a1') return;
    releasing.resolve(undefined);
    await goOn.promise;
  };
  const release = outcomeOf(replica(), replay());
  await releasing.promise;
  // It finds the aggregate blocked, and waits for its turn to say so.
  const late = outcomeOf(replica(), event('a2'));
  await untilWaiting(1);
  goOn.resolve(undefined);
  await release;
  expect(await late).toBe('handled');
  expect(handled).toEqual(['a1', 'a2']);
});

test('an event is released by one of two replicas that have its replay at once, and has its effect once', async () => {
  failOn('a1');
  await outcomesOf(replica(), ['a1', 'a2']);
  const goOn = Promise.withResolvers<undefined>();
  before = () => goOn.promise;
  const both = [replica(), replica()].map((one) => outcomeOf(one, replay()));
  // The other has found the same event to be the next, and waits for its turn.
  await untilWaiting(1);
  goOn.resolve(undefined);
  await Promise.all(both);
  expect(handled).toEqual(['a1', 'a2']);
});

test('an aggregate of another topic that has the same key waits for nobody', async () => {
  failOn('a1');
  await outcomesOf(replica(), ['a1']);
  expect(await outcomeOf(replica(), event('a2'), OTHER_TOPIC)).toBe('handled');
  expect(handled).toEqual(['a2']);
});

test('an event that is dropped has no effect and is kept with the reason, and later ones flow again', async () => {
  failOn('a1');
  const processor = replica();
  await outcomesOf(processor, ['a1', 'a2', 'a3']);
  const message = drop();
  expect(await outcomeOf(replica('archive'), message)).toBe('ignored');
  expect(await outcomeOf(processor, message)).toBe('dropped');
  expect(await outcomesOf(processor, ['a4'])).toEqual(['handled']);
  expect(handled).toEqual(['a2', 'a3', 'a4']);
  const { rows } = await superuser.query('SELECT * FROM dropped_events');
  const [letter] = dead.records;
  expect(rows).toMatchObject([
    { consumer: CONSUMER, topic: TOPIC, event_id: letter?.headers['ce_id'], reason: REASON },
  ]);
  expect(rows).toMatchObject([{ key: letter?.key, value: letter?.value }]);
  const settled = dead.records.filter(({ headers }) => DEAD_LETTER_HEADERS.settled in headers);
  expect(idsOf(settled)).toEqual(idsOf(dead.records.slice(0, 3)));
  expect(settled.map(({ headers }) => headers[DEAD_LETTER_HEADERS.dropped])).toEqual([
    ...[REASON, undefined, undefined],
  ]);
  // Neither the topic, nor a replay, nor another drop brings it back.
  before = () => undefined;
  for (const again of [replay(), drop(), replay()]) {
    expect(await outcomeOf(processor, again)).toBe('repeated');
  }
  expect(handled).toEqual(['a2', 'a3', 'a4']);
});

test('an event behind one that is dropped may fail, and is in the way then', async () => {
  failOn('a1', 'a2');
  const processor = replica();
  await outcomesOf(processor, ['a1', 'a2', 'a3']);
  expect(await outcomeOf(processor, drop())).toBe('dead');
  expect(await outcomesOf(processor, ['a4'])).toEqual(['held']);
  expect(dead.records.at(-2)?.value).toEqual(record('a', 'a2').value);
  // The first is gone for good all the same.
  before = () => undefined;
  await outcomeOf(processor, replay());
  expect(handled).toEqual(['a2', 'a3', 'a4']);
});

test('an event that waits behind another is not dropped before that is decided about', async () => {
  failOn('a1');
  const processor = replica();
  await outcomesOf(processor, ['a1', 'a2']);
  const [, second] = dead.records;
  if (second === undefined) throw new Error('nothing waits');
  const early = arriving(dropOf(arriving(second), String(second.headers['ce_id']), REASON));
  expect(await outcomeOf(processor, early)).toBe('ignored');
  before = () => undefined;
  await outcomeOf(processor, replay());
  expect(handled).toEqual(['a1', 'a2']);
});

test('a record without the headers of an event blocks nobody, and can be dropped by what it is called', async () => {
  const processor = replica();
  const foreign = arriving(record('a', '', { headers: { 'x-other': 'kept' } }));
  expect(await outcomeOf(processor, foreign)).toBe('dead');
  expect(await outcomesOf(processor, ['a1'])).toEqual(['handled']);
  const [letter] = dead.records;
  if (letter === undefined) throw new Error('there is no dead letter');
  // A replay of it is the same letter again.
  expect(await outcomeOf(processor, arriving(replayOf(arriving(letter), 'its-name')))).toBe('dead');
  const last = dead.records.at(-1);
  expect(last?.headers[DEAD_LETTER_HEADERS.id]).toBe('its-name');
  const dropped = arriving(dropOf(arriving(letter), 'its-name', REASON));
  expect(await outcomeOf(processor, dropped)).toBe('dropped');
  expect(dead.records.at(-1)?.headers).toMatchObject({
    'x-other': 'kept',
    [DEAD_LETTER_HEADERS.id]: 'its-name',
    [DEAD_LETTER_HEADERS.dropped]: REASON,
  });
});
