import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Admin, Kafka } from 'kafkajs';
import type { Pool } from 'pg';
import { startKafka } from '../../../tests/engines/kafka.ts';
import type { ThrowAwayKafka } from '../../../tests/engines/kafka.ts';
import { openKafka } from '../kafka/client.ts';
import { KafkaPublisher } from '../kafka/kafka-publisher.ts';
import { openDatabase } from '../postgres/database.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { writeIdentity } from '../testing/authority.ts';
import { writeBinding } from '../testing/bindings.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoRequestSchema } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import type { EchoRequest } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { cloudEventHeaders } from './cloud-event.ts';
import { consume } from './consume.ts';
import { domainEvent } from './domain-event.ts';
import { on } from './event-handler.ts';
import type { EventHandler } from './event-handler.ts';
import { openInbox } from './inbox.ts';
import { openOutbox } from './open-outbox.ts';
import { Outbox } from './outbox.ts';
import type { OutgoingRecord } from './publisher.ts';
import { EventWorld } from './testing/event-world.ts';
import type { DatabaseProcess } from './testing/event-world.ts';
import { uuidV7 } from './uuid-v7.ts';

/** The declaration of a service that consumes the topic of a test. */
interface Ledger {
  readonly consumes: readonly [{ readonly name: 'shop.events.v1' }];
}

const TOPIC = 'shop.events.v1';
const DEAD = `${TOPIC}.dlq`;

let world: EventWorld;
let kafka: ThrowAwayKafka;
let admin: Admin;
let superuser: Pool;
let asAdmin: Kafka;

beforeAll(async () => {
  [world, kafka] = await Promise.all([EventWorld.create(), startKafka()]);
  superuser = await world.createDatabase('shop', 'services/kit/events/tables');
  asAdmin = kafka.client(await kafka.issueAdmin());
  admin = asAdmin.admin();
  await admin.connect();
}, 180_000);

afterAll(async () => {
  await admin.disconnect();
  await world.close();
  await kafka.stop();
});

beforeEach(async () => {
  await superuser.query('TRUNCATE outbox, inbox');
  await admin.deleteTopics({ topics: (await admin.listTopics()).filter(isOurs) });
  await eventually(async () => expect((await admin.listTopics()).filter(isOurs)).toEqual([]));
  await admin.createTopics({
    topics: [TOPIC, DEAD].map((topic) => ({ topic, numPartitions: 3, replicationFactor: 1 })),
  });
});

function isOurs(name: string): boolean {
  return [TOPIC, DEAD].includes(name);
}

/** The folder of a process named shop, with a binding to Kafka as an administrator. */
async function prepare(): Promise<string> {
  const folder = await world.prepare('shop');
  writeBinding(folder, 'kafka', {
    type: 'kafka',
    'bootstrap-servers': kafka.bootstrapServers.join(','),
    'tls-folder': 'kafka-tls',
  });
  writeIdentity(join(folder, 'kafka-tls'), await kafka.issueAdmin());
  return folder;
}

/** A process of the test's own process, with its database open; its release is active by default. */
async function open(role?: string): Promise<DatabaseProcess> {
  const folder = await prepare();
  if (role !== undefined) world.world.setRole(folder, role);
  const process = await world.world.start(folder);
  return { ...process, database: openDatabase(process.runtime, 'shop-postgres') };
}

/** A relay in a process of its own, that can be stopped and killed. */
async function spawnRelay(): Promise<ChildProcess> {
  const cwd = await prepare();
  const main = fileURLToPath(new URL('./testing/relay-main.ts', import.meta.url));
  return spawn(process.execPath, ['--tls-min-v1.3', main], {
    cwd,
    env: {
      SERVICE_BINDING_ROOT: join(cwd, 'bindings'),
      MERIDIAN_SERVICE_FILE: join(cwd, 'config/service.json'),
    },
    stdio: 'ignore',
  });
}

/** The backend that holds the relay's lock; undefined while nobody does. */
async function lockHolder(): Promise<number | undefined> {
  const { rows } = await superuser.query<{ pid: number }>(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted",
  );
  return rows[0]?.pid;
}

async function change(
  process: DatabaseProcess,
  outbox: Outbox<typeof TOPIC>,
  key: string,
  version: number,
): Promise<void> {
  const message = { text: `${key} ${version}` };
  const event = domainEvent(EchoRequestSchema, message, { key, version: BigInt(version) });
  await process.database.transaction((transaction) => outbox.add(transaction, TOPIC, [event]));
}

/** A record as the outbox would publish it. */
function record(key: string, text: string, changes: Partial<OutgoingRecord> = {}): OutgoingRecord {
  const value = toBinary(EchoRequestSchema, create(EchoRequestSchema, { text }));
  return {
    topic: TOPIC,
    key: Buffer.from(key),
    value: Buffer.from(value),
    headers: cloudEventHeaders({
      id: uuidV7(),
      source: 'spiffe://meridian.local/ns/meridian/sa/shop',
      type: EchoRequestSchema.typeName,
      subject: key,
      time: new Date(),
    }),
    ...changes,
  };
}

interface Read {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads a topic from its start, in the order of each partition, until it holds so many records. */
async function read(topic: string, count: number): Promise<readonly Read[]> {
  const consumer = asAdmin.consumer({ groupId: `test-${uuidV7()}`, maxWaitTimeInMs: 200 });
  const found: Read[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      const entries = Object.entries(message.headers ?? {});
      found.push({
        key: message.key?.toString() ?? '',
        value: message.value ?? Buffer.alloc(0),
        headers: Object.fromEntries(entries.map(([name, value]) => [name, String(value)])),
      });
      return Promise.resolve();
    },
  });
  await eventually(() => expect(found.length).toBeGreaterThanOrEqual(count), 60_000);
  await consumer.disconnect();
  return found;
}

/** Consumes the topic with a handler that notes what it handles. */
function follow(
  process: DatabaseProcess,
  before: (message: EchoRequest) => Promise<void> | void = () => undefined,
): string[] {
  const handled: string[] = [];
  const handler: EventHandler = on(EchoRequestSchema, async (message) => {
    await before(message);
    handled.push(message.text);
  });
  consume<Ledger>(process.runtime, {
    inbox: openInbox(process.runtime, process.database),
    topics: { [TOPIC]: [handler] },
    retry: { backoffFirstMs: 10, backoffMaxMs: 50, attemptsMax: 3 },
  });
  return handled;
}

async function unpublished(): Promise<number> {
  const { rows } = await superuser.query('SELECT 1 FROM outbox WHERE published_at IS NULL');
  return rows.length;
}

describe('events on their way through Kafka', () => {
  test('arrive with their attributes, and the response never waits for them', async () => {
    const shop = await open();
    const outbox = openOutbox<typeof TOPIC>(shop.runtime, shop.database);
    await change(shop, outbox, 'a', 1);
    const [event] = await read(TOPIC, 1);
    expect(event?.key).toBe('a');
    expect(event?.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ce_source: 'spiffe://meridian.local/ns/meridian/sa/shop',
      ce_type: 'meridian.kittest.v1.EchoRequest',
      'content-type': 'application/protobuf',
    });
    await shop.runtime.stop();
  }, 120_000);

  test('wait while the broker is away, and then arrive all, in order for each key', async () => {
    const shop = await open();
    const outbox = openOutbox<typeof TOPIC>(shop.runtime, shop.database);
    shop.runtime.readiness.serving();
    const handled = follow(shop);
    const versions = Array.from({ length: 20 }, (_, index) => index + 1);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const write = (from: number, to: number) =>
      Promise.all(
        keys.map(async (key) => {
          for (const version of versions.slice(from, to)) await change(shop, outbox, key, version);
        }),
      );
    await write(0, 5);
    await kafka.brokers[0]?.kill();
    await write(5, 15);
    expect(await unpublished()).toBeGreaterThan(0);
    expect((await shop.runtime.readiness.report()).ready).toBe(true);
    kafka.brokers[0]?.start();
    await write(15, 20);
    await eventually(() => expect(handled).toHaveLength(keys.length * versions.length), 90_000);
    for (const key of keys) {
      expect(handled.filter((text) => text.startsWith(key))).toEqual(
        versions.map((version) => `${key} ${version}`),
      );
    }
    await eventually(async () => expect(await unpublished()).toBe(0));
    await shop.runtime.stop();
  }, 180_000);

  test('go on when the relay is stopped, and when it is killed: none lost, none out of order', async () => {
    const shop = await open();
    const handled = follow(shop);
    const silent = new Outbox<typeof TOPIC>(() => undefined);
    const child = await spawnRelay();
    await eventually(async () => expect(await lockHolder()).toBeDefined(), 30_000);
    const stopped = await lockHolder();
    await change(shop, silent, 'a', 1);
    await eventually(() => expect(handled).toHaveLength(1), 60_000);

    child.kill('SIGSTOP');
    await change(shop, silent, 'a', 2);
    const successor = await spawnRelay();
    await eventually(() => expect(handled).toHaveLength(2), 60_000);
    expect(await lockHolder()).not.toBe(stopped);

    child.kill('SIGCONT');
    await change(shop, silent, 'a', 3);
    await eventually(() => expect(handled).toHaveLength(3), 60_000);
    const exited = once(successor, 'exit');
    successor.kill('SIGKILL');
    await exited;
    await change(shop, silent, 'a', 4);
    await eventually(() => expect(handled).toEqual(['a 1', 'a 2', 'a 3', 'a 4']), 60_000);
    const over = once(child, 'exit');
    child.kill('SIGKILL');
    await over;
    await shop.runtime.stop();
  }, 180_000);

  test('that are repeated have their effect once', async () => {
    const shop = await open();
    const publisher = new KafkaPublisher(openKafka(shop.runtime));
    const one = record('a', 'one');
    await publisher.publish([one, one, record('a', 'two'), one]);
    const handled = follow(shop);
    await eventually(() => expect(handled).toEqual(['one', 'two']), 60_000);
    await eventually(async () => {
      const metrics = await shop.runtime.metrics.registry.metrics();
      expect(metrics).toContain('outcome="repeated"} 2');
      expect(metrics).toMatch(/^consumer_lag_events{.*} 0$/m);
    });
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('that no handler can take go to the dead letters with all they had, and hold up nobody', async () => {
    const shop = await open();
    const publisher = new KafkaPublisher(openKafka(shop.runtime));
    const garbled = record('a', '', { value: Buffer.from([0xff, 0xff]) });
    const foreign = record('a', '', { headers: { 'x-other': 'kept' } });
    await publisher.publish([garbled, record('a', 'poison'), foreign, record('a', 'good')]);
    const handled = follow(shop, ({ text }) => {
      if (text === 'poison') throw new TypeError('always');
    });
    await eventually(() => expect(handled).toEqual(['good']), 60_000);
    const dead = await read(DEAD, 3);
    expect(dead.map(({ headers }) => [headers['dlq-error'], headers['dlq-attempts']])).toEqual([
      ['MalformedEventError', '1'],
      ['TypeError', '3'],
      ['MalformedEventError', '1'],
    ]);
    expect(dead[0]).toMatchObject({ key: 'a', value: garbled.value });
    expect(dead[0]?.headers).toMatchObject({
      ...garbled.headers,
      'dlq-consumer': 'shop',
      'dlq-topic': TOPIC,
      'dlq-offset': '0',
    });
    expect(dead[2]?.headers).toMatchObject({ 'x-other': 'kept' });
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('wait for a dependency that is away, however long, and keep their order', async () => {
    const shop = await open();
    const publisher = new KafkaPublisher(openKafka(shop.runtime));
    await publisher.publish([record('a', 'one'), record('a', 'two')]);
    let away = 10;
    const handled = follow(shop, () => {
      if (away-- > 0) throw new RpcError('UNAVAILABLE', 'the database is unavailable');
    });
    await eventually(() => expect(handled).toEqual(['one', 'two']), 60_000);
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('survive a rebalance: two replicas share the work, one leaves, nothing is lost or done twice', async () => {
    const [first, second] = [await open(), await open()];
    const publisher = new KafkaPublisher(openKafka(first.runtime));
    const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`);
    const send = (round: number) =>
      publisher.publish(keys.map((key) => record(key, `${key} ${round}`)));
    const handled = [follow(first)];
    await send(1);
    await eventually(() => expect(handled.flat()).toHaveLength(30), 60_000);
    handled.push(follow(second));
    await send(2);
    await eventually(() => expect(handled.flat()).toHaveLength(60), 60_000);
    await second.runtime.stop();
    await send(3);
    await eventually(() => expect(handled.flat()).toHaveLength(90), 60_000);
    expect(new Set(handled.flat()).size).toBe(90);
    await publisher.close();
    await first.runtime.stop();
  }, 180_000);

  test('are left to others by a release that waits for its promotion, and are its own from then on', async () => {
    const waiting = await open('preview');
    const outbox = openOutbox<typeof TOPIC>(waiting.runtime, waiting.database);
    const late = follow(waiting);
    const active = await open();
    openOutbox<typeof TOPIC>(active.runtime, active.database);
    const handled = follow(active);
    await change(waiting, outbox, 'a', 1);
    await eventually(() => expect(handled).toEqual(['a 1']), 60_000);
    const { groups } = await admin.describeGroups(['shop.events']);
    expect(groups.map(({ members }) => members.length)).toEqual([1]);
    const relaying = expect.objectContaining({ message: 'the outbox relay of this process is on' });
    expect(active.lines).toContainEqual(relaying);
    expect(waiting.lines).not.toContainEqual(relaying);
    await active.runtime.stop();
    await change(waiting, outbox, 'a', 2);
    world.world.setRole(waiting.folder, 'active');
    await eventually(() => expect(late).toEqual(['a 2']), 60_000);
    expect(waiting.lines).toContainEqual(relaying);
    await waiting.runtime.stop();
  }, 120_000);

  test('go on when the certificate is renewed, without an error', async () => {
    const shop = await open();
    const outbox = openOutbox<typeof TOPIC>(shop.runtime, shop.database);
    const handled = follow(shop);
    for (let version = 1; version <= 5; version += 1) {
      await change(shop, outbox, 'a', version);
      writeIdentity(join(shop.folder, 'kafka-tls'), await kafka.issueAdmin());
      await eventually(() => {
        expect(shop.lines.filter(({ message }) => message === 'certificate renewed')).toHaveLength(
          version,
        );
      });
    }
    await eventually(() => expect(handled).toHaveLength(5), 60_000);
    expect(shop.lines.filter(({ level }) => level !== 'info')).toEqual([]);
    await shop.runtime.stop();
  }, 120_000);
});

test('a binding that names no broker is refused with the file to mend', async () => {
  const shop = await open();
  writeFileSync(join(shop.folder, 'bindings/kafka/bootstrap-servers'), 'nowhere');
  expect(() => openOutbox(shop.runtime, shop.database)).toThrow(
    /bootstrap-servers must be host:port.*'nowhere'/,
  );
});
