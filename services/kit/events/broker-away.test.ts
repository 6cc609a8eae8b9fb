import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startKafka } from '../../../tests/engines/kafka.ts';
import type { ThrowAwayBroker, ThrowAwayKafka } from '../../../tests/engines/kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { openOutbox } from './open-outbox.ts';
import { Shop, change, follow } from './testing/shop.ts';
import type { TOPIC } from './testing/shop.ts';

let kafka: ThrowAwayKafka;
let world: Shop;

beforeAll(async () => {
  // One of its own, that can be killed.
  kafka = await startKafka();
  world = await Shop.create(kafka);
  await world.clear();
}, 180_000);

afterAll(async () => {
  await world.close();
  await kafka.stop();
});

test('events wait while the broker is away, and then arrive all, in order for each key', async () => {
  const [broker] = kafka.brokers as [ThrowAwayBroker];
  const shop = await world.open();
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
  await broker.kill();
  await write(5, 15);
  expect(await world.unpublished()).toBeGreaterThan(0);
  expect((await shop.runtime.readiness.report()).ready).toBe(true);
  broker.start();
  await write(15, 20);
  await eventually(() => expect(handled).toHaveLength(keys.length * versions.length), 90_000);
  for (const key of keys) {
    expect(handled.filter((text) => text.startsWith(key))).toEqual(
      versions.map((version) => `${key} ${version}`),
    );
  }
  await eventually(async () => expect(await world.unpublished()).toBe(0));
  await shop.runtime.stop();
}, 180_000);
