import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ADMIN_NAME } from '@meridian/components/kafka/broker-configuration.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { withAdmin } from '@meridian/provider-local/kafka/admin-connection.ts';
import { bindHandler } from '@meridian/provider-local/provider/bound-handler.ts';
import { kafkaAclHandler } from '@meridian/provider-local/provider/kafka-acl.ts';
import { kafkaTopicHandler } from '@meridian/provider-local/provider/kafka-topic.ts';
import type { Context } from '@meridian/provider-local/provider/resource-handler.ts';
import { Rollouts } from '@meridian/provider-local/provider/rollouts.ts';
import { sharedKafka } from './shared-engines.ts';
import type { SharedKafka } from './shared-engines.ts';

const topics = bindHandler(kafkaTopicHandler);
const acls = bindHandler(kafkaAclHandler);

let kafka: SharedKafka;
let root: string;
let context: Context;
const warnings: string[] = [];

beforeAll(async () => {
  kafka = await sharedKafka('rack');
  root = mkdtempSync(join(tmpdir(), 'mkafka-folders-'));
  const folders = { state: root, data: root, runtime: root, cache: root, program: root };
  context = {
    folders,
    signal: new AbortController().signal,
    status: () => undefined,
    warn: (message) => warnings.push(message),
    rollouts: new Rollouts(),
  };
  // As the agent of zone a keeps it; zone b's is dead, and its certificate has expired.
  const admin = (zone: string): string =>
    join(root, 'zones', zone, 'processes', `kafka-${zone}`, 'admin-tls');
  writeIdentity(admin('a'), await kafka.issueAdmin());
  writeIdentity(
    admin('b'),
    await kafka.authority.issue({ commonName: ADMIN_NAME, lifetimeMs: -1000 }),
  );
}, 180_000);
afterAll(() => rmSync(root, { recursive: true }));

/** The cluster as the program names it; one of its brokers is away. */
function cluster() {
  const [{ address, port }] = kafka.brokers as [(typeof kafka.brokers)[number]];
  return {
    id: 'cluster',
    brokers: [
      { zone: 'b', process: 'kafka-b', address: '127.0.0.1', port: 1024 },
      { zone: 'a', process: 'kafka-a', address, port },
    ],
  };
}

/** What a refresh finds of a resource. */
async function readBack(
  { read }: Pick<typeof topics, 'read'>,
  known: Readonly<Record<string, unknown>>,
  id = 'id',
): Promise<Readonly<Record<string, unknown>>> {
  return { ...((await read(id, known, context)).props as Readonly<Record<string, unknown>>) };
}

const topic = () => ({
  cluster: cluster(),
  name: 'rack.events.v1',
  partitions: 2,
  replication: 1,
  minInSyncReplicas: 1,
  retentionDays: 7,
});

describe('KafkaTopic', () => {
  test('is made once, and read as it is', async () => {
    const { id, outputs } = await topics.create(topic(), context);
    expect(id).toBe('cluster/topic/rack.events.v1');
    // An update that was interrupted is done again.
    await topics.create(topic(), context);
    const props = await readBack(topics, outputs, id);
    expect(props).toEqual(topic());
    expect(topics.diff(props, topic()).changes).toBe(false);
  }, 60_000);

  test('grows in place and keeps its records longer', async () => {
    const wanted = { ...topic(), partitions: 3, retentionDays: 30 };
    expect(topics.diff(topic(), wanted)).toMatchObject({ changes: true, replaces: [] });
    await topics.update(topic(), wanted, context);
    expect(await readBack(topics, topic())).toEqual(wanted);
  }, 60_000);

  test.each([
    [
      { partitions: 1 },
      "Topic 'rack.events.v1': partitions must be 3 or more, got 1: those that there are hold records; declare 3 in services/rack/topics.ts",
    ],
    [{ replication: 2 }, "Topic 'rack.events.v1': replication must stay 1, got 2"],
  ])('refuses %p, which would lose records', async (change, message) => {
    const old = { ...topic(), partitions: 3 };
    await expect(topics.update(old, { ...old, ...change }, context)).rejects.toMatchObject({
      code: 'KAFKA_TOPIC_CHANGE',
      message: expect.stringContaining(message),
    });
  });

  test('is another one in another cluster, and the same when brokers move', () => {
    const moved = { ...cluster(), brokers: cluster().brokers.slice(1) };
    expect(topics.diff(topic(), { ...topic(), cluster: moved }).replaces).toEqual([]);
    const other = { ...cluster(), id: 'other' };
    expect(topics.diff(topic(), { ...topic(), cluster: other }).replaces).toEqual(['cluster']);
  });

  test('shows as gone when somebody removed it, and is removed without complaint', async () => {
    await topics.delete(topic(), context);
    await topics.delete(topic(), context);
    expect(await topics.read('id', topic(), context)).toEqual({ id: '', props: {} });
  }, 60_000);

  test.each([
    ['partitions', 0, 'must be 1 to 200, got 0'],
    ['name', 'no/slash', 'letters, digits, dots'],
    ['retentionDays', 0.5, 'int'],
  ])('refuses %s %p', (key, value, reason) => {
    const { failures } = topics.check({ ...topic(), [key]: value });
    expect(failures).toMatchObject([{ property: key, reason: expect.stringContaining(reason) }]);
  });
});

describe('KafkaAcl', () => {
  const acl = () => ({
    cluster: cluster(),
    principal: 'rack',
    resource: 'topic',
    name: 'rack.events.v1',
    operations: ['Write', 'Read'],
  });
  const operations = async (given = acl()) => (await readBack(acls, given))['operations'];

  test('gives exactly the operations that are declared', async () => {
    await acls.create(acl(), context);
    expect(await operations()).toEqual(['Read', 'Write']);
    const less = { ...acl(), operations: ['Write'] };
    await acls.update(acl(), less, context);
    expect(await operations()).toEqual(['Write']);
    expect(acls.diff(acl(), { ...acl(), operations: ['Read', 'Write'] }).changes).toBe(false);
  }, 60_000);

  test('is about one principal and one resource', async () => {
    const group = { ...acl(), resource: 'group-prefix', name: 'rack.', operations: ['Read'] };
    await acls.create(group, context);
    await acls.create({ ...acl(), principal: 'rack-archive', operations: ['Read'] }, context);
    await acls.delete(acl(), context);
    expect(await operations()).toBeUndefined();
    expect(await operations(group)).toEqual(['Read']);
    expect(await operations({ ...acl(), principal: 'rack-archive' })).toEqual(['Read']);
  }, 60_000);
});

describe('a cluster that is away', () => {
  const away = () => ({ id: 'cluster', brokers: cluster().brokers.slice(0, 1) });

  test('leaves a refresh with what was known, and says so', async () => {
    const known = { ...topic(), cluster: away() };
    // The administrator's certificate that is left has expired.
    expect((await topics.read('id', known, context)).props).toEqual(known);
    expect(warnings.at(-1)).toContain("Topic 'rack.events.v1' of Kafka (127.0.0.1:1024)");
  });

  test('is given up on in the end, by name', async () => {
    const [, reachable] = cluster().brokers as [unknown, (typeof kafka.brokers)[number]];
    const broker = { ...reachable, zone: 'a', process: 'kafka-a', port: 1024 };
    const work = withAdmin(
      { folders: context.folders, cluster: { id: 'cluster', brokers: [broker] } },
      (admin) => admin.listTopics(),
    );
    await expect(work).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
  }, 60_000);
});
