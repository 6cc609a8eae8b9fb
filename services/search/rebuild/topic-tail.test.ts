import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StockChangedSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/events_pb.js';
import { cloudEventHeaders } from '@meridian/kit/events/cloud-event.ts';
import { REPLAY_HEADER } from '@meridian/kit/events/dead-letter.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { TestWorld } from '@meridian/kit/testing/world.ts';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} from 'kafkajs';
import type { Admin, Kafka, Producer } from 'kafkajs';
import { sharedKafka } from '../../../tests/engines/shared-engines.ts';
import type { SharedKafka } from '../../../tests/engines/shared-engines.ts';
import { CATALOGUE_READERS } from '../catalogue-readers.ts';
import { stockOf } from '../testing/products.ts';
import { TopicTail } from './topic-tail.ts';

const TOPIC = 'search.events.v1';
const GROUP = 'search.events';

let world: TestWorld;
let kafka: SharedKafka;
let ours: Kafka;
let admin: Admin;
let producer: Producer;
let tail: TopicTail;

beforeAll(async () => {
  kafka = await sharedKafka('search');
  world = await TestWorld.create();
  const { runtime } = await world.start(await world.prepare('search'));
  const asAdmin = kafka.client(await kafka.issueAdmin());
  admin = asAdmin.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 2, replicationFactor: 1 }] });
  // All that the graph gives it: to read the topic, in groups that begin with its name.
  const rule = {
    principal: 'User:search',
    host: '*',
    operation: AclOperationTypes.READ,
    permissionType: AclPermissionTypes.ALLOW,
  };
  await admin.createAcls({
    acl: [
      {
        ...rule,
        resourceType: AclResourceTypes.TOPIC,
        resourceName: TOPIC,
        resourcePatternType: ResourcePatternTypes.LITERAL,
      },
      {
        ...rule,
        resourceType: AclResourceTypes.GROUP,
        resourceName: 'search.',
        resourcePatternType: ResourcePatternTypes.PREFIXED,
      },
    ],
  });
  producer = asAdmin.producer();
  await producer.connect();
  ours = kafka.client(await kafka.issueClient('search'));
  const options = { topic: TOPIC, readers: CATALOGUE_READERS, group: GROUP, log: runtime.log };
  tail = new TopicTail({ kafka: ours, ...options });
}, 180_000);

afterAll(async () => {
  await producer.disconnect();
  await admin.disconnect();
  await world.close();
});

function publish(partition: number, ...versions: readonly number[]): Promise<void> {
  return send(partition, versions, {});
}

async function send(
  partition: number,
  versions: readonly number[],
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const messages = versions.map((version) => {
    const productId = `p${partition}`;
    const stock = stockOf(productId, version, version);
    return {
      partition,
      key: `${productId}/stock`,
      value: Buffer.from(toBinary(StockChangedSchema, create(StockChangedSchema, { stock }))),
      headers: {
        ...cloudEventHeaders({
          id: `${productId}-${version}`,
          source: 'catalog',
          type: StockChangedSchema.typeName,
          subject: productId,
          time: new Date(),
          causationId: 'c',
          correlationId: 'c',
        }),
        ...more,
      },
    };
  });
  await producer.send({ topic: TOPIC, messages });
}

const soon = () => AbortSignal.timeout(60_000);

test('a topic is followed from a place to its end, and on to a later end, without leaving a trace', async () => {
  await publish(0, 1, 2, 3);
  const start = { 0: '0', 1: '0' };
  // A new broker has no coordinator of groups at first.
  await eventually(async () => expect(await tail.start()).toEqual(start), 30_000);
  const seen: string[] = [];
  const place = { 0: '2', 1: '0' };
  // Of a rebuild that was taken for dead: it takes no partition away.
  await using dead = await tail.follow('dead', place, () => Promise.resolve());
  {
    await using following = await tail.follow('build', place, (changes) => {
      seen.push(...changes.map(({ productId, stock }) => `${productId} ${stock?.version}`));
      return Promise.resolve();
    });
    await following.reach(await tail.end(), soon());
    expect(seen.at(-1)).toBe('p0 3');
    await publish(1, 1);
    await publish(0, 4);
    const end = await tail.end();
    await Promise.all([following.reach(end, soon()), dead.reach(end, soon())]);
    expect(seen).toEqual(expect.arrayContaining(['p0 3', 'p0 4', 'p1 1']));
    expect(await tail.start()).toEqual(start);
  }
}, 120_000);

test('a dead letter that is replayed meanwhile, to whichever consumer, is not taken for news', async () => {
  const place = await tail.end();
  const seen: string[] = [];
  await using following = await tail.follow('build', place, (changes) => {
    seen.push(...changes.map(({ productId, stock }) => `${productId} ${stock?.version}`));
    return Promise.resolve();
  });
  await send(1, [7], { [REPLAY_HEADER]: 'another.events' });
  await send(1, [8], { [REPLAY_HEADER]: GROUP });
  await publish(1, 9);
  await following.reach(await tail.end(), soon());
  expect(seen).toEqual(['p1 9']);
}, 120_000);

test('it begins where the consumer is that feeds the index in use, and knows what that one missed', async () => {
  expect(await tail.hasGap({})).toBe(false);
  await admin.setOffsets({
    groupId: GROUP,
    topic: TOPIC,
    partitions: [{ partition: 0, offset: '1' }],
  });
  expect(await tail.start()).toEqual({ 0: '1', 1: '0' });
  await admin.deleteTopicRecords({ topic: TOPIC, partitions: [{ partition: 0, offset: '2' }] });
  expect(await tail.start()).toEqual({ 0: '2', 1: '0' });
  expect(await tail.hasGap({})).toBe(true);
  expect(await tail.hasGap({ 0: '2' })).toBe(false);
}, 120_000);
