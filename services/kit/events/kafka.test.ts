import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AclResourceTypes } from 'kafkajs';
import { sharedKafka } from '../../../tests/engines/shared-engines.ts';
import type { shopEvents } from './testing/shop-events.ts';
import { openKafka } from '../kafka/client.ts';
import { KafkaPublisher } from '../kafka/kafka-publisher.ts';
import { writeIdentity } from '../testing/authority.ts';
import { eventually } from '../testing/eventually.ts';
import type { EchoRequest } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import type { DatabaseProcess } from '../postgres/testing/database-world.ts';
import { replayOf } from './dead-letter.ts';
import { openOutbox } from './open-outbox.ts';
import { Outbox } from './outbox.ts';
import { DEAD, Shop, TOPIC, change, follow, keep, record } from './testing/shop.ts';

let world: Shop;

beforeAll(async () => {
  world = await Shop.create(await sharedKafka('shop'));
}, 180_000);

afterAll(() => world.close());

beforeEach(async () => {
  await world.stopProcesses();
  await world.clear();
});

describe('events on their way through Kafka', () => {
  test('arrive with their attributes, and the response never waits for them', async () => {
    const shop = await world.open();
    const outbox = openOutbox<typeof shopEvents>(shop.runtime, shop.database);
    await change(shop, outbox, 'a', 1);
    const [event] = await world.read(TOPIC, 1);
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

  test('go on when the relay is stopped, and when it is killed: none lost, none out of order', async () => {
    const shop = await world.open();
    const handled = follow(shop);
    const silent = new Outbox<typeof shopEvents>(() => undefined);
    const child = await world.spawnRelay();
    await eventually(async () => expect(await world.lockHolder()).toBeDefined(), 30_000);
    const stopped = await world.lockHolder();
    await change(shop, silent, 'a', 1);
    await eventually(() => expect(handled).toHaveLength(1), 60_000);

    child.kill('SIGSTOP');
    await change(shop, silent, 'a', 2);
    const successor = await world.spawnRelay();
    await eventually(() => expect(handled).toHaveLength(2), 60_000);
    expect(await world.lockHolder()).not.toBe(stopped);

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
    const shop = await world.open();
    const publisher = new KafkaPublisher(openKafka(shop.runtime));
    const one = record('a', 'one');
    await publisher.publish([one, one, record('a', 'two'), one]);
    const handled = follow(shop);
    await eventually(() => expect(handled).toEqual(['one', 'two']), 60_000);
    await eventually(async () => {
      const metrics = await shop.runtime.metrics.registry.metrics();
      expect(metrics).toContain('outcome="repeated"} 2');
      expect(metrics).toMatch(/^consumer_lag_events{.*} 0$/m);
      expect(metrics).toMatch(/^consumer_lag_seconds{.*} 0$/m);
    });
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('that no handler can take go to the dead letters with all they had, and hold up nobody else', async () => {
    const shop = await world.open();
    const publisher = new KafkaPublisher(openKafka(shop.runtime));
    const garbled = record('a', '', { value: Buffer.from([0xff, 0xff]) });
    const foreign = record('a', '', { headers: { 'x-other': 'kept' } });
    await publisher.publish([foreign, garbled, record('a', 'later'), record('b', 'good')]);
    const handled = follow(shop);
    await eventually(() => expect(handled).toEqual(['good']), 60_000);
    const dead = await world.read(DEAD, 3);
    expect(dead.map(({ headers }) => [headers['dlq-error'], headers['dlq-attempts']])).toEqual([
      ['MalformedEventError', '1'],
      ['MalformedEventError', '1'],
      ['HeldBack', '0'],
    ]);
    expect(dead[0]?.headers).toMatchObject({ 'x-other': 'kept' });
    expect(dead[1]).toMatchObject({ key: 'a', value: garbled.value });
    expect(dead[1]?.headers).toMatchObject({
      ...garbled.headers,
      'dlq-consumer': 'shop',
      'dlq-topic': TOPIC,
      'dlq-offset': '1',
    });
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('wait for what is away, whoever says so and however long, and hold up no other partition', async () => {
    const shop = await world.open();
    const publisher = new KafkaPublisher(openKafka(shop.runtime));
    // Of two partitions, each waiting until the other has been tried.
    await publisher.publish([record('a', 'one'), record('a', 'two'), record('b', 'other')]);
    let attempts = 0;
    const handled = follow(shop, ({ text }) => {
      if (text === 'one') attempts += 1;
      const done = text === 'other' ? attempts > 0 : attempts > 6 && handled.includes('other');
      if (!done) throw Object.assign(new Error('connect ECONNREFUSED'), { syscall: 'connect' });
    });
    await eventually(async () => {
      const metrics = await shop.runtime.metrics.registry.metrics();
      expect(metrics).toMatch(/^consumer_waiting{.*} 1$/m);
      expect(metrics).toMatch(/^consumer_lag_seconds{.*} (?!0$)/m);
    });
    await eventually(() => expect(handled).toEqual(['other', 'one', 'two']), 30_000);
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('are set aside no more when one after the other fails, and wait for the repair', async () => {
    const shop = await world.open();
    const publisher = new KafkaPublisher(openKafka(shop.runtime));
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    await publisher.publish(keys.map((key) => record(key, key)));
    let broken = true;
    const handled = follow(shop, () => {
      if (broken) throw new TypeError('always');
    });
    const message = 'one event after the other fails, so none is to blame; waiting';
    await eventually(
      () => expect(shop.lines).toContainEqual(expect.objectContaining({ message })),
      30_000,
    );
    broken = false;
    await eventually(() => expect(handled).toHaveLength(keys.length - 2), 30_000);
    const dead = await world.read(DEAD, 2);
    expect([...handled, ...dead.map(({ key }) => key)].toSorted()).toEqual(keys);
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('of several partitions are handled at once', async () => {
    const shop = await world.open();
    const publisher = new KafkaPublisher(openKafka(shop.runtime));
    await publisher.publish([record('a', 'one'), record('b', 'other')]);
    const [one, other] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const handled = follow(shop, async ({ text }) => {
      (text === 'one' ? one : other).resolve(undefined);
      await Promise.all([one.promise, other.promise]);
    });
    await eventually(() => expect(handled.toSorted()).toEqual(['one', 'other']), 30_000).finally(
      () => [one, other].forEach(({ resolve }) => resolve(undefined)),
    );
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('leave half of the connections to requests, and count while they wait for their turn', async () => {
    const shop = await world.open({ connections: 2 });
    const publisher = new KafkaPublisher(openKafka(shop.runtime));
    await publisher.publish([record('a', 'one'), record('b', 'other')]);
    const done = Promise.withResolvers<undefined>();
    let atWork = 0;
    const handled = follow(shop, async () => {
      atWork += 1;
      await done.promise;
    });
    const waiting = async (): Promise<unknown> =>
      (await shop.runtime.metrics.registry.metrics()).match(/^consumer_lag_events{.*} 1$/gm);
    await eventually(() => expect(atWork).toBe(1), 30_000);
    await eventually(async () => expect(await waiting()).toHaveLength(2), 30_000);
    await shop.database.query({ name: 'one', text: 'SELECT 1' });
    expect(atWork).toBe(1);
    done.resolve(undefined);
    await eventually(() => expect(handled).toHaveLength(2), 30_000);
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('keep their consumer in its group while one of them takes its time', async () => {
    const shop = await world.open();
    const kafka = openKafka(shop.runtime);
    const publisher = new KafkaPublisher(kafka);
    await publisher.publish([record('a', 'slow')]);
    let atWork = false;
    const heartbeat = Promise.withResolvers<undefined>();
    const open = kafka.consumer.bind(kafka);
    kafka.consumer = (options) => {
      const consumer = open(options);
      consumer.on(consumer.events.HEARTBEAT, () => {
        if (atWork) heartbeat.resolve(undefined);
      });
      return consumer;
    };
    const handled = follow(shop, async () => {
      atWork = true;
      await heartbeat.promise;
    });
    await eventually(() => expect(handled).toEqual(['slow']), 30_000).finally(() =>
      heartbeat.resolve(undefined),
    );
    await publisher.close();
    await shop.runtime.stop();
  }, 120_000);

  test('come to a consumer whose right to join its group comes late', async () => {
    for (const topic of [TOPIC, DEAD]) await world.allow(AclResourceTypes.TOPIC, topic);
    const shop = await world.open({ issued: await world.kafka.issueClient('shop') });
    const handled = follow(shop);
    const refused = expect.objectContaining({
      library: 'kafkajs',
      message: expect.stringMatching(/^Crash: /) as unknown,
    }) as unknown;
    await eventually(() => expect(shop.lines).toContainEqual(refused), 30_000);
    await world.allow(AclResourceTypes.GROUP, 'shop.events');
    const owner = await world.open();
    const publisher = new KafkaPublisher(openKafka(owner.runtime));
    await publisher.publish([record('a', 'late')]);
    await eventually(() => expect(handled).toEqual(['late']), 30_000);
    await publisher.close();
    await shop.runtime.stop();
    await owner.runtime.stop();
  }, 120_000);

  test('are read again from the beginning where another reading of them begins', async () => {
    const kept: string[] = [];
    const read = async (reading: number, text: string, expected: readonly string[]) => {
      const shop = await world.open();
      const publisher = new KafkaPublisher(openKafka(shop.runtime));
      await publisher.publish([record('a', text)]);
      keep(shop, reading, kept);
      await eventually(() => expect(kept).toEqual(expected), 60_000);
      await publisher.close();
      await shop.runtime.stop();
    };
    await read(1, 'one', ['1 one']);
    await read(1, 'two', ['1 one', '1 two']);
    await read(2, 'three', ['1 one', '1 two', '2 one', '2 two', '2 three']);
  }, 120_000);

  test('have their effect once and in order while two replicas become five and two again, and a commit is lost', async () => {
    const replicas = [await world.open(), await world.open()];
    const [first] = replicas as [DatabaseProcess];
    const publisher = new KafkaPublisher(openKafka(first.runtime));
    const keys = Array.from({ length: 12 }, (_, index) => `key-${index}`);
    const effects: string[] = [];
    let round = 0;
    let broken = true;
    let holdUp: Promise<unknown> = Promise.resolve();
    const join = (replica: DatabaseProcess): void => {
      const before = async ({ text }: EchoRequest): Promise<void> => {
        if (broken && text === 'poison 1') throw new TypeError('always');
        await holdUp;
      };
      follow(replica, before, effects);
    };
    /** Sends an event of each aggregate, of which one waits behind its first. */
    const send = async (): Promise<void> => {
      round += 1;
      await publisher.publish([...keys, 'poison'].map((key) => record(key, `${key} ${round}`)));
    };
    const arrived = (): Promise<void> =>
      eventually(() => expect(effects).toHaveLength(keys.length * round), 60_000);
    const stateOfGroup = async (): Promise<string | undefined> =>
      (await world.admin.describeGroups(['shop.events'])).groups[0]?.state;

    replicas.forEach(join);
    await send();
    await arrived();
    // While handlers are at work three more come: the group waits for those who work.
    const rebalancing = Promise.withResolvers<undefined>();
    holdUp = rebalancing.promise;
    await send();
    replicas.push(await world.open(), await world.open(), await world.open());
    replicas.slice(2).forEach(join);
    await eventually(async () => expect(await stateOfGroup()).toBe('PreparingRebalance'), 60_000);
    rebalancing.resolve(undefined);
    await arrived();
    await send();
    await arrived();
    await Promise.all(replicas.slice(2).map(({ runtime }) => runtime.stop()));
    await send();
    await arrived();
    await publisher.close();
    await Promise.all(replicas.slice(0, 2).map(({ runtime }) => runtime.stop()));
    await world.admin.setOffsets({
      groupId: 'shop.events',
      topic: TOPIC,
      partitions: [0, 1, 2].map((partition) => ({ partition, offset: '0' })),
    });
    broken = false;
    const last = await world.open();
    join(last);
    const letters = await world.read(DEAD, round);
    const [poison] = letters.filter(({ headers }) => headers['dlq-behind'] === undefined);
    if (poison === undefined) throw new Error('the poison event was not set aside');
    const { key, ...letter } = poison;
    const message = { key: Buffer.from(key), timestamp: '0', attributes: 0, offset: '0' };
    const again = new KafkaPublisher(openKafka(last.runtime));
    await again.publish([replayOf({ ...letter, ...message })]);
    await eventually(() => expect(effects).toHaveLength((keys.length + 1) * round), 60_000);
    for (const key of [...keys, 'poison']) {
      expect(effects.filter((text) => text.startsWith(`${key} `))).toEqual(
        Array.from({ length: round }, (_, index) => `${key} ${index + 1}`),
      );
    }
    await again.close();
    await last.runtime.stop();
  }, 180_000);

  test('are left to others by a release that waits for its promotion, and are its own from then on', async () => {
    const waiting = await world.open({ role: 'preview' });
    const outbox = openOutbox<typeof shopEvents>(waiting.runtime, waiting.database);
    const late = follow(waiting);
    const active = await world.open();
    openOutbox<typeof shopEvents>(active.runtime, active.database);
    const handled = follow(active);
    await change(waiting, outbox, 'a', 1);
    await eventually(() => expect(handled).toEqual(['a 1']), 60_000);
    const { groups } = await world.admin.describeGroups(['shop.events']);
    expect(groups.map(({ members }) => members.length)).toEqual([1]);
    const relaying = expect.objectContaining({ message: 'the outbox relay of this process is on' });
    expect(active.lines).toContainEqual(relaying);
    expect(waiting.lines).not.toContainEqual(relaying);
    await active.runtime.stop();
    await change(waiting, outbox, 'a', 2);
    world.setRole(waiting.folder, 'active');
    await eventually(() => expect(late).toEqual(['a 2']), 60_000);
    expect(waiting.lines).toContainEqual(relaying);
    await waiting.runtime.stop();
  }, 120_000);

  test('go on when the certificate is renewed, without an error', async () => {
    const shop = await world.open();
    const outbox = openOutbox<typeof shopEvents>(shop.runtime, shop.database);
    const handled = follow(shop);
    for (let version = 1; version <= 5; version += 1) {
      await change(shop, outbox, 'a', version);
      writeIdentity(join(shop.folder, 'kafka-tls'), await world.kafka.issueAdmin());
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

test('a binding that names no broker is refused with the file to fix', async () => {
  const shop = await world.open();
  writeFileSync(join(shop.folder, 'bindings/kafka/bootstrap-servers'), 'nowhere');
  expect(() => openOutbox(shop.runtime, shop.database)).toThrow(
    /bootstrap-servers must be host:port.*'nowhere'/,
  );
});
